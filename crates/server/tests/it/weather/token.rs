//! A token that authentik accepts no more: it is said clearly, and nothing is lost.

use http::{Method, Request, header};
use sandbox::{Fault, Version};
use serde_json::{Value, json};

use crate::common::{
    Answer, Console, Upstream, call, change,
    gate::{Gate, to},
    gitea, read,
};

/// A second administrator with a token.
struct Admin {
    pk: i64,
    token: String,
}

impl Admin {
    async fn new(upstream: &Upstream) -> Self {
        let groups = read(upstream, "core/groups/?name=authentik%20Admins").await;
        let group = groups["results"][0]["pk"].clone();
        let user =
            json!({ "username": "grace", "name": "Grace", "is_active": true, "groups": [group] });
        let user = call(upstream, "POST", "core/users/", &user).await;
        Self {
            pk: user["pk"].as_i64().unwrap(),
            token: upstream.sandbox.add_token("grace"),
        }
    }

    /// A token of somebody who is not active opens nothing.
    async fn set_active(&self, upstream: &Upstream, is_active: bool) {
        let path = format!("core/users/{}/", self.pk);
        call(upstream, "PATCH", &path, &json!({ "is_active": is_active })).await;
    }
}

/// A console that has the token in its vault.
async fn connected(upstream: &Upstream, admin: &Admin) -> Gate {
    let mut gate = Gate::start().await;
    gate.set_up().await;
    let fields = [("url", upstream.url()), ("token", admin.token.clone())];
    let fields = fields
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    let answer = gate.post("/settings/connection", &fields).await;
    assert_eq!(
        to(&answer),
        (303, "/settings/connection?saved=1"),
        "{}",
        answer.text()
    );
    gate
}

async fn post(gate: &mut Gate, path: &str, body: &Value) -> Answer {
    let request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
    gate.send(request, body.to_string()).await
}

async fn finished(gate: &mut Gate, id: &str) -> Value {
    loop {
        let change = gate.get(&format!("/api/changes/{id}")).await.json();
        if !["applying", "undoing"].contains(&change["state"].as_str().unwrap()) {
            return change;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn token_that_is_over_loses_no_draft_and_no_change_set() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let admin = Admin::new(&upstream).await;
    let mut gate = connected(&upstream, &admin).await;
    let started = gate
        .post("/_fn/wizard/start", &[("preset", "outline")])
        .await;
    let draft = started.header(header::LOCATION).to_owned();
    let planned = post(&mut gate, "/api/changes", &change(&gitea()))
        .await
        .json();
    let id = planned["id"].as_str().unwrap().to_owned();

    // In the middle: the first step is done, the second is refused.
    let hanging = upstream.sandbox.faults().set(
        Fault::HangAfter,
        Some(Method::POST),
        "/api/v3/core/groups/",
        Some(1),
    );
    let begun = post(&mut gate, &format!("/api/changes/{id}/apply"), &json!({})).await;
    assert_eq!(begun.status, 202, "{}", begun.text());
    hanging.arrived().await;
    admin.set_active(&upstream, false).await;
    hanging.remove();
    let interrupted = finished(&mut gate, &id).await;
    assert_eq!(interrupted["state"], "interrupted", "{interrupted:#}");
    let text = interrupted["entries"].to_string();
    assert!(
        text.contains("new token") && !text.contains("undo_started"),
        "{text}"
    );

    for path in ["/applications", "/access", "/people"] {
        let answer = gate.get(path).await;
        let html = answer.text();
        assert_eq!(answer.status, 503, "{path}: {html}");
        assert!(
            html.contains("does not accept the token any more"),
            "{path}: {html}"
        );
        assert!(html.contains("Enter a new token"), "{path}");
        assert!(html.contains(r#"href="/settings/connection""#), "{path}");
        assert!(!html.contains("was read at"), "{path}: this is no silence");
    }
    for path in ["/", draft.as_str(), "/changes", "/settings/connection"] {
        assert_eq!(gate.get(path).await.status, 200, "{path}");
    }

    assert_eq!(
        to(&gate.connect(&upstream).await),
        (303, "/settings/connection?saved=1")
    );
    let again = post(&mut gate, &format!("/api/changes/{id}/apply"), &json!({})).await;
    assert_eq!(again.status, 202, "{}", again.text());
    let applied = finished(&mut gate, &id).await;
    assert_eq!(applied["state"], "applied", "{applied:#}");
    let groups = read(&upstream, "core/groups/?name=gitadmin").await;
    assert_eq!(groups["results"].as_array().unwrap().len(), 1, "made once");
    assert_eq!(gate.get("/applications/gitea").await.status, 200);
    assert_eq!(gate.get(&draft).await.status, 200);
}

#[tokio::test]
async fn way_to_a_new_token_is_for_administrators() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let admin = Admin::new(&upstream).await;
    let gate = connected(&upstream, &admin).await;
    admin.set_active(&upstream, false).await;
    let mut gate = gate.restarted("UPDATE sessions SET role = 'viewer'").await;
    let html = gate.get("/applications").await.text();
    assert!(html.contains("authentik refuses the token"), "{html}");
    assert!(!html.contains("Enter a new token"));
    let mut gate = gate.restarted("UPDATE sessions SET role = 'admin'").await;
    let html = gate.get("/applications").await.text();
    assert!(
        html.contains("Enter a new token") && html.contains("under Settings, Connection"),
        "{html}"
    );
}

#[tokio::test]
async fn token_of_the_configuration_names_its_setting() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let admin = Admin::new(&upstream).await;
    let console = Console::at(&upstream.url(), &admin.token).await;
    assert_eq!(console.get("/readyz").await.status, 200);
    admin.set_active(&upstream, false).await;
    let planned = console.post("/api/changes", &change(&gitea())).await;
    assert_eq!(
        (planned.status, planned.code().as_str()),
        (503, "not_connected")
    );
    let way_out = planned.json()["error"]["way_out"].to_string();
    assert!(way_out.contains("OSTIARY_AUTHENTIK__TOKEN"), "{way_out}");
    // From then on nobody takes the connection for good.
    let ready = console.get("/readyz").await;
    assert_eq!(ready.status, 503);
    assert!(
        ready.text().contains("does not accept the token any more"),
        "{}",
        ready.text()
    );
    admin.set_active(&upstream, true).await;
    assert_eq!(console.get("/readyz").await.status, 200);
}
