//! Operators who may change only what administrators chose.

use http::{Request, header};
use sandbox::Version;
use serde_json::{Value, json};

use super::{SETTINGS, VERSIONS, go_and_come_back, role, set_up, stranger, tried};
use crate::common::{
    Upstream,
    gate::{Gate, to},
};

/// The slug of some application, and of another one.
async fn applications(gate: &mut Gate) -> [String; 2] {
    let path = "/api/v3/core/applications/?superuser_full_list=true&ordering=name";
    let all = gate.get(path).await.json();
    let mut slugs = all["results"].as_array().unwrap().iter();
    let mut next = || slugs.next().unwrap()["slug"].as_str().unwrap().to_owned();
    let first = next();
    // Not our own one.
    [
        first,
        std::iter::repeat_with(next)
            .find(|slug| slug != "ostiary")
            .unwrap(),
    ]
}

async fn json_post(gate: &mut Gate, path: &str, body: &Value) -> crate::common::Answer {
    let request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
    gate.send(request, body.to_string()).await
}

/// Plans it and applies it; status and code of the answer, and the id.
async fn apply(gate: &mut Gate, draft: &Value) -> ((u16, String), String) {
    let planned = json_post(gate, "/api/changes", draft).await;
    assert_eq!(planned.status, 201, "{draft}: {}", planned.text());
    let plan = planned.json();
    let id = plan["id"].as_str().unwrap().to_owned();
    let confirm = plan["plan"]["confirm"]["text"].as_str().unwrap_or_default();
    let path = format!("/api/changes/{id}/apply");
    let answer = json_post(gate, &path, &json!({ "confirm": confirm })).await;
    let code = if answer.status == 202 {
        String::new()
    } else {
        answer.code()
    };
    ((answer.status, code), id)
}

async fn finished(gate: &mut Gate, id: &str) -> String {
    loop {
        let change = gate.get(&format!("/api/changes/{id}")).await.json();
        let state = change["state"].as_str().unwrap().to_owned();
        if !["planned", "applying", "undoing"].contains(&&*state) {
            return state;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn operators_change_what_was_chosen_and_nothing_else() {
    let mut cases = 0;
    for version in VERSIONS {
        let upstream = Upstream::start(version).await;
        let mut gate = tried(&upstream).await;
        let [ours, other] = applications(&mut gate).await;
        let kept = gate
            .post(
                SETTINGS,
                &[
                    ("do", "groups"),
                    ("admin", "authentik Admins"),
                    ("operator", "engineering"),
                    ("operator_applications", &format!(" {ours} ,")),
                    ("operator_groups", "on-call"),
                ],
            )
            .await;
        assert_eq!(to(&kept), (303, SETTINGS), "{}", kept.text());
        let page = gate.get(SETTINGS).await.text();
        assert!(
            page.contains("value=\"on-call\"") && page.contains(&ours),
            "{page}"
        );
        let audit = gate.get("/settings/audit").await.text();
        assert!(audit.contains("the groups on-call"), "{audit}");
        stranger(&mut gate);
        go_and_come_back(&mut gate, &upstream, "/sign-in/authentik", "priya.nair").await;
        assert_eq!(role(&mut gate).await, "operator");
        for draft in [
            json!({ "kind": "membership", "draft": { "groups": ["on-call"], "add": ["niamh.kelly"] } }),
            json!({ "kind": "engine-mode", "draft": { "applications": [ours], "mode": "all" } }),
            json!({ "kind": "group", "draft": { "action": "change", "group": "on-call", "name": "on duty" } }),
            json!({ "kind": "group", "draft": { "action": "change", "group": "on duty", "name": "on-call" } }),
            json!({ "kind": "group-binding", "draft": { "applications": [ours], "groups": ["staff"] } }),
            json!({ "kind": "unbind", "draft": { "applications": [ours], "groups": ["staff"] } }),
        ] {
            let (answer, id) = apply(&mut gate, &draft).await;
            if answer.1 == "step_up_required" {
                // To delete something asks who they are, in scope or not.
                continue;
            }
            assert_eq!(answer.0, 202, "{version} {draft}: {answer:?}");
            assert_eq!(
                finished(&mut gate, &id).await,
                "applied",
                "{version} {draft}"
            );
        }
        for draft in [
            json!({ "kind": "membership", "draft": { "groups": ["staff"], "remove": ["niamh.kelly"] } }),
            json!({ "kind": "membership", "draft": { "groups": ["on-call", "staff"], "add": ["mina.koch"] } }),
            json!({ "kind": "group-binding", "draft": { "applications": [ours, other], "groups": ["on-call"] } }),
            json!({ "kind": "application-access", "draft": { "applications": [other], "groups": ["on-call"] } }),
            json!({ "kind": "engine-mode", "draft": { "applications": [other], "mode": "all" } }),
            json!({ "kind": "group", "draft": { "action": "change", "group": "on-call", "parents": ["staff"] } }),
            json!({ "kind": "group", "draft": { "action": "change", "group": "on-call", "parents": [] } }),
            json!({ "kind": "group", "draft": { "action": "create", "name": "night-owls" } }),
            json!({ "kind": "group", "draft": { "action": "delete", "group": "on-call" } }),
            json!({ "kind": "user", "draft": { "action": "change", "user": "niamh.kelly", "name": "N" } }),
            json!({ "kind": "oidc-application", "draft": { "preset": "gitea", "name": "Gitea",
                "base_url": "https://git.example.com", "access": { "groups": ["on-call"] } } }),
        ] {
            let (answer, id) = apply(&mut gate, &draft).await;
            assert_eq!(answer, (403, "forbidden".to_owned()), "{version} {draft}");
            let state = gate.get(&format!("/api/changes/{id}")).await.json();
            assert_eq!(state["state"], "planned", "{version} {draft}");
            cases += 1;
        }
    }
    println!("counts: attacks: operators beyond their scope: {cases} cases, all refused");
}

#[tokio::test]
async fn scope_names_what_is_there() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let mut gate = set_up(&upstream).await;
    let refused = gate
        .post(
            SETTINGS,
            &[
                ("do", "groups"),
                ("admin", "authentik Admins"),
                ("operator_applications", "no-such-app, <img src=x>"),
                ("operator_groups", "no such group"),
            ],
        )
        .await;
    assert_eq!(refused.status, 422);
    let page = refused.text();
    for words in [
        "There is no application with the slug “no-such-app”",
        "There is no group “no such group”",
        "value=\"no-such-app, &lt;img src=x&gt;\"",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains("<img src=x"));
}
