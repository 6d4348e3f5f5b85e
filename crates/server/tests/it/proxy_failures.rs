//! The read proxy in bad weather.

use std::net::SocketAddr;

use axum::body::Body;
use http::{Method, header};
use http_body_util::BodyExt as _;
use sandbox::{Fault, Version};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
    task::AbortHandle,
};

use crate::common::{Console, Upstream, answers, impostor};

const PATH: &str = "/api/v3/core/groups/";

async fn failing(fault: Fault) -> (u16, String, String) {
    let upstream = Upstream::start(Version::V2026_5).await;
    let console = Console::before(&upstream).await;
    console.get("/readyz").await;
    upstream.sandbox.faults().set(fault, None, PATH, None);
    let answer = console.get(PATH).await;
    assert_eq!(answer.header(header::CONTENT_TYPE), "application/json");
    assert_eq!(answer.json()["error"]["operation"], "core_groups_list");
    (answer.status, answer.code(), answer.text())
}

#[tokio::test]
async fn web_pages_are_no_answers() {
    for (fault, status) in [
        (Fault::ServerError, "500"),
        (Fault::Html, "200"),
        (Fault::BadGateway, "502"),
    ] {
        let (answered, code, text) = failing(fault).await;
        assert_eq!(
            (answered, code.as_str()),
            (502, "unexpected_answer"),
            "{fault:?}"
        );
        assert!(text.contains(status) && !text.contains("<html"), "{text}");
    }
}

#[tokio::test]
async fn broken_connections_are_errors() {
    for fault in [Fault::Reset, Fault::Truncate] {
        let (answered, code, text) = failing(fault).await;
        assert_eq!(
            (answered, code.as_str()),
            (502, "not_connected"),
            "{fault:?}"
        );
        assert!(text.contains("broke"), "{text}");
    }
}

/// A server that connects well, and breaks off in the middle of a large list of users.
async fn breaking_off() -> (SocketAddr, AbortHandle) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let task = tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = vec![0; 4096];
            let read = stream.read(&mut head).await.unwrap();
            let head = String::from_utf8_lossy(&head[..read]).into_owned();
            let (length, body) = if head.contains("/admin/version/") {
                (None, r#"{"version_current":"2025.10.0"}"#.to_owned())
            } else if head.contains("/users/me/") {
                (None, r#"{"user":{"pk":1,"username":"akadmin"}}"#.to_owned())
            } else {
                (Some(400_000), " ".repeat(200_000))
            };
            let length = length.unwrap_or(body.len());
            let answer = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\
                 connection: close\r\n\r\n{body}"
            );
            // Whoever is not interested any more is none of ours.
            let _gone: std::io::Result<()> = stream.write_all(answer.as_bytes()).await;
        }
    });
    (address, task.abort_handle())
}

#[tokio::test]
async fn large_answer_that_breaks_off_does_not_look_complete() {
    let (address, task) = breaking_off().await;
    let console = Console::at(&format!("http://{address}"), "x").await;
    let request = console
        .request(Method::GET, "/api/v3/core/users/")
        .body(Body::empty())
        .unwrap();
    let response = console.raw(request).await;
    assert_eq!(response.status(), 200, "it began well");
    assert_eq!(response.headers()[header::CONTENT_LENGTH], "400000");
    assert!(
        response.into_body().collect().await.is_err(),
        "the caller notices"
    );
    task.abort();
}

#[tokio::test]
async fn without_authentik_it_says_so() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let console = Console::before(&upstream).await;
    assert_eq!(console.get(PATH).await.status, 200);
    drop(upstream);
    // The connection was good a moment ago: the read itself finds out.
    let answer = console.get(PATH).await;
    assert!([502, 503].contains(&answer.status), "{}", answer.status);
    assert_eq!(answer.code(), "not_connected");
    // From now on connecting fails.
    let answer = console.get(PATH).await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (503, "not_connected")
    );
    assert!(
        !answer.json()["error"]["way_out"]
            .as_str()
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn with_a_bad_token_it_says_so() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let console = Console::at(&upstream.url(), "wrong").await;
    let answer = console.get(PATH).await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (503, "not_connected")
    );
    assert_eq!(
        answer.json()["error"]["message"],
        "authentik refuses the token"
    );
}

#[tokio::test]
async fn refusals_of_authentik_are_passed_on() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let console = Console::at(&upstream.url(), &upstream.sandbox.add_token("mina.koch")).await;
    let answer = console.get(PATH).await;
    assert_eq!(answer.status, 403);
    assert!(answer.json()["detail"].is_string());
}

/// A server that connects well, and calls its list of users this.
async fn calling_it(kind: &str) -> wiremock::MockServer {
    let server = impostor().await;
    let answer = wiremock::ResponseTemplate::new(200);
    let answer = answer.set_body_raw("<script>alert(1)</script>", kind);
    answers(&server, "/api/v3/core/users/", answer).await;
    server
}

#[tokio::test]
async fn answers_that_browsers_would_show_or_run_are_not_passed_on() {
    for kind in [
        "text/html",
        "TEXT/HTML; charset=utf-8",
        " text/html",
        "application/xhtml+xml",
        "image/svg+xml",
        "text/xml",
        "text/javascript",
        "application/javascript",
        "text/css",
        "text/plain",
        "image/png",
        "application/wasm",
        "multipart/x-mixed-replace; boundary=x",
        "application/jsonp",
        "application/json2",
        "",
    ] {
        let server = calling_it(kind).await;
        let console = Console::at(&server.uri(), "x").await;
        let answer = console.get("/api/v3/core/users/").await;
        let got = (answer.status, answer.code());
        assert_eq!(got, (502, "unexpected_answer".to_owned()), "{kind}");
        assert!(!answer.text().contains("script"), "{kind}");
    }
    for kind in ["application/xml", "application/yaml; charset=utf-8"] {
        let server = calling_it(kind).await;
        let console = Console::at(&server.uri(), "x").await;
        let answer = console.get("/api/v3/core/users/").await;
        assert_eq!(
            answer.header(header::CONTENT_DISPOSITION),
            "attachment",
            "{kind}"
        );
        let policy = answer.header(header::CONTENT_SECURITY_POLICY);
        assert!(policy.starts_with("default-src 'none'; frame"), "{policy}");
    }
}
