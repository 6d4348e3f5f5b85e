//! `/api/changes`: the main job without a browser.

use http::header;
use sandbox::Version;
use serde_json::{Value, json};

use crate::common::{Console, Upstream, change, counts, gitea, grafana, read};

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
            .post(
                &format!("/api/changes/{id}/app-side"),
                &serde_json::json!({}),
            )
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
