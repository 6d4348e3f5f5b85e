//! Requests that a foreign page makes a signed-in person's browser send.

use axum::body::Body;
use http::{Method, header};
use sandbox::Version;

use super::settled;
use crate::common::{Upstream, change, grafana};

/// What browsers say about a page that is not the console's own, at `127.0.0.1:3000`.
const FOREIGN: &[&[(&str, &str)]] = &[
    &[("sec-fetch-site", "cross-site")],
    &[("sec-fetch-site", "same-site")],
    &[
        ("sec-fetch-site", "cross-site"),
        ("origin", "https://evil.example"),
    ],
    &[
        ("sec-fetch-site", "same-site"),
        ("origin", "http://127.0.0.1:3001"),
    ],
    // An own origin does not outweigh it.
    &[
        ("sec-fetch-site", "cross-site"),
        ("origin", "http://127.0.0.1:3000"),
    ],
    // Nor do values that no browser sends.
    &[("sec-fetch-site", "Same-Origin")],
    &[("sec-fetch-site", "same-origin, cross-site")],
    // Browsers without Sec-Fetch-Site.
    &[("origin", "https://evil.example")],
    &[("origin", "http://evil.example:3000")],
    &[("origin", "null")],
    &[("origin", "http://127.0.0.1")],
    &[("origin", "http://127.0.0.1:3001")],
    &[("origin", "http://localhost:3000")],
    &[("origin", "http://[::1]:3000")],
    &[("origin", "http://127.0.0.1:3000.evil.example")],
    &[("origin", "http://127.0.0.1:3000@evil.example")],
    &[("origin", "file://")],
    &[("origin", "chrome-extension://abcdef")],
];

/// Everything that changes something: forms, server functions, the JSON API, the read proxy.
const TARGETS: &[(&str, &str)] = &[
    ("POST", "/theme"),
    ("POST", "/_fn/wizard/start"),
    ("POST", "/_fn/wizard/save"),
    ("POST", "/_fn/wizard/discard"),
    ("POST", "/_fn/changes/apply"),
    ("POST", "/_fn/changes/undo"),
    ("POST", "/_fn/changes/reopen"),
    ("POST", "/_fn/access/plan"),
    ("POST", "/api/changes"),
    ("POST", "/api/changes/{id}/apply"),
    ("POST", "/api/changes/{id}/undo"),
    ("DELETE", "/api/changes/{id}"),
    ("POST", "/api/v3/core/groups/"),
    ("DELETE", "/api/v3/core/users/1/"),
];

/// How bodies can be declared: the first three a foreign page may send without asking.
const KINDS: [&str; 4] = [
    "application/x-www-form-urlencoded",
    "text/plain",
    "multipart/form-data; boundary=x",
    "application/json",
];

#[tokio::test]
async fn requests_of_foreign_pages_are_refused_and_change_nothing() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let console = settled(&upstream).await;
    let (id, _) = console.plan(&grafana()).await;
    let before = console.get("/api/changes").await.json();
    upstream.sandbox.clear_requests();
    let mut cases = 0;
    for (method, target) in TARGETS {
        let target = target.replace("{id}", &id);
        for headers in FOREIGN {
            for kind in KINDS {
                let method = Method::from_bytes(method.as_bytes()).unwrap();
                let mut request = console
                    .request(method, &target)
                    .header(header::HOST, "127.0.0.1:3000")
                    .header(header::ACCEPT, "text/html")
                    .header(header::CONTENT_TYPE, kind);
                for (name, value) in *headers {
                    request = request.header(*name, *value);
                }
                let body = if kind.ends_with("json") {
                    change(&grafana()).to_string()
                } else {
                    format!("theme=dark&change={id}&confirm=&preset=gitea")
                };
                let answer = console.send(request.body(Body::from(body)).unwrap()).await;
                assert_eq!(
                    answer.status,
                    403,
                    "{target} {headers:?}: {}",
                    answer.text()
                );
                if target.starts_with("/api/") {
                    assert_eq!(answer.code(), "foreign", "{target} {headers:?}");
                } else {
                    assert!(
                        answer.text().contains("another site"),
                        "{target} {headers:?}"
                    );
                }
                assert!(answer.headers.get(header::SET_COOKIE).is_none());
                assert!(answer.headers.get(header::LOCATION).is_none());
                cases += 1;
            }
        }
    }
    assert_eq!(
        upstream.sandbox.requests(),
        [],
        "nothing of it reached authentik"
    );
    assert_eq!(
        console.get("/api/changes").await.json(),
        before,
        "no change set came or went"
    );
    println!("attacks: CSRF: {cases} cases, all refused");
    assert!(cases >= 100);
}

/// Browsers of old send neither header with a form: the JSON API is still out of reach, since a page
/// may not declare JSON without asking first.
#[tokio::test]
async fn forms_of_browsers_that_say_nothing_do_not_reach_the_json_api() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let console = settled(&upstream).await;
    let (id, _) = console.plan(&grafana()).await;
    upstream.sandbox.clear_requests();
    let mut cases = 0;
    for (method, target) in TARGETS
        .iter()
        .filter(|(_, target)| target.starts_with("/api/changes"))
    {
        for kind in KINDS.iter().take(3) {
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            let request = console
                .request(method.clone(), &target.replace("{id}", &id))
                .header(header::CONTENT_TYPE, *kind);
            let body = Body::from(change(&grafana()).to_string());
            let answer = console.send(request.body(body).unwrap()).await;
            let expected = if method == Method::POST {
                (415, "not_json")
            } else {
                (405, "method_not_allowed")
            };
            assert_eq!(
                (answer.status, answer.code().as_str()),
                expected,
                "{target} {kind}"
            );
            cases += 1;
        }
    }
    assert_eq!(upstream.sandbox.requests(), []);
    println!("attacks: CSRF without a word of the browser: {cases} cases, all refused");
}

/// Links and images can only make a browser send `GET`.
#[tokio::test]
async fn get_changes_nothing() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let console = settled(&upstream).await;
    let (id, _) = console.plan(&grafana()).await;
    let before = console.get("/api/changes").await.json();
    upstream.sandbox.clear_requests();
    let mut cases = 0;
    for (_, target) in TARGETS
        .iter()
        .filter(|(_, target)| !target.starts_with("/api/v3"))
    {
        for method in [Method::GET, Method::HEAD] {
            let query = format!("?theme=dark&change={id}&confirm=&preset=gitea");
            let target = target.replace("{id}", &id) + &query;
            let request = console
                .request(method, &target)
                .header("sec-fetch-site", "cross-site");
            let answer = console.send(request.body(Body::empty()).unwrap()).await;
            assert!(answer.headers.get(header::SET_COOKIE).is_none(), "{target}");
            let read = target.starts_with("/api/changes?") || target.contains(&format!("/{id}?"));
            assert!(read || answer.status >= 400, "{target}: {}", answer.status);
            cases += 1;
        }
    }
    let written = upstream.sandbox.requests();
    assert!(
        written.iter().all(|asked| asked.method == Method::GET),
        "{written:?}"
    );
    assert_eq!(console.get("/api/changes").await.json(), before);
    println!("attacks: GET instead of POST: {cases} cases, nothing changed");
}
