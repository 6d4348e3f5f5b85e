//! Requests whose end, or whose headers, two readers could see differently.

use http::{Method, header};
use sandbox::Version;
use serde_json::json;
use wiremock::{MockServer, ResponseTemplate};

use super::{Wire, settled};
use crate::common::{Console, Upstream, answers, impostor};

/// Heads that frame a body in two ways, or name two hosts. `{host}` is the right host; behind the head
/// comes a second request, hidden in what one reader takes for the body.
const HEADS: &[&str] = &[
    "Host: {host}\r\nContent-Length: 4\r\nContent-Length: 40",
    "Host: {host}\r\nContent-Length: 40\r\nContent-Length: 4",
    "Host: {host}\r\nContent-Length: 4, 40",
    "Host: {host}\r\nContent-Length: +4",
    "Host: {host}\r\nContent-Length: -4",
    "Host: {host}\r\nContent-Length: 0x4",
    "Host: {host}\r\nContent-Length: 4 4",
    "Host: {host}\r\nContent-Length: 99999999999999999999999",
    "Host: {host}\r\nContent-Length: ",
    "Host: {host}\r\nContent-Length: four",
    "Host: {host}\r\nContent-Length : 4",
    "Host: {host}\r\nContent-Length\t: 4",
    "Host: {host}\r\n Content-Length: 4",
    "Host: {host}\r\nTransfer-Encoding : chunked",
    "Host: {host}\r\nTransfer-Encoding: xchunked",
    "Host: {host}\r\nTransfer-Encoding: chunked, identity",
    "Host: {host}\r\nTransfer-Encoding: chunked, gzip",
    "Host: {host}\r\nTransfer-Encoding: \u{b}chunked",
    "Host: {host}\r\nTransfer-Encoding: identity",
    "Host: {host}\r\nTransfer-Encoding: gzip",
    "Host: {host}\r\nX: y\r\n Transfer-Encoding: chunked",
    "Host: {host}\r\nX: y\u{0}z",
    "Host: {host}\r\nX: y\rTransfer-Encoding: chunked",
    "Host: {host}\r\n: y",
    "Host: {host}\r\nX Y: z",
    "Host: {host}\r\nX(): z",
    "Host: {host}\r\nHost: {host}",
    "Host: {host}\r\nHost: evil.example",
    "Host: evil.example\r\nHost: {host}",
    "Host: {host}, evil.example",
    "Host: {host}\r\nhost: evil.example",
    "Host : {host}",
    "Host: {host} evil.example",
    "Host: evil.example@{host}",
    "Host: ",
    "X-Forwarded-Host: {host}",
    "Host: evil.example\r\nX-Forwarded-Host: {host}",
    "Host: evil.example\r\nForwarded: host={host}",
    "Host: evil.example\r\nX-Original-Host: {host}",
];

#[tokio::test]
async fn requests_that_can_be_read_in_two_ways_are_refused() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let console = settled(&upstream).await;
    let wire = Wire::of(&console).await;
    let (host, cookie) = (wire.address.to_string(), console.cookie());
    let hidden = format!(
        "GET /api/v3/core/users/ HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\nX: y\r\n\r\n"
    );
    let mut cases = 0;
    for head in HEADS {
        for first in [
            "POST /api/changes",
            "GET /api/v3/core/groups/",
            "POST /theme",
        ] {
            let head = head.replace("{host}", &host);
            let request = format!(
                "{first} HTTP/1.1\r\n{head}\r\nCookie: {cookie}\r\n\
                 Content-Type: application/json\r\n\r\n0\r\n\r\n{hidden}"
            );
            let reply = wire.send(request.as_bytes()).await;
            let refused = [400, 421, 431, 501].contains(&reply.status());
            assert!(refused, "{first} {head:?}: {}", reply.text);
            let second = reply.statuses().get(1).copied();
            assert!(
                second.is_none_or(|status| status >= 400),
                "{first} {head:?}: {}",
                reply.text
            );
            cases += 1;
        }
    }
    assert_eq!(
        upstream.sandbox.requests(),
        [],
        "nothing of it reached authentik"
    );
    println!("attacks: request smuggling: {cases} cases, all refused");
    assert!(cases >= 40);
}

/// A length and chunks at once: RFC 9112 lets a server take the chunks, and then it must end the
/// connection, so that whoever took the length cannot have hidden a second request behind them.
#[tokio::test]
async fn length_and_chunks_together_hide_no_second_request() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let console = settled(&upstream).await;
    let wire = Wire::of(&console).await;
    let (host, cookie) = (wire.address.to_string(), console.cookie());
    let hidden =
        format!("GET /api/v3/core/users/ HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\n\r\n");
    let mut cases = 0;
    for first in ["POST /theme", "GET /api/v3/none/", "POST /api/changes"] {
        for lengths in [
            "Content-Length: 200\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked\r\nContent-Length: 200",
            "Transfer-Encoding: chunked\r\nContent-Length: 5\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: Chunked\r\nContent-Length: 0",
        ] {
            let request = format!(
                "{first} HTTP/1.1\r\nHost: {host}\r\n{lengths}\r\nCookie: {cookie}\r\n\
                 Content-Type: application/json\r\n\r\n0\r\n\r\n{hidden}"
            );
            let reply = wire.send(request.as_bytes()).await;
            assert_eq!(
                reply.statuses().len(),
                1,
                "{first} {lengths:?}: {}",
                reply.text
            );
            cases += 1;
        }
    }
    assert_eq!(
        upstream.sandbox.requests(),
        [],
        "the hidden request was not answered"
    );
    println!("attacks: length and chunks together: {cases} cases, nothing hidden was answered");
}

/// Headers that a program behind a proxy might believe, or that end at the next hop.
const HEADERS: &[(&str, &str)] = &[
    ("authorization", "Bearer of-the-caller"),
    ("proxy-authorization", "Basic eDp5"),
    ("connection", "authorization, accept"),
    ("connection", "close, x-secret"),
    ("keep-alive", "timeout=100"),
    ("te", "trailers"),
    ("trailer", "Authorization"),
    ("upgrade", "websocket"),
    ("proxy-connection", "keep-alive"),
    ("expect", "x"),
    ("forwarded", "for=10.0.0.1;host=evil.example;proto=https"),
    ("x-forwarded-for", "10.0.0.1"),
    ("x-forwarded-host", "evil.example"),
    ("x-forwarded-proto", "https"),
    ("x-forwarded-port", "443"),
    ("x-forwarded-prefix", "/evil"),
    ("x-forwarded-uri", "/if/admin/"),
    ("x-original-url", "/api/v3/core/tokens/ak/view_key/"),
    ("x-rewrite-url", "/api/v3/core/tokens/ak/view_key/"),
    ("x-original-host", "evil.example"),
    ("x-real-ip", "10.0.0.1"),
    ("x-client-ip", "10.0.0.1"),
    ("true-client-ip", "10.0.0.1"),
    ("cf-connecting-ip", "10.0.0.1"),
    ("x-http-method-override", "DELETE"),
    ("x-authentik-username", "akadmin"),
    ("x-authentik-groups", "authentik Admins"),
    ("x-authentik-uid", "1"),
    ("x-authentik-jwt", "x.y.z"),
    ("x-authentik-meta-outpost", "x"),
    ("x-authentik-outpost-token", "x"),
    ("x-authentik-remote-ip", "10.0.0.1"),
    ("x-authentik-id", "x"),
    ("remote-user", "akadmin"),
    ("x-remote-user", "akadmin"),
    ("x-csrf-token", "x"),
    ("x-authentik-csrf", "x"),
    ("cookie", "authentik_session=x; authentik_csrf=y"),
    ("referer", "http://127.0.0.1:3000/secret"),
    ("origin", "http://127.0.0.1:3000"),
    ("user-agent", "evil"),
    ("accept", "text/html"),
    ("accept-language", "tlh"),
    ("if-none-match", "\"x\""),
    ("range", "bytes=0-1"),
    ("content-type", "text/xml"),
    ("x-request-id", "00000000-0000-0000-0000-00000000000f"),
    (
        "traceparent",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    ),
    ("sentry-trace", "x"),
    ("x-secret", "y"),
];

/// An authentik that connects, and answers lists of users.
async fn authentik() -> MockServer {
    let server = impostor().await;
    let answer = ResponseTemplate::new(200).set_body_json(json!({ "results": [] }));
    answers(&server, "/api/v3/core/users/", answer).await;
    server
}

#[tokio::test]
async fn headers_of_callers_do_not_reach_authentik() {
    let server = authentik().await;
    let console = Console::at(&server.uri(), "stored-token").await;
    console.get("/readyz").await;
    let wire = Wire::of(&console).await;
    for (name, value) in HEADERS {
        for name in [(*name).to_owned(), name.to_uppercase()] {
            let request = format!(
                "GET /api/v3/core/users/?page=1 HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\n\
                 {name}: {value}\r\nConnection: close\r\n\r\n",
                wire.address,
                console.cookie()
            );
            let reply = wire.send(request.as_bytes()).await;
            let status = reply.status();
            assert!([200, 417].contains(&status), "{name}: {}", reply.text);
        }
    }
    let received = server.received_requests().await.unwrap();
    let received: Vec<_> = received
        .iter()
        .filter(|request| request.url.path() == "/api/v3/core/users/")
        .collect();
    assert!(received.len() >= HEADERS.len());
    // The id of the request is the one thing that may be the caller's, without what is special in it.
    let own = [
        "accept",
        "authorization",
        "host",
        "user-agent",
        "x-request-id",
    ];
    for request in &received {
        assert_eq!(request.method, Method::GET);
        assert_eq!(request.url.query(), Some("page=1"));
        assert_eq!(
            request.headers[header::AUTHORIZATION],
            "Bearer stored-token"
        );
        assert_eq!(request.headers[header::HOST], server.address().to_string());
        assert_eq!(request.headers[header::ACCEPT], "application/json");
        let agent = request.headers[header::USER_AGENT].to_str().unwrap();
        assert!(agent.starts_with("ostiary/"), "{agent}");
        let id = request.headers["x-request-id"].to_str().unwrap();
        assert!(agent.ends_with(&format!(" ({id})")), "{agent}");
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        assert!(id.len() <= 64 && id.chars().all(plain), "{id}");
        let names: Vec<_> = request
            .headers
            .keys()
            .map(header::HeaderName::as_str)
            .collect();
        assert!(names.iter().all(|name| own.contains(name)), "{names:?}");
        assert!(request.body.is_empty());
    }
    println!(
        "attacks: headers of callers: {} cases, none reached authentik",
        HEADERS.len() * 2
    );
}
