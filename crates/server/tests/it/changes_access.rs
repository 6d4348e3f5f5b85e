//! `/api/changes`: who may open what, changed without a browser.

use sandbox::Version;
use serde_json::{Value, json};

use crate::common::{Console, Upstream, call, read};

/// Plans; gives the answer.
async fn plan(console: &Console, kind: &str, draft: Value) -> (u16, Value) {
    let body = json!({ "kind": kind, "draft": draft });
    let answer = console.post("/api/changes", &body).await;
    (answer.status, answer.json())
}

/// Members of a group, by login name.
async fn members(upstream: &Upstream, group: &str) -> Vec<String> {
    let groups = read(upstream, &format!("core/groups/?name={group}")).await;
    let pk = groups["results"][0]["pk"].as_str().unwrap().to_owned();
    let users = read(upstream, "core/users/?page_size=100").await;
    let mut names: Vec<String> = users["results"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|user| user["groups"].as_array().unwrap().contains(&json!(pk)))
        .map(|user| user["username"].as_str().unwrap().to_owned())
        .collect();
    names.sort();
    names
}

/// A group and a user to play with.
async fn people(upstream: &Upstream) {
    call(
        upstream,
        "POST",
        "core/groups/",
        &json!({ "name": "readers" }),
    )
    .await;
    let jo = json!({ "username": "jo", "name": "Jo", "path": "users" });
    call(upstream, "POST", "core/users/", &jo).await;
}

#[tokio::test]
async fn a_person_joins_and_undo_takes_it_back() {
    for version in Version::ALL {
        let upstream = Upstream::start(version).await;
        people(&upstream).await;
        let console = Console::before(&upstream).await;
        let draft = json!({ "groups": ["readers"], "add": ["jo"] });
        let (status, change) = plan(&console, "membership", draft).await;
        assert_eq!(status, 201, "{change:#}");
        assert_eq!(change["kind"], "membership");
        assert!(
            members(&upstream, "readers").await.is_empty(),
            "only planned"
        );
        let id = change["id"].as_str().unwrap();
        let done = console.work(id, "apply").await;
        assert_eq!(done["state"], "applied", "{version}: {done:#}");
        assert_eq!(members(&upstream, "readers").await, ["jo"]);
        let undone = console.work(id, "undo").await;
        assert_eq!(undone["state"], "undone", "{version}: {undone:#}");
        assert!(members(&upstream, "readers").await.is_empty());
    }
}

#[tokio::test]
async fn a_plan_of_consequence_wants_to_be_confirmed() {
    let upstream = Upstream::start(Version::V2026_5).await;
    people(&upstream).await;
    let secret = json!({ "name": "Diary", "slug": "diary" });
    call(&upstream, "POST", "core/applications/", &secret).await;
    let console = Console::before(&upstream).await;
    let draft = json!({ "applications": ["diary"], "groups": ["readers"] });
    let (_, change) = plan(&console, "group-binding", draft).await;
    let wanted = change["plan"]["confirm"].clone();
    let close = console
        .post(
            &format!("/api/changes/{}/apply", change["id"].as_str().unwrap()),
            &json!({ "confirm": wanted["text"] }),
        )
        .await;
    assert_eq!(close.status, 202, "{}", close.text());
    console.finished(change["id"].as_str().unwrap()).await;

    let draft = json!({ "applications": ["diary"], "door": "everyone" });
    let (_, change) = plan(&console, "application-access", draft).await;
    assert_eq!(change["plan"]["confirm"]["text"], "Diary", "{change:#}");
    let path = format!("/api/changes/{}/apply", change["id"].as_str().unwrap());
    for wrong in [json!({}), json!({ "confirm": "diary" })] {
        let refused = console.post(&path, &wrong).await;
        assert_eq!(refused.status, 422);
        let said = refused.json()["errors"]["confirm"][0].to_string();
        assert!(said.contains("Type “Diary” to confirm"), "{said}");
    }
    let state = console.get(path.trim_end_matches("/apply")).await.json();
    assert_eq!(state["state"], "planned", "nothing was begun");
    let done = console.post(&path, &json!({ "confirm": " Diary " })).await;
    assert_eq!(done.status, 202);
    let done = console.finished(change["id"].as_str().unwrap()).await;
    assert_eq!(done["state"], "applied", "{done:#}");
}

#[tokio::test]
async fn what_is_wrong_is_named_by_field() {
    let upstream = Upstream::start(Version::V2025_10).await;
    let console = Console::before(&upstream).await;
    let draft = json!({ "groups": ["nobody knows it"], "add": ["jo"] });
    let (status, errors) = plan(&console, "membership", draft).await;
    assert_eq!(status, 422);
    let fields: Vec<&String> = errors["errors"].as_object().unwrap().keys().collect();
    assert!(
        fields.iter().any(|field| field.starts_with("groups")),
        "{errors:#}"
    );
    let (status, errors) = plan(&console, "membership", json!({ "hack": 1 })).await;
    assert_eq!(status, 422, "{errors:#}");
    let (status, errors) = plan(&console, "magic", json!({})).await;
    assert_eq!(status, 422);
    assert!(
        errors["errors"]["kind"][0]
            .to_string()
            .contains("group-binding"),
        "{errors:#}"
    );
}

#[tokio::test]
async fn a_plan_that_would_be_another_one_now_is_refused_and_one_that_holds_is_verified() {
    let upstream = Upstream::start(Version::V2026_5).await;
    people(&upstream).await;
    let console = Console::before(&upstream).await;
    let draft = json!({ "groups": ["readers"], "add": ["jo"] });
    let (_, stale) = plan(&console, "membership", draft.clone()).await;
    let (_, first) = plan(&console, "membership", draft).await;
    let checks = |id: &Value| format!("/api/changes/{}/checks", id.as_str().unwrap());
    let answer = console.get(&checks(&first["id"])).await;
    assert_eq!(answer.status, 409, "not applied yet: {}", answer.text());
    let done = console.work(first["id"].as_str().unwrap(), "apply").await;
    assert_eq!(done["state"], "applied", "{done:#}");
    let apply = format!("/api/changes/{}/apply", stale["id"].as_str().unwrap());
    let answer = console.post(&apply, &json!({})).await;
    assert_eq!(answer.status, 409);
    let message = answer.json()["error"]["message"].to_string();
    assert!(message.contains("plan it again"), "{message}");
    // Nobody opens anything through the group, so there is nobody to ask about.
    let answer = console.get(&checks(&first["id"])).await;
    assert_eq!(answer.json(), json!({ "checks": [] }));
}

#[tokio::test]
async fn authentik_is_asked_about_people_on_both_sides() {
    for version in Version::ALL {
        let upstream = Upstream::start(version).await;
        people(&upstream).await;
        let app = json!({ "name": "Wiki", "slug": "wiki" });
        call(&upstream, "POST", "core/applications/", &app).await;
        let console = Console::before(&upstream).await;
        let join = json!({ "groups": ["readers"], "add": ["jo"] });
        let (_, change) = plan(&console, "membership", join).await;
        console.work(change["id"].as_str().unwrap(), "apply").await;
        let bind = json!({ "applications": ["wiki"], "groups": ["readers"] });
        let (status, change) = plan(&console, "group-binding", bind).await;
        assert_eq!(status, 201, "{change:#}");
        let id = change["id"].as_str().unwrap();
        let confirm =
            json!({ "confirm": change["plan"]["confirm"]["text"].as_str().unwrap_or_default() });
        let apply = format!("/api/changes/{id}/apply");
        assert_eq!(
            console.post(&apply, &confirm).await.status,
            202,
            "{version}"
        );
        let path = format!("/api/changes/{id}");
        while console.get(&path).await.json()["state"] != "applied" {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        let checks = console.get(&format!("{path}/checks")).await.json();
        let said: Vec<String> = checks["checks"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| {
                format!(
                    "{} {}",
                    it["verdict"].as_str().unwrap(),
                    it["title"].as_str().unwrap()
                )
            })
            .collect();
        assert!(
            said.iter().all(|it| it.starts_with("passed")),
            "{version}: {said:#?}"
        );
        let told = |words: &str| said.iter().any(|it| it.contains(words));
        assert!(
            told("“Jo” gets into “Wiki” as before"),
            "{version}: {said:#?}"
        );
        assert!(
            told("does not get into “Wiki” any more"),
            "{version}: {said:#?}"
        );
    }
}
