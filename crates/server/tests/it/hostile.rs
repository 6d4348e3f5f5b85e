//! Names from authentik that are none: markup, ends of attributes and scripts, text that runs the other way, ten
//! kilobytes, characters that cannot be printed. Every address is read with them in every place where authentik has a
//! name.

use axum::body::Body;
use http::{Request, header};
use sandbox::Version;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::{
    canary::addresses::Known,
    common::{Answer, Upstream, call, gate::Gate, is_running},
};

const KINDS: [(&str, &str); 5] = [
    (
        "markup",
        "<xss onload=alert(1)>&lt;xss&gt;</title></textarea></script><xss>",
    ),
    (
        "attributes",
        "\" xssattr=1 ' xssattr=2 `${7*7}` {{7*7}} %3Cxss%3E \\u003cxss\\u003e",
    ),
    (
        "right to left",
        "\u{202e}gnp.nimda<xss>\u{2066}\u{200f}شركة",
    ),
    (
        "control",
        "a\u{0}b\u{8}c\u{1b}[2Jd\u{7f}\u{85}\u{2028}e\r\nX-Injected: 1<xss>",
    ),
    ("long", ""),
];

/// What has a name, and the fields with it.
const NAMED: [(&str, &str, &[&str]); 8] = [
    ("core/groups/", "pk", &["name"]),
    ("core/users/", "pk", &["name", "username", "email"]),
    (
        "core/applications/?superuser_full_list=true",
        "slug",
        &[
            "name",
            "group",
            "meta_description",
            "meta_publisher",
            "meta_launch_url",
            "meta_icon",
        ],
    ),
    ("providers/oauth2/", "pk", &["name", "client_id"]),
    ("flows/instances/", "slug", &["name", "title"]),
    (
        "propertymappings/provider/scope/",
        "pk",
        &["name", "scope_name", "description"],
    ),
    ("policies/expression/", "pk", &["name"]),
    ("core/brands/", "brand_uuid", &["branding_title"]),
];

fn text(kind: &str, base: &str, n: usize) -> String {
    if kind == "long" {
        return format!("{n}<xss>{}", "W".repeat(10_000));
    }
    format!("{base} {n}")
}

/// Renames everything in authentik that it lets anybody rename; how many names were taken.
async fn rename(upstream: &Upstream, kind: &str, base: &str) -> usize {
    let mut taken = 0;
    for (list, key, fields) in NAMED {
        let all = call(upstream, "GET", list, &Value::Null).await;
        let path = list.split('?').next().unwrap();
        for (n, object) in all["results"].as_array().unwrap().iter().enumerate() {
            // The console's own account stays what the token says.
            if object["username"] == "akadmin" {
                continue;
            }
            let id = object[key]
                .as_str()
                .map_or_else(|| object[key].to_string(), str::to_owned);
            for field in fields {
                let body = json!({ *field: text(kind, base, n) });
                taken +=
                    usize::from(patched(upstream, &format!("/api/v3/{path}{id}/"), &body).await);
            }
        }
    }
    taken
}

async fn patched(upstream: &Upstream, path: &str, body: &Value) -> bool {
    let request = Request::patch(path)
        .header(
            header::AUTHORIZATION,
            format!("Bearer {}", upstream.sandbox.admin_token()),
        )
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body.to_string()))
        .unwrap();
    let answer = upstream.sandbox.router().oneshot(request).await.unwrap();
    assert!(answer.status().as_u16() < 500, "{path} {body}");
    answer.status().is_success()
}

async fn plan(gate: &mut Gate, draft: &Value) -> Option<String> {
    let request = Request::post("/api/changes").header(header::CONTENT_TYPE, "application/json");
    let planned = gate.send(request, draft.to_string()).await;
    assert!(
        [201, 422].contains(&planned.status),
        "{draft}: {}",
        planned.text()
    );
    Some(planned.json()["id"].as_str()?.to_owned())
}

/// A draft, a plan and what became of one, about things with such names.
async fn known(upstream: &Upstream, gate: &mut Gate, kind: &str, base: &str) -> Known {
    let first = async |list: &str, key: &str| {
        let found = call(upstream, "GET", list, &Value::Null).await;
        let value = &found["results"][1][key];
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)
    };
    let group = first("core/groups/", "pk").await;
    let person = first("core/users/", "pk").await;
    let slug = first("core/applications/?superuser_full_list=true", "slug").await;
    let bind =
        json!({ "kind": "group-binding", "draft": { "applications": [slug], "groups": [group] } });
    let join = json!({ "kind": "membership", "draft": { "groups": [group], "add": [person] } });
    let planned = plan(gate, &bind).await.expect("it can be bound");
    let applied = plan(gate, &join).await.expect("they can join");
    let request = Request::post(format!("/api/changes/{applied}/apply"));
    let request = request.header(header::CONTENT_TYPE, "application/json");
    gate.send(request, "{}".to_owned()).await;
    while is_running(&gate.get(&format!("/api/changes/{applied}")).await.json()) {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    // Typed by somebody: planned, or refused with words that repeat it.
    let typed = text(kind, base, 0);
    plan(
        gate,
        &json!({ "kind": "oidc-application", "draft": { "preset": "gitea", "name": typed,
        "base_url": "https://git.example.com", "access": { "groups": [group] } } }),
    )
    .await;
    plan(
        gate,
        &json!({ "kind": "group", "draft": { "action": "create", "name": typed } }),
    )
    .await;
    gate.post(
        "/settings/keys",
        &[("name", &typed), ("role", "viewer"), ("days", "1")],
    )
    .await;
    let started = gate
        .post("/_fn/wizard/start", &[("preset", "grafana")])
        .await;
    let draft = started
        .header(header::LOCATION)
        .split('/')
        .nth(2)
        .unwrap()
        .to_owned();
    Known {
        draft,
        planned,
        applied,
        slug,
        person,
        group,
    }
}

/// Whether `text` stands between `<` and `>`, where it would be read as markup.
fn is_in_a_tag(page: &str, text: &str) -> bool {
    page.match_indices(text).any(|(at, _)| {
        let before = page.get(..at).unwrap_or_default();
        before.rfind('<') > before.rfind('>')
    })
}

fn assert_harmless(what: &str, answer: &Answer) {
    assert!(
        answer.status < 500 || answer.status == 502,
        "{what}: {} {}",
        answer.status,
        answer.text()
    );
    assert!(answer.headers.get("x-injected").is_none(), "{what}");
    let kind = answer.header(header::CONTENT_TYPE);
    assert_eq!(answer.header("x-content-type-options"), "nosniff", "{what}");
    if !kind.starts_with("text/html") {
        let known = [
            "application/json",
            "text/csv",
            "application/jsonl",
            "application/x-ndjson",
            "text/event-stream",
            "text/plain",
            "",
        ];
        assert!(
            known.iter().any(|known| kind.starts_with(known)),
            "{what}: {kind}"
        );
        return;
    }
    let page = answer.text();
    for raw in [
        "<xss",
        "</title></textarea>",
        "href=\"javascript:",
        "src=\"javascript:",
    ] {
        assert!(!page.contains(raw), "{what}: {raw:?} in {page}");
    }
    // All attributes stand in double quotes.
    assert!(!is_in_a_tag(&page, "\" xssattr"), "{what}: {page}");
    if answer.status == 200 {
        assert_eq!(page.matches("<title>").count(), 1, "{what}");
        assert_eq!(page.matches("</title>").count(), 1, "{what}");
    }
}

#[tokio::test]
async fn hostile_names_are_text_in_every_place() {
    let (mut pages, mut shown) = (0, 0);
    for (kind, base) in KINDS {
        let upstream = Upstream::start(Version::V2026_5).await;
        let taken = rename(&upstream, kind, base).await;
        assert!(taken > 40, "{kind}: {taken} names");
        let mut gate = Gate::start().await;
        gate.set_up().await;
        gate.connect(&upstream).await;
        let known = known(&upstream, &mut gate, kind, base).await;
        for path in known.addresses() {
            let answer = gate.get(&path).await;
            assert_harmless(&format!("{kind} {path}"), &answer);
            let text = answer.text();
            let is_shown = ["&lt;xss", "xssattr"]
                .iter()
                .any(|mark| text.contains(mark));
            shown += usize::from(
                is_shown && answer.header(header::CONTENT_TYPE).starts_with("text/html"),
            );
            pages += 1;
        }
        let search = format!(
            "/people?q={}",
            url::form_urlencoded::byte_serialize(base.as_bytes()).collect::<String>()
        );
        assert_harmless(&format!("{kind} search"), &gate.get(&search).await);
    }
    assert!(shown > 60, "the names stand on {shown} pages only");
    println!(
        "counts: attacks: hostile names: {pages} answers, {shown} pages show them, all as text"
    );
}
