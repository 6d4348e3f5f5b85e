//! A service account for Ostiary itself, made and gone over to by one button.

use http::{Request, header};
use sandbox::Version;
use serde_json::{Value, json};

use crate::common::{
    Upstream, call,
    gate::{GOOD, Gate, to},
    is_running, read,
};

const MAKE: &str = "/settings/connection/account";

async fn connected(upstream: &Upstream) -> Gate {
    let mut gate = Gate::start().await;
    gate.set_up().await;
    gate.connect(upstream).await;
    gate
}

/// Who the console is for authentik.
async fn me(gate: &mut Gate) -> (String, bool) {
    let me = gate.get("/api/v3/core/users/me/").await.json();
    let user = &me["user"];
    (
        user["username"].as_str().unwrap_or_default().to_owned(),
        user["is_superuser"] == true,
    )
}

async fn the_change(gate: &mut Gate) -> Value {
    let all = gate.get("/api/changes").await.json();
    let change = all["changes"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["kind"] == "service-account");
    change.unwrap().clone()
}

async fn work(gate: &mut Gate, path: &str) -> (u16, String) {
    let request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
    let answer = gate.send(request, "{}".to_owned()).await;
    (answer.status, answer.text())
}

#[tokio::test]
async fn account_is_made_gone_over_to_and_undone_with_another_token() {
    for (version, rights, superuser) in [
        (Version::V2023_10, "everything", true),
        (Version::V2025_10, "set-up", false),
        (Version::V2026_5, "set-up", false),
    ] {
        let upstream = Upstream::start(version).await;
        let mut gate = connected(&upstream).await;
        let page = gate.get("/settings/connection").await.text();
        assert!(page.contains("An account of its own"), "{page}");
        let made = gate
            .post(MAKE, &[("username", "ostiary"), ("rights", rights)])
            .await;
        assert_eq!(
            to(&made),
            (303, "/settings/connection?own=1"),
            "{version} {}",
            made.text()
        );
        assert_eq!(
            me(&mut gate).await,
            ("ostiary".to_owned(), superuser),
            "{version}"
        );
        let shown = read(&upstream, "core/tokens/ostiary-api-token/view_key/").await;
        let key = shown["key"].as_str().unwrap().to_owned();

        // What set-ups need works.
        let draft = json!({ "kind": "oidc-application", "draft": { "preset": "gitea", "name": "Gitea",
            "base_url": "https://git.example.com", "access": { "groups": ["engineering"] } } });
        let request =
            Request::post("/api/changes").header(header::CONTENT_TYPE, "application/json");
        let planned = gate.send(request, draft.to_string()).await.json();
        let id = planned["id"].as_str().unwrap();
        work(&mut gate, &format!("/api/changes/{id}/apply")).await;
        while is_running(&gate.get(&format!("/api/changes/{id}")).await.json()) {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        let applied = gate.get(&format!("/api/changes/{id}")).await.json();
        assert_eq!(applied["state"], "applied", "{version} {applied}");
        let people = gate.get("/people").await;
        assert_eq!(people.status == 200, superuser, "{version}");

        // The key is in no page, no answer and no file.
        let change = the_change(&mut gate).await;
        let id = change["id"].as_str().unwrap().to_owned();
        for path in [
            "/settings/connection".to_owned(),
            "/settings/audit".to_owned(),
            format!("/changes/{id}"),
            format!("/api/changes/{id}"),
            "/api/audit.jsonl".to_owned(),
        ] {
            assert!(!gate.get(&path).await.text().contains(&key), "{path}");
        }
        for file in std::fs::read_dir(gate.folder.path()).unwrap() {
            let bytes = std::fs::read(file.unwrap().path()).unwrap_or_default();
            assert!(!bytes.windows(key.len()).any(|part| part == key.as_bytes()));
        }

        // It does not take itself away, and does not survive being taken away.
        let undo = format!("/api/changes/{id}/undo");
        let (status, text) = work(&mut gate, &undo).await;
        assert!(
            status == 409 && text.contains("works with this account"),
            "{status} {text}"
        );
        let token = upstream.sandbox.admin_token();
        let back = [("url", &*upstream.url()), ("token", &*token)];
        assert_eq!(gate.post("/settings/connection", &back).await.status, 303);
        assert_eq!(work(&mut gate, &undo).await.0, 202);
        while is_running(&gate.get(&format!("/api/changes/{id}")).await.json()) {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        let undone = gate.get(&format!("/api/changes/{id}")).await.json();
        assert_eq!(undone["state"], "undone", "{version} {undone}");
        let left = read(&upstream, "core/users/?username=ostiary").await;
        assert_eq!(left["pagination"]["count"], 0, "{version}");
    }
}

#[tokio::test]
async fn account_that_was_made_before_is_gone_over_to() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let mut gate = connected(&upstream).await;
    let fields = [("username", "ostiary"), ("rights", "everything")];
    assert_eq!(gate.post(MAKE, &fields).await.status, 303);
    // As if the process had died before it went over.
    let token = upstream.sandbox.admin_token();
    let back = [("url", &*upstream.url()), ("token", &*token)];
    assert_eq!(gate.post("/settings/connection", &back).await.status, 303);
    assert_eq!(me(&mut gate).await.0, "akadmin");
    assert_eq!(gate.post(MAKE, &fields).await.status, 303);
    assert_eq!(me(&mut gate).await.0, "ostiary");
    let all = gate.get("/api/changes").await.json();
    let made = all["changes"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|it| it["kind"] == "service-account");
    assert_eq!(made.count(), 1);
    // With other rights it is another account, and there is this one.
    assert_eq!(gate.post("/settings/connection", &back).await.status, 303);
    let other = [("username", "ostiary"), ("rights", "set-up")];
    let refused = gate.post(MAKE, &other).await;
    assert_eq!(refused.status, 422, "{}", refused.text());
    assert_eq!(me(&mut gate).await.0, "akadmin");
}

/// Whoever is called so may call a token so: neither is ours.
#[tokio::test]
async fn token_that_somebody_else_made_is_not_gone_over_to() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let mut gate = connected(&upstream).await;
    let account = json!({ "username": "ostiary", "name": "Mallory", "type": "internal" });
    let mallory = call(&upstream, "POST", "core/users/", &account).await["pk"].clone();
    let body = json!({ "identifier": "ostiary-api-token", "intent": "api", "user": mallory, "expiring": false });
    call(&upstream, "POST", "core/tokens/", &body).await;
    let shown = read(&upstream, "core/tokens/ostiary-api-token/view_key/").await;
    let key = shown["key"].as_str().unwrap().to_owned();
    for rights in ["everything", "set-up"] {
        let fields = [("username", "ostiary"), ("rights", rights)];
        let refused = gate.post(MAKE, &fields).await;
        let page = refused.text();
        assert!(
            refused.status == 422 && page.contains("already a user"),
            "{page}"
        );
        assert!(!page.contains(&key));
        assert_eq!(me(&mut gate).await.0, "akadmin");
    }
}

#[tokio::test]
async fn what_cannot_work_is_said_and_changes_nothing() {
    let upstream = Upstream::start(Version::V2023_10).await;
    let mut gate = connected(&upstream).await;
    let body = json!({ "identifier": "taken-api-token", "intent": "api", "expiring": false });
    call(&upstream, "POST", "core/tokens/", &body).await;
    let before = upstream.sandbox.count("user");
    for (username, rights, words) in [
        ("ostiary", "set-up", "from 2024.12 on"),
        ("ostiary", "root", "Choose what the account may do"),
        ("ostiary", "", "Choose what the account may do"),
        ("", "everything", "Give a login name"),
        ("../x", "everything", "Letters without accents"),
        ("<img src=x>", "everything", "Letters without accents"),
        ("akadmin", "everything", "already a user"),
        ("taken", "everything", "already a token"),
    ] {
        let refused = gate
            .post(MAKE, &[("username", username), ("rights", rights)])
            .await;
        let page = refused.text();
        assert_eq!(refused.status, 422, "{username} {rights}: {page}");
        assert!(
            page.contains(words) && !page.contains("<img src=x"),
            "{username} {rights}: {page}"
        );
        assert_eq!(me(&mut gate).await.0, "akadmin");
    }
    assert_eq!(upstream.sandbox.count("user"), before);
    // Not without a proof, and not by whoever is no administrator.
    let mut gate = gate
        .restarted("UPDATE sessions SET proven_until_ms = 0")
        .await;
    let fields = [("username", "ostiary"), ("rights", "everything")];
    assert_eq!(gate.post(MAKE, &fields).await.status, 403);
    let proven = [("passphrase", GOOD), ("then", "/")];
    assert_eq!(gate.post("/step-up", &proven).await.status, 303);
    let mut gate = gate
        .restarted("UPDATE sessions SET role = 'operator'")
        .await;
    assert_eq!(gate.post(MAKE, &fields).await.status, 403);
    let draft =
        json!({ "kind": "service-account", "draft": { "username": "x", "rights": "everything" } });
    let request = Request::post("/api/changes").header(header::CONTENT_TYPE, "application/json");
    assert_eq!(gate.send(request, draft.to_string()).await.status, 422);
    assert_eq!(upstream.sandbox.count("user"), before);
}
