//! Keys of programs: made in the browser, used on the JSON API.

use http::{Request, header};
use sandbox::Version;

use crate::common::{
    Answer, Upstream,
    gate::{Gate, to},
};

/// The key that a page shows.
fn shown(page: &str) -> Option<String> {
    let at = page.find("ostiary_")?;
    let key: String = page[at..]
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
        .collect();
    (key.len() == "ostiary_".len() + 64).then_some(key)
}

async fn make(gate: &mut Gate, role: &str) -> String {
    let fields = [("name", "nightly backup"), ("role", role), ("days", "30")];
    let answer = gate.post("/settings/keys", &fields).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header(header::CACHE_CONTROL), "no-store");
    shown(&answer.text()).expect("the key")
}

/// Asks as a program does, without cookies.
async fn by(gate: &mut Gate, key: &str, method: &str, path: &str, body: &str) -> Answer {
    let cookies = std::mem::take(&mut gate.cookies);
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::AUTHORIZATION, format!("Bearer {key}"))
        .header(header::CONTENT_TYPE, "application/json");
    let answer = gate.send(request, body.to_owned()).await;
    gate.cookies = cookies;
    answer
}

#[tokio::test]
async fn key_is_shown_once_and_opens_the_api_until_it_is_revoked() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let mut gate = Gate::start().await;
    gate.set_up().await;
    gate.connect(&upstream).await;
    let key = make(&mut gate, "operator").await;
    let page = gate.get("/settings/keys").await.text();
    assert!(page.contains("nightly backup") && shown(&page).is_none());

    assert_eq!(
        by(&mut gate, &key, "GET", "/api/changes", "").await.status,
        200
    );
    assert_eq!(
        by(&mut gate, &key, "GET", "/api/v3/core/users/", "")
            .await
            .status,
        200
    );
    let draft = r#"{"kind":"group","draft":{"action":"create","name":"night-owls"}}"#;
    let planned = by(&mut gate, &key, "POST", "/api/changes", draft).await;
    assert_eq!(planned.status, 201, "{}", planned.text());
    let id = planned.json()["id"].as_str().unwrap().to_owned();
    let applied = by(
        &mut gate,
        &key,
        "POST",
        &format!("/api/changes/{id}/apply"),
        "",
    )
    .await;
    assert_eq!(applied.status, 202, "{}", applied.text());
    let log = gate.get("/api/audit.jsonl?action=apply").await.text();
    assert!(log.contains("nightly backup"), "{log}");

    let page = gate.get("/settings/keys").await.text();
    let at = page.find(r#"name="revoke" value=""#).unwrap();
    let id: String = page[at + 21..].chars().take(12).collect();
    assert_eq!(
        to(&gate.post("/settings/keys", &[("revoke", &id)]).await),
        (303, "/settings/keys")
    );
    let answer = by(&mut gate, &key, "GET", "/api/changes", "").await;
    assert_eq!((answer.status, answer.code().as_str()), (401, "signed_out"));
}

#[tokio::test]
async fn key_opens_no_page_and_no_more_than_its_role() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let mut gate = Gate::start().await;
    gate.set_up().await;
    gate.connect(&upstream).await;
    let key = make(&mut gate, "viewer").await;
    for (method, path, status) in [
        ("GET", "/people", 303),
        ("GET", "/settings/keys", 303),
        ("POST", "/settings/keys", 401),
        ("POST", "/_fn/changes/apply", 401),
        ("POST", "/api/changes", 403),
        ("POST", "/api/changes/x/apply", 403),
        ("GET", "/api/audit.csv", 403),
        ("GET", "/api/presets", 200),
    ] {
        let answer = by(&mut gate, &key, method, path, "").await;
        assert_eq!(answer.status, status, "{method} {path}: {}", answer.text());
    }
    // A wrong key is no reason to look for a cookie.
    let request = Request::get("/api/changes").header(header::AUTHORIZATION, "Bearer ostiary_x");
    assert_eq!(gate.send(request, String::new()).await.status, 401);
    let wrong = gate
        .post("/settings/keys", &[("name", ""), ("role", "root")])
        .await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.text().contains("Choose what it may do"));
}
