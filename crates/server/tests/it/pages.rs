//! Pages and server functions, as far as the server has a part in them.

use axum::body::Body;
use http::{Method, header};
use sandbox::Version;

use crate::common::{Answer, Console, Upstream, counts};

async fn page(console: &Console, path: &str, cookie: &str) -> Answer {
    let mut request = console
        .request(Method::GET, path)
        .header(header::ACCEPT, "text/html");
    if !cookie.is_empty() {
        request = request.header(header::COOKIE, cookie);
    }
    console.send(request.body(Body::empty()).unwrap()).await
}

/// Sends a form as a browser without JavaScript does; where it leads.
async fn form(console: &Console, path: &str, body: String) -> String {
    let request = console
        .request(Method::POST, path)
        .header(header::ACCEPT, "text/html")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::REFERER, "http://127.0.0.1:3000/new");
    let answer = console.send(request.body(Body::from(body)).unwrap()).await;
    assert_eq!(answer.status, 302, "{path}: {}", answer.text());
    answer.header(header::LOCATION).to_owned()
}

#[tokio::test]
async fn pages_are_rendered_with_the_nonce_of_their_policy() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let console = Console::before(&upstream).await;
    for (path, status) in [
        ("/", 200),
        ("/applications", 200),
        ("/applications/outline", 200),
        ("/applications/none", 404),
        ("/applications/no.slug", 404),
        ("/applications/d%C3%BCrer%20x", 404),
        ("/new", 200),
        ("/presets", 200),
        ("/presets/grafana", 200),
        ("/changes", 200),
        ("/changes/none", 404),
        ("/nothing", 404),
    ] {
        let answer = page(&console, path, "").await;
        assert_eq!(answer.status, status, "{path}");
        let html = answer.text();
        let policy = answer.header(header::CONTENT_SECURITY_POLICY);
        let nonce = policy
            .split("'nonce-")
            .nth(1)
            .unwrap()
            .split('\'')
            .next()
            .unwrap();
        let scripts = html.matches("<script").count();
        assert!(scripts > 0, "{path}");
        assert_eq!(
            html.matches(&format!("nonce=\"{nonce}\"")).count(),
            scripts,
            "{path}"
        );
        assert!(!html.contains("style=\""), "{path}: the policy forbids it");
    }
}

#[tokio::test]
async fn pages_follow_the_theme() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let console = Console::before(&upstream).await;
    assert!(
        page(&console, "/", "")
            .await
            .text()
            .contains(r#"data-theme="auto""#)
    );
    let dark = page(&console, "/", "ostiary_theme=dark").await.text();
    assert!(dark.contains(r#"data-theme="dark""#));
}

#[tokio::test]
async fn pages_without_authentik_say_what_is_wrong() {
    let console = Console::at("http://127.0.0.1:1", "x").await;
    for path in ["/", "/applications", "/applications/outline"] {
        let answer = page(&console, path, "").await;
        assert!(
            answer.header(header::CONTENT_TYPE).starts_with("text/html"),
            "{path}"
        );
        assert!(
            answer.text().contains("authentik does not answer"),
            "{path}: {}",
            answer.text()
        );
    }
    for path in ["/presets", "/changes", "/new"] {
        assert_eq!(
            page(&console, path, "").await.status,
            200,
            "{path} needs no authentik"
        );
    }
}

#[tokio::test]
async fn forms_work_without_scripts() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let console = Console::before(&upstream).await;
    let before = counts(&upstream.sandbox);
    let address = form(&console, "/_fn/wizard/start", "preset=grafana".into()).await;
    assert!(address.starts_with("/new/"), "{address}");
    assert_eq!(page(&console, &address, "").await.status, 200);
    assert_eq!(counts(&upstream.sandbox), before, "a draft writes nothing");
}
