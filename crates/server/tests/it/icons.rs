//! Icons of applications through the console.

use http::header;
use serde_json::json;
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::path_regex};

use crate::common::{Console, Upstream, answers, call, impostor};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n rest of a picture";

/// An authentik whose application has this icon, and whose files are this.
async fn authentik(icon: &str, file: ResponseTemplate) -> MockServer {
    let server = impostor().await;
    let application = json!({
        "pk": "00000000-0000-4000-8000-000000000001",
        "name": "Grafana",
        "slug": "grafana",
        "meta_icon_url": icon.replace("{self}", &server.uri()),
    });
    let answer = ResponseTemplate::new(200).set_body_json(application);
    answers(&server, "/api/v3/core/applications/grafana/", answer).await;
    let files = Mock::given(path_regex("^/(files|media|static|api/v3/core/users)/.*"));
    files
        .respond_with(file)
        .with_priority(10)
        .mount(&server)
        .await;
    server
}

fn picture(bytes: &[u8]) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw(bytes, "text/html")
}

#[tokio::test]
async fn icon_is_shown_for_what_it_is_and_fetched_without_the_token() {
    for icon in [
        "/files/media/public/a.png?token=x",
        "{self}/files/media/public/a.png?token=x",
    ] {
        let server = authentik(icon, picture(PNG).insert_header("set-cookie", "a=b")).await;
        let console = Console::at(&server.uri(), "stored-token").await;
        let answer = console.get("/icons/applications/grafana").await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.body, PNG);
        assert_eq!(answer.header(header::CONTENT_TYPE), "image/png");
        assert_eq!(
            answer.header(header::CACHE_CONTROL),
            "private, max-age=3600"
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        let policy = answer.header(header::CONTENT_SECURITY_POLICY);
        assert_eq!(policy, "default-src 'none'; frame-ancestors 'none'");
        assert!(answer.headers.get(header::SET_COOKIE).is_none());
        let received = server.received_requests().await.unwrap();
        let fetched = received
            .iter()
            .find(|request| request.url.path().starts_with("/files/"));
        let fetched = fetched.unwrap();
        assert_eq!(fetched.url.query(), Some("token=x"));
        assert!(fetched.headers.get(header::AUTHORIZATION).is_none());
    }
}

#[tokio::test]
async fn what_is_no_small_picture_of_authentik_is_not_shown() {
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    let mut large = PNG.to_vec();
    large.resize(256 * 1024 + 1, 0);
    let inside = "/files/media/a.png";
    let redirect = ResponseTemplate::new(302).insert_header("location", "http://169.254.169.254/");
    let mut cases = 0;
    for (icon, file) in [
        ("", picture(PNG)),
        ("fa://fa-cloud", picture(PNG)),
        ("https://evil.example/files/a.png", picture(PNG)),
        ("//evil.example/files/a.png", picture(PNG)),
        ("http://169.254.169.254/files/a.png", picture(PNG)),
        ("data:image/png;base64,iVBORw0KGgo=", picture(PNG)),
        ("/api/v3/core/users/", picture(PNG)),
        ("{self}/api/v3/core/users/", picture(PNG)),
        ("/files/../api/v3/core/users/", picture(PNG)),
        ("/files/%2e%2e/api/v3/core/users/", picture(PNG)),
        (inside, picture(svg)),
        (inside, picture(b"<?xml version=\"1.0\"?><svg/>")),
        (inside, picture(b"<!doctype html><script>alert(1)</script>")),
        (inside, picture(b"")),
        (inside, picture(&large)),
        (inside, ResponseTemplate::new(404).set_body_bytes(PNG)),
        (inside, redirect),
    ] {
        let server = authentik(icon, file).await;
        let console = Console::at(&server.uri(), "stored-token").await;
        let answer = console.get("/icons/applications/grafana").await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (404, "not_found"),
            "{icon}"
        );
        let received = server.received_requests().await.unwrap();
        let users = "/api/v3/core/users/";
        assert!(
            received.iter().all(|request| request.url.path() != users),
            "{icon}"
        );
        cases += 1;
    }
    println!("attacks: icons: {cases} cases, all refused");
}

#[tokio::test]
async fn icons_need_a_session_and_a_slug() {
    let server = authentik("/files/a.png", picture(PNG)).await;
    let console = Console::at(&server.uri(), "stored-token").await;
    let request = http::Request::get("/icons/applications/grafana");
    let answer = console
        .send(request.body(axum::body::Body::empty()).unwrap())
        .await;
    assert_eq!(answer.status, 401);
    for slug in ["none", "a%2fb", "..%2f..", "a.b", "a%00b", "%2e%2e"] {
        let answer = console.get(&format!("/icons/applications/{slug}")).await;
        assert_eq!(answer.status, 404, "{slug}");
    }
}

#[tokio::test]
async fn list_shows_icons_of_authentik_itself_by_way_of_the_server() {
    let upstream = Upstream::start(sandbox::Version::V2026_5).await;
    let console = Console::before(&upstream).await;
    let all = console
        .get("/api/v3/core/applications/?superuser_full_list=true&ordering=name")
        .await;
    let all = all.json();
    let slug = |n: usize| all["results"][n]["slug"].as_str().unwrap().to_owned();
    let icons = ["public/a.png", "https://cdn.example/a.png", "fa://fa-cloud"];
    for (n, icon) in icons.into_iter().enumerate() {
        let path = format!("core/applications/{}/", slug(n));
        call(&upstream, "PATCH", &path, &json!({ "meta_icon": icon })).await;
    }
    let page = console.get("/applications").await.text();
    let shown = |n: usize| page.contains(&format!("src=\"/icons/applications/{}\"", slug(n)));
    assert_eq!([0, 1, 2, 3].map(shown), [true, false, false, false]);
    assert!(!page.contains("cdn.example") && !page.contains("fa-cloud"));
}
