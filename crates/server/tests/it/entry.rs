//! The one-time link and what it opens.

use axum::body::Body;
use http::{Method, Request, header};
use sandbox::Version;

use crate::common::{Console, Upstream};

#[tokio::test]
async fn link_opens_once() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let console = Console::before(&upstream).await;
    let link = console.link();
    let open = || console.send(Request::get(&link).body(Body::empty()).unwrap());
    let head = Request::builder()
        .method(Method::HEAD)
        .uri(&link)
        .body(Body::empty())
        .unwrap();
    assert_eq!(
        console.send(head).await.status,
        405,
        "a look ahead does not use it up"
    );

    let first = open().await;
    assert_eq!(first.status, 200);
    let cookie = first.header(header::SET_COOKIE).to_owned();
    assert!(cookie.starts_with("ostiary_session="), "{cookie}");
    assert!(
        cookie.contains("; HttpOnly; SameSite=Strict; Path=/"),
        "{cookie}"
    );
    assert!(
        first
            .text()
            .contains(r#"http-equiv="refresh" content="0;url=/""#)
    );

    let second = open().await;
    assert_eq!(second.status, 410);
    assert!(second.headers.get(header::SET_COOKIE).is_none());
    assert!(second.text().contains("SIGHUP"), "how to get a new one");

    let session = cookie.split(';').next().unwrap();
    let known = Request::get(&link)
        .header(header::COOKIE, session)
        .body(Body::empty())
        .unwrap();
    assert_eq!(
        console.send(known).await.status,
        200,
        "whoever is in is let through"
    );
}

#[tokio::test]
async fn wrong_codes_open_nothing() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let console = Console::before(&upstream).await;
    let link = console.link();
    for path in [
        "/enter",
        "/enter?code=",
        "/enter?code=0",
        &format!("{link}0"),
        &link[..link.len() - 1],
    ] {
        let answer = console
            .send(Request::get(path).body(Body::empty()).unwrap())
            .await;
        assert_eq!(
            (answer.status, answer.headers.get(header::SET_COOKIE)),
            (410, None),
            "{path}"
        );
    }
    assert!(console.enter(&link).await.is_some(), "it still works");
}

#[tokio::test]
async fn without_session_nothing_is_open() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let console = Console::before(&upstream).await;
    let send = async |method: &str, path: &str, accept: &str, cookie: &str| {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::ACCEPT, accept);
        let request = request
            .header(header::COOKIE, cookie)
            .header(header::CONTENT_TYPE, "application/json");
        console.send(request.body(Body::from("{}")).unwrap()).await
    };
    for cookie in ["", "ostiary_session=", "ostiary_session=0000", "theme=dark"] {
        for (method, path) in [
            ("GET", "/api/changes"),
            ("POST", "/api/changes"),
            ("GET", "/api/changes/x"),
            ("GET", "/api/changes/x/events"),
            ("POST", "/api/changes/x/apply"),
            ("POST", "/api/changes/x/undo"),
            ("GET", "/api/changes/x/checks"),
            ("POST", "/api/changes/x/app-side"),
            ("GET", "/api/presets"),
            ("GET", "/api/presets/grafana"),
            ("GET", "/api/v3/core/users/"),
            ("POST", "/api/v3/core/users/"),
            ("GET", "/api/nothing"),
        ] {
            let answer = send(method, path, "*/*", cookie).await;
            assert_eq!(
                (answer.status, answer.code().as_str()),
                (401, "signed_out"),
                "{method} {path}"
            );
        }
        for (method, path) in [
            ("GET", "/"),
            ("GET", "/new"),
            ("POST", "/theme"),
            ("GET", "/nothing"),
        ] {
            let answer = send(method, path, "text/html", cookie).await;
            assert_eq!(answer.status, 401, "{method} {path}");
            assert!(answer.text().contains("prints a link"), "{path}");
        }
        let answer = send("POST", "/_fn/changes/apply", "application/json", cookie).await;
        assert_eq!(
            (answer.status, answer.text().as_str()),
            (401, r#""SignedOut""#)
        );
    }
    assert_eq!(
        upstream
            .sandbox
            .requests()
            .iter()
            .filter(|r| r.path.contains("/core/users/") && !r.path.ends_with("/me/"))
            .count(),
        0
    );
}

#[tokio::test]
async fn open_routes_need_no_session() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let console = Console::before(&upstream).await;
    for (path, status) in [
        ("/healthz", 200),
        ("/readyz", 200),
        ("/plain.css", 200),
        ("/pkg/none.js", 404),
        ("/favicon.svg", 404),
    ] {
        let answer = console
            .send(Request::get(path).body(Body::empty()).unwrap())
            .await;
        assert_eq!(answer.status, status, "{path}");
    }
}
