//! `/api/changes` with bad input and in bad weather.

use sandbox::{Fault, Version};
use serde_json::{Value, json};

use crate::common::{Console, Upstream, call, change, counts, gitea, grafana, read};

#[tokio::test]
async fn wrong_drafts_are_answered_by_field() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let console = Console::before(&upstream).await;
    for (draft, field) in [
        (json!({}), "preset"),
        (json!({ "preset": "none" }), "preset"),
        (
            json!({ "preset": "grafana", "name": "Grafana", "base_url": "grafana" }),
            "base_url",
        ),
        (
            json!({ "preset": "grafana", "name": "Grafana", "base_url": "https://g.example", "access": { "groups": ["none"] } }),
            "access.groups",
        ),
        (
            json!({ "preset": "grafana", "name": "Outline", "slug": "outline", "base_url": "https://g.example", "access": { "everyone": true } }),
            "slug",
        ),
        (json!({ "preset": "grafana", "format": 99 }), "format"),
        (json!({ "preset": "grafana", "colour": "red" }), "colour"),
        (json!({ "preset": 5 }), "preset"),
    ] {
        let answer = console.post("/api/changes", &change(&draft)).await;
        assert_eq!(answer.status, 422, "{draft}: {}", answer.text());
        let errors = &answer.json()["errors"];
        assert!(errors[field][0].is_string(), "{field} in {errors}");
    }
    let answer = console
        .post("/api/changes", &json!({ "kind": "ldap", "draft": {} }))
        .await;
    assert!(answer.json()["errors"]["kind"][0].is_string());
    assert_eq!(
        console.get("/api/changes").await.json(),
        json!({ "changes": [] })
    );
}

#[tokio::test]
async fn slug_taken_meanwhile_leaves_nothing_behind() {
    for version in Version::ALL {
        let upstream = Upstream::start(version).await;
        let console = Console::before(&upstream).await;
        let (id, _) = console.plan(&gitea()).await;
        call(
            &upstream,
            "POST",
            "core/applications/",
            &json!({ "name": "Other", "slug": "gitea" }),
        )
        .await;
        let before = counts(&upstream.sandbox);
        let failed = console.work(&id, "apply").await;
        assert_eq!(
            failed["state"], "failed_and_undone",
            "{version}: {failed:#}"
        );
        assert_eq!(counts(&upstream.sandbox), before, "{version}");
        let entry = failed["entries"]
            .as_array()
            .unwrap()
            .iter()
            .find(|e| e["entry"] == "step_failed")
            .unwrap()
            .clone();
        assert_eq!(entry["field"], "slug", "{entry}");
        assert_eq!(
            console
                .post(&format!("/api/changes/{id}/apply"), &json!({}))
                .await
                .status,
            409
        );
        let again = console.post("/api/changes", &change(&gitea())).await;
        assert_eq!(again.status, 422);
        assert!(
            again.json()["errors"]["slug"][0]
                .as_str()
                .unwrap()
                .contains("Other")
        );
    }
}

#[tokio::test]
async fn group_deleted_between_plan_and_apply_leaves_nothing_behind() {
    for version in Version::ALL {
        let upstream = Upstream::start(version).await;
        let console = Console::before(&upstream).await;
        let (id, _) = console.plan(&gitea()).await;
        let groups = read(&upstream, "core/groups/?name=contractors").await;
        let pk = groups["results"][0]["pk"].as_str().unwrap().to_owned();
        call(
            &upstream,
            "DELETE",
            &format!("core/groups/{pk}/"),
            &Value::Null,
        )
        .await;
        let before = counts(&upstream.sandbox);
        let failed = console.work(&id, "apply").await;
        assert_eq!(
            failed["state"], "failed_and_undone",
            "{version}: {failed:#}"
        );
        assert_eq!(counts(&upstream.sandbox), before, "{version}");
        let again = console.post("/api/changes", &change(&gitea())).await;
        assert!(
            again.json()["errors"]["access.groups"][0].is_string(),
            "{}",
            again.text()
        );
    }
}

#[tokio::test]
async fn twenty_clicks_apply_once() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let console = Console::before(&upstream).await;
    let (id, _) = console.plan(&grafana()).await;
    let path = format!("/api/changes/{id}/apply");
    let clicks =
        futures_util::future::join_all((0..20).map(|_| console.post(&path, &Value::Null))).await;
    assert!(clicks.iter().all(|answer| answer.status == 202));
    assert_eq!(console.finished(&id).await["state"], "applied");
    assert_eq!(
        console.post(&path, &Value::Null).await.status,
        202,
        "and once more when it is done"
    );
    let sent = upstream.sandbox.requests();
    let sent: Vec<_> = sent
        .iter()
        .filter(|request| request.method != "GET")
        .collect();
    assert_eq!(sent.len(), 1, "{sent:?}");
    let steps = console.finished(&id).await["entries"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|e| e["entry"] == "step_started")
        .count();
    assert_eq!(steps, 1);
}

#[tokio::test]
async fn undo_is_refused_when_something_was_changed() {
    for version in Version::ALL {
        let upstream = Upstream::start(version).await;
        let console = Console::before(&upstream).await;
        let (id, _) = console.plan(&gitea()).await;
        console.work(&id, "apply").await;
        let before = counts(&upstream.sandbox);
        call(
            &upstream,
            "PATCH",
            "core/applications/gitea/",
            &json!({ "meta_launch_url": "https://elsewhere.example" }),
        )
        .await;
        let refused = console.work(&id, "undo").await;
        assert_eq!(refused["state"], "applied", "{version}");
        let last = refused["entries"]
            .as_array()
            .unwrap()
            .iter()
            .rfind(|e| e["entry"] == "undo_failed")
            .unwrap()
            .clone();
        assert!(
            last["message"]
                .as_str()
                .unwrap()
                .contains("meta_launch_url"),
            "{last}"
        );
        assert_eq!(counts(&upstream.sandbox), before, "nothing was deleted");
    }
}

#[tokio::test]
async fn apply_without_authentik_writes_nothing_and_can_be_repeated() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let console = Console::before(&upstream).await;
    let (id, _) = console.plan(&grafana()).await;
    let down = upstream.sandbox.faults().set(Fault::Reset, None, "/", None);
    let lost = console.work(&id, "apply").await;
    assert_eq!(lost["state"], "interrupted", "nobody knows: {lost:#}");
    down.remove();
    assert_eq!(console.work(&id, "apply").await["state"], "applied");
    assert_eq!(
        upstream
            .sandbox
            .requests()
            .iter()
            .filter(|r| r.method != "GET" && r.status == 200)
            .count(),
        1
    );
}

#[tokio::test]
async fn unknown_change_sets_are_not_found() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let console = Console::before(&upstream).await;
    for path in ["", "/events", "/checks", "/app-side"] {
        let answer = console.get(&format!("/api/changes/none{path}")).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (404, "not_found"),
            "{path}"
        );
    }
    for path in ["apply", "undo"] {
        assert_eq!(
            console
                .post(&format!("/api/changes/none/{path}"), &json!({}))
                .await
                .status,
            404
        );
    }
}
