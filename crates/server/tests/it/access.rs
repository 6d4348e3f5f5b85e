//! Who may open what: the map and its files, against authentik's own answers.

use axum::body::Body;
use http::{Request, header};
use sandbox::Version;
use serde_json::{Value, json};

use crate::common::{Console, Upstream, call, grafana};

async fn map(console: &Console, query: &str) -> Value {
    let answer = console.get(&format!("/api/access.json{query}")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

/// The cell of a row and an application.
fn cell<'m>(map: &'m Value, row: &str, slug: &str) -> &'m Value {
    let columns = map["applications"].as_array().unwrap();
    let at = columns.iter().position(|it| it["slug"] == slug).unwrap();
    let rows = map["rows"].as_array().unwrap();
    &rows.iter().find(|it| it["name"] == row).unwrap()["cells"][at]
}

#[tokio::test]
async fn every_cell_is_what_authentik_says() {
    for version in [Version::V2023_10, Version::V2025_10, Version::V2026_5] {
        let upstream = Upstream::start(version).await;
        let console = Console::before(&upstream).await;
        let map = map(&console, "?by=people").await;
        let mut compared = 0;
        for row in map["rows"].as_array().unwrap() {
            // Who may not sign in is refused by us, and not by the policy engine.
            if row["name"] == "temp.reception" {
                continue;
            }
            for (cell, application) in row["cells"]
                .as_array()
                .unwrap()
                .iter()
                .zip(map["applications"].as_array().unwrap())
            {
                let (slug, pk) = (application["slug"].as_str().unwrap(), &row["key"]);
                let path = format!(
                    "core/applications/{slug}/check_access/?for_user={}",
                    pk.as_str().unwrap()
                );
                let said = call(&upstream, "GET", &path, &Value::Null).await;
                let expected = if said["passing"] == true {
                    "allowed"
                } else {
                    "denied"
                };
                assert_eq!(cell, expected, "{version:?}: {} at {slug}", row["name"]);
                compared += 1;
            }
        }
        assert!(compared > 500, "{version:?}: {compared}");
    }
}

#[tokio::test]
async fn a_change_set_is_in_the_map_at_once_and_others_after_loading_again() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let console = Console::before(&upstream).await;
    let before = map(&console, "").await;
    let (id, _) = console.plan(&grafana()).await;
    console.work(&id, "apply").await;
    let after = map(&console, "").await;
    let columns = |map: &Value| map["applications"].as_array().unwrap().len();
    assert_eq!(columns(&after), columns(&before) + 1);
    let staff = cell(&after, "staff", "grafana");
    assert_eq!(staff["allowed"], staff["people"]);
    assert_eq!(cell(&after, "family", "grafana")["allowed"], 0);

    let body = json!({ "name": "Elsewhere", "slug": "elsewhere" });
    call(&upstream, "POST", "core/applications/", &body).await;
    assert_eq!(columns(&map(&console, "").await), columns(&after));
    let request = console
        .request(http::Method::GET, "/access?q=staff&fresh=1")
        .header(header::ACCEPT, "text/html");
    let page = console.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(page.status, 302);
    assert_eq!(page.header(header::LOCATION), "/access?q=staff");
    assert_eq!(columns(&map(&console, "").await), columns(&after) + 1);
}

#[tokio::test]
async fn names_are_no_formulas_and_no_markup() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let console = Console::before(&upstream).await;
    let name = "=HYPERLINK(\"x\")</title><script>alert(1)</script>";
    let group = json!({ "name": name });
    let group = call(&upstream, "POST", "core/groups/", &group).await;
    let csv = console.get("/api/access.csv").await;
    assert_eq!(csv.header(header::CONTENT_TYPE), "text/csv; charset=utf-8");
    assert!(
        csv.header(header::CONTENT_DISPOSITION)
            .contains("access.csv")
    );
    assert!(
        csv.text()
            .contains("\n\"'=HYPERLINK(\"\"x\"\")</title><script>"),
        "{}",
        csv.text()
    );
    let pk = group["pk"].as_str().unwrap();
    for path in ["/access", "/groups", &format!("/groups/{pk}")] {
        let html = console.get(path).await.text();
        assert!(html.contains("&lt;script&gt;"), "{path}");
        assert!(!html.contains("<script>alert"), "{path}");
    }
}

#[tokio::test]
async fn nothing_is_shown_without_a_session() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let console = Console::before(&upstream).await;
    for path in [
        "/api/access.csv",
        "/api/access.json",
        "/access",
        "/people",
        "/groups",
    ] {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let answer = console.send(request).await;
        assert_eq!(answer.status, 401, "{path}");
        assert!(!answer.text().contains("family"), "{path}");
    }
}
