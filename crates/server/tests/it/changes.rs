//! `/api/changes`: the main job without a browser.

use http::header;
use sandbox::{Fault, Version};
use serde_json::{Value, json};

use crate::common::{Console, Upstream, change, counts, gitea, grafana};

/// Reads an object of authentik's without the proxy's mask.
async fn read(upstream: &Upstream, path: &str) -> Value {
    call(upstream, "GET", path, &Value::Null).await
}

/// Somebody else at work in authentik.
async fn call(upstream: &Upstream, method: &str, path: &str, body: &Value) -> Value {
    use authentik_api::Transport as _;
    let transport = authentik_reqwest::Transport::builder(upstream.url().parse().unwrap())
        .token(upstream.sandbox.admin_token().into())
        .build()
        .unwrap();
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    let request = http::Request::builder()
        .method(method)
        .uri(format!("/api/v3/{path}"))
        .header(header::CONTENT_TYPE, "application/json")
        .body(body.into())
        .unwrap();
    let response = transport.execute(request).await.unwrap();
    assert!(
        response.status().is_success(),
        "{method} {path}: {:?}",
        response.body()
    );
    serde_json::from_slice(response.body()).unwrap_or_default()
}

/// Whether what was planned is there; authentik may have added fields of its own.
fn agrees(planned: &Value, object: &Value) -> bool {
    match (planned, object) {
        (Value::Object(planned), Value::Object(object)) => planned
            .iter()
            .all(|(key, value)| object.get(key).is_some_and(|object| agrees(value, object))),
        (Value::Array(planned), Value::Array(object)) => {
            planned.len() == object.len() && planned.iter().zip(object).all(|(p, o)| agrees(p, o))
        }
        (planned, object) => planned == object,
    }
}

/// What the planned body says of an object is what the object is.
fn assert_as_planned(planned: &Value, object: &Value) {
    for (key, value) in planned.as_object().unwrap() {
        if ["property_mappings", "client_secret"].contains(&key.as_str()) {
            continue;
        }
        assert!(agrees(value, &object[key]), "{key}: {value} in {object}");
    }
}

#[tokio::test]
async fn created_objects_equal_the_plan() {
    for version in Version::ALL {
        for draft in [grafana(), gitea()] {
            let upstream = Upstream::start(version).await;
            let console = Console::before(&upstream).await;
            let (id, plan) = console.plan(&draft).await;
            assert_eq!(
                console.get("/api/changes").await.json()["changes"][0]["state"],
                "planned"
            );
            let done = console.work(&id, "apply").await;
            assert_eq!(done["state"], "applied", "{version}: {done:#}");
            let last = &plan["steps"]
                .as_array()
                .unwrap()
                .iter()
                .find(|step| step["id"] == "application")
                .unwrap();
            let body = &last["request"]["body"];
            let slug = draft["preset"].as_str().unwrap();

            let application = read(&upstream, &format!("core/applications/{slug}/")).await;
            assert_as_planned(&body["app"], &application);
            let provider = read(
                &upstream,
                &format!("providers/oauth2/{}/", application["provider"]),
            )
            .await;
            assert_as_planned(&body["provider"], &provider);
            assert_eq!(
                provider["property_mappings"].as_array().unwrap().len(),
                body["provider"]["property_mappings"]
                    .as_array()
                    .unwrap()
                    .len()
            );
            let bindings = read(
                &upstream,
                &format!(
                    "policies/bindings/?target={}",
                    application["pk"].as_str().unwrap()
                ),
            )
            .await;
            let mut bound: Vec<&str> = bindings["results"]
                .as_array()
                .unwrap()
                .iter()
                .map(|b| b["group_obj"]["name"].as_str().unwrap())
                .collect();
            bound.sort_unstable();
            let mut wanted: Vec<&str> = ["groups", "new_groups"]
                .iter()
                .flat_map(|key| draft["access"][key].as_array().into_iter().flatten())
                .map(|name| name.as_str().unwrap())
                .collect();
            wanted.sort_unstable();
            assert_eq!(bound, wanted, "{version}");
            assert_eq!(
                plan["access"]["groups"].as_array().unwrap().len(),
                wanted.len()
            );
        }
    }
}

#[tokio::test]
async fn checks_and_app_side_after_applying() {
    for version in Version::ALL {
        let upstream = Upstream::start(version).await;
        let console = Console::before(&upstream).await;
        let (id, _) = console.plan(&grafana()).await;
        console.work(&id, "apply").await;
        let checks = console
            .get(&format!("/api/changes/{id}/checks"))
            .await
            .json();
        let checks = checks["checks"].as_array().unwrap();
        let verdicts: Vec<String> = checks
            .iter()
            .map(|check| format!("{} {}", check["id"], check["verdict"]))
            .collect();
        assert!(
            checks.iter().all(|check| check["verdict"] == "passed"),
            "{version}: {verdicts:?}"
        );
        for id in [
            "discovery",
            "issuer",
            "jwks",
            "redirect-1",
            "foreign-redirect",
            "member",
            "outsider",
        ] {
            assert!(
                checks.iter().any(|check| check["id"] == id),
                "{id} in {verdicts:?}"
            );
        }

        let application = read(&upstream, "core/applications/grafana/").await;
        let provider = read(
            &upstream,
            &format!("providers/oauth2/{}/", application["provider"]),
        )
        .await;
        let secret = provider["client_secret"].as_str().unwrap();
        let hidden = console.get(&format!("/api/changes/{id}/app-side")).await;
        assert_eq!(hidden.status, 200);
        assert!(
            hidden
                .text()
                .contains(provider["client_id"].as_str().unwrap())
        );
        assert!(!hidden.text().contains(secret));
        let revealed = console
            .get(&format!("/api/changes/{id}/app-side?reveal=true"))
            .await;
        assert!(revealed.text().contains(secret));
        assert!(
            revealed
                .text()
                .contains("https://grafana.lindenhof.example")
        );
    }
}

#[tokio::test]
async fn wizard_needs_few_calls() {
    for version in Version::ALL {
        let upstream = Upstream::start(version).await;
        let console = Console::before(&upstream).await;
        // What was asked when the server started is not part of a set-up.
        console.plan(&json!({ "preset": "gitea", "name": "x", "base_url": "https://x.example.org", "access": { "everyone": true } })).await;
        let console = Console::before(&upstream).await;
        console.get("/readyz").await;
        while !upstream
            .sandbox
            .requests()
            .iter()
            .filter(|r| r.path == "/api/v3/schema/")
            .count()
            .eq(&2)
        {
            tokio::task::yield_now().await;
        }
        upstream.sandbox.clear_requests();
        let (id, _) = console.plan(&grafana()).await;
        assert_eq!(console.work(&id, "apply").await["state"], "applied");
        let calls = upstream.sandbox.requests();
        println!("{version}: {} calls", calls.len());
        // Before 2024.12: the list of providers, a look before each step, and a step for each group.
        let limit = if version == Version::V2023_10 { 13 } else { 8 };
        assert!(calls.len() <= limit, "{version}: {calls:#?}");
    }
}

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
async fn undo_takes_back_what_was_created() {
    for version in Version::ALL {
        let upstream = Upstream::start(version).await;
        let console = Console::before(&upstream).await;
        let before = counts(&upstream.sandbox);
        let (id, _) = console.plan(&gitea()).await;
        assert_eq!(
            console
                .post(&format!("/api/changes/{id}/undo"), &json!({}))
                .await
                .status,
            409,
            "nothing to undo yet"
        );
        console.work(&id, "apply").await;
        assert_ne!(counts(&upstream.sandbox), before);
        let undone = console.work(&id, "undo").await;
        assert_eq!(undone["state"], "undone", "{version}: {undone:#}");
        assert_eq!(counts(&upstream.sandbox), before, "{version}");
        assert_eq!(
            console
                .post(&format!("/api/changes/{id}/apply"), &json!({}))
                .await
                .status,
            409
        );
    }
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

#[tokio::test]
async fn presets_are_listed_and_found() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let console = Console::before(&upstream).await;
    let all = console.get("/api/presets").await.json();
    assert!(all["presets"].as_array().unwrap().len() > 150);
    let found = console.get("/api/presets?search=graf").await.json();
    assert_eq!(found["presets"][0]["id"], "grafana");
    assert_eq!(
        console.get("/api/presets/grafana").await.json()["name"],
        "Grafana"
    );
    assert_eq!(console.get("/api/presets/none").await.status, 404);
}

#[tokio::test]
async fn planning_answers_with_a_location() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let console = Console::before(&upstream).await;
    let mut draft = grafana();
    draft["client_secret"] = json!("hunter2-hunter2");
    let answer = console.post("/api/changes", &change(&draft)).await;
    assert_eq!(answer.status, 201);
    let id = answer.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(
        answer.header(header::LOCATION),
        format!("/api/changes/{id}")
    );
    assert!(!answer.text().contains("hunter2"));
    let done = console.work(&id, "apply").await;
    assert_eq!(done["state"], "applied");
    assert!(!done.to_string().contains("hunter2"));
    let application = read(&upstream, "core/applications/grafana/").await;
    let provider = read(
        &upstream,
        &format!("providers/oauth2/{}/", application["provider"]),
    )
    .await;
    assert_eq!(provider["client_secret"], "hunter2-hunter2", "as given");
}
