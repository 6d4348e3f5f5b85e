//! Signing in with authentik, against the sandbox as an OpenID provider.

mod attempts;
mod forward_auth;
mod scope;

use http::{Request, header};
use sandbox::{Fault, Version};
use serde_json::json;

use crate::common::{
    Upstream,
    authentik::AtAuthentik,
    gate::{GOOD, Gate, to},
};

const SETTINGS: &str = "/settings/sign-in";
const VERSIONS: [Version; 3] = [Version::V2023_10, Version::V2025_10, Version::V2026_5];

/// A console that is connected, with signing in set up: administrators, engineers operate, staff looks.
async fn set_up(upstream: &Upstream) -> Gate {
    set_up_in(Gate::start().await, upstream).await
}

/// The same in a console that was started for it.
async fn set_up_in(mut gate: Gate, upstream: &Upstream) -> Gate {
    gate.set_up().await;
    gate.connect(upstream).await;
    let done = gate
        .post(
            SETTINGS,
            &[
                ("do", "set-up"),
                ("admin", "authentik Admins"),
                ("operator", "engineering"),
                ("viewer", "staff"),
            ],
        )
        .await;
    assert_eq!(to(&done), (303, SETTINGS), "{}", done.text());
    gate
}

/// The same, and somebody has tried it.
async fn tried(upstream: &Upstream) -> Gate {
    tried_in(Gate::start().await, upstream).await
}

async fn tried_in(gate: Gate, upstream: &Upstream) -> Gate {
    let mut gate = set_up_in(gate, upstream).await;
    let page = go_and_come_back(&mut gate, upstream, "/settings/sign-in/try", "akadmin").await;
    assert!(page.contains("url=/settings/sign-in\""), "{page}");
    let page = gate.get(SETTINGS).await.text();
    assert!(page.contains("It works"), "{page}");
    gate
}

/// From an address of ours to authentik, and back as `username`; the page that one comes back to.
async fn go_and_come_back(
    gate: &mut Gate,
    upstream: &Upstream,
    from: &str,
    username: &str,
) -> String {
    let back = go(gate, upstream, from, username).await;
    gate.get(&back).await.text()
}

/// From an address of ours to authentik; where that sends the browser back.
async fn go(gate: &mut Gate, upstream: &Upstream, from: &str, username: &str) -> String {
    let gone = gate.get(from).await;
    assert_eq!(gone.status, 303, "{}", gone.text());
    let address = gone.header(header::LOCATION).to_owned();
    AtAuthentik::of(upstream)
        .authorize(&address, username)
        .await
}

/// The same console in another browser.
fn stranger(gate: &mut Gate) {
    gate.cookies.clear();
}

/// The role that the pages tell the visitor, by what they may see.
async fn role(gate: &mut Gate) -> &'static str {
    let page = gate.get("/people").await;
    if page.status != 200 {
        return "nobody";
    }
    if gate.get(SETTINGS).await.status == 200 {
        return "admin";
    }
    let discard = gate
        .post("/_fn/wizard/start", &[("preset", "grafana")])
        .await;
    if discard.status == 403 {
        "viewer"
    } else {
        "operator"
    }
}

#[tokio::test]
async fn sign_in_is_set_up_tried_and_used_in_every_version() {
    for version in VERSIONS {
        let upstream = Upstream::start(version).await;
        let mut gate = set_up(&upstream).await;
        let page = gate.get(SETTINGS).await.text();
        assert!(page.contains("Not tried yet"), "{page}");
        let before = std::mem::take(&mut gate.cookies);
        let early = gate.get("/sign-in/authentik").await;
        assert_eq!(early.status, 403, "not offered before it was tried");
        assert!(
            !gate
                .get("/sign-in")
                .await
                .text()
                .contains("Sign in with authentik")
        );
        gate.cookies = before;
        let engineer = "priya.nair";
        go_and_come_back(&mut gate, &upstream, "/settings/sign-in/try", engineer).await;
        let page = gate.get(SETTINGS).await.text();
        assert!(
            page.contains("It works, but not for an administrator")
                && page.contains("Not tried yet"),
            "{page}"
        );
        go_and_come_back(&mut gate, &upstream, "/settings/sign-in/try", "akadmin").await;
        assert!(
            gate.get(SETTINGS)
                .await
                .text()
                .contains("akadmin came in by it")
        );
        stranger(&mut gate);
        let page = gate.get("/sign-in?then=%2Fpeople%3Fq%3Da").await.text();
        assert!(
            page.contains("/sign-in/authentik?then=%2Fpeople%3Fq%3Da"),
            "{page}"
        );
        let from = "/sign-in/authentik?then=%2Fpeople%3Fq%3Da";
        let page = go_and_come_back(&mut gate, &upstream, from, "akadmin").await;
        assert!(page.contains("url=/people?q=a\""), "{page}");
        assert_eq!(role(&mut gate).await, "admin", "{version:?}");
        let page = gate.get("/settings/sessions").await.text();
        assert!(
            page.contains("akadmin") && page.contains("with authentik"),
            "{page}"
        );
        gate.folder.close().unwrap();
    }
}

#[tokio::test]
async fn role_follows_the_groups_and_those_above_them() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let mut gate = tried(&upstream).await;
    for (username, expected) in [
        ("akadmin", "admin"),
        ("priya.nair", "operator"),
        ("mina.koch", "operator"),
        ("niamh.kelly", "viewer"),
    ] {
        stranger(&mut gate);
        go_and_come_back(&mut gate, &upstream, "/sign-in/authentik", username).await;
        assert_eq!(role(&mut gate).await, expected, "{username}");
    }
}

#[tokio::test]
async fn person_without_a_role_is_told_so_and_has_no_session() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let mut gate = tried(&upstream).await;
    let changed = gate
        .post(SETTINGS, &[("do", "groups"), ("admin", "authentik Admins")])
        .await;
    assert_eq!(to(&changed), (303, SETTINGS), "{}", changed.text());
    stranger(&mut gate);
    let back = go(&mut gate, &upstream, "/sign-in/authentik", "niamh.kelly").await;
    let answer = gate.get(&back).await;
    assert_eq!(answer.status, 403);
    assert!(
        answer.text().contains("You have no role in Ostiary"),
        "{}",
        answer.text()
    );
    assert_eq!(role(&mut gate).await, "nobody");
    let again = gate.get(&back).await.text();
    assert!(
        again.contains("not begun here"),
        "the attempt is over: {again}"
    );
}

async fn patch(upstream: &Upstream, path: &str, body: serde_json::Value) {
    let token = format!("Bearer {}", upstream.sandbox.admin_token());
    let request = Request::patch(path)
        .header(header::AUTHORIZATION, token)
        .header(header::CONTENT_TYPE, "application/json");
    let request = request
        .body(axum::body::Body::from(body.to_string()))
        .unwrap();
    let answer = tower::ServiceExt::oneshot(upstream.sandbox.router(), request).await;
    assert!(answer.unwrap().status().is_success(), "{path}");
}

async fn pk_of(gate: &mut Gate, username: &str) -> i64 {
    let found = gate
        .get(&format!("/api/v3/core/users/?username={username}"))
        .await;
    found.json()["results"][0]["pk"].as_i64().unwrap()
}

/// What is found out about people is forgotten with the process, so a restart stands for the minutes that go by.
#[tokio::test]
async fn role_is_lost_with_the_group_and_with_the_account() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let mut gate = tried(&upstream).await;
    let priya = pk_of(&mut gate, "priya.nair").await;
    stranger(&mut gate);
    go_and_come_back(&mut gate, &upstream, "/sign-in/authentik", "priya.nair").await;
    assert_eq!(role(&mut gate).await, "operator");
    let staff = gate.get("/api/v3/core/groups/?name=staff").await.json();
    let staff = &staff["results"][0]["pk"];
    let user = format!("/api/v3/core/users/{priya}/");
    patch(&upstream, &user, json!({ "groups": [staff] })).await;
    let mut gate = gate.restarted("").await;
    assert_eq!(role(&mut gate).await, "viewer", "an engineer no more");
    patch(&upstream, &user, json!({ "is_active": false })).await;
    let mut gate = gate.restarted("").await;
    assert_eq!(role(&mut gate).await, "nobody", "the account is ended");
    patch(&upstream, &user, json!({ "is_active": true })).await;
    let mut gate = gate.restarted("").await;
    assert_eq!(
        role(&mut gate).await,
        "nobody",
        "the session was ended for good"
    );
    stranger(&mut gate);
    gate.sign_in(GOOD).await;
    let log = gate.get("/api/audit.csv").await.text();
    assert!(log.contains("priya.nair: no role any more"), "{log}");
}

#[tokio::test]
async fn session_waits_while_authentik_does_not_say_who_somebody_is() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let mut gate = tried(&upstream).await;
    stranger(&mut gate);
    go_and_come_back(&mut gate, &upstream, "/sign-in/authentik", "akadmin").await;
    let faults = upstream.sandbox.faults();
    faults.set(Fault::BadGateway, None, "/api/v3/", None);
    let mut gate = gate.restarted("").await;
    let answer = gate.get("/people").await;
    assert_eq!(answer.status, 503, "{}", answer.text());
    assert!(
        answer
            .text()
            .contains("does not say whether you may be here")
    );
    assert_eq!(
        gate.get("/sign-in").await.status,
        200,
        "the passphrase is a way in"
    );
    faults.clear();
    // Nobody waits for it again at once; the restart stands for the seconds that go by.
    let mut gate = gate.restarted("").await;
    assert_eq!(
        gate.get("/people").await.status,
        200,
        "the session was kept"
    );
}

#[tokio::test]
async fn proof_is_asked_of_authentik_and_of_the_same_person() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let mut gate = tried(&upstream).await;
    stranger(&mut gate);
    go_and_come_back(&mut gate, &upstream, "/sign-in/authentik", "akadmin").await;
    let mut gate = gate
        .restarted("UPDATE sessions SET proven_until_ms = 0")
        .await;
    let page = gate.get("/step-up?then=%2Fsettings%2Fkeys").await.text();
    assert!(
        page.contains("/step-up/authentik?then=%2Fsettings%2Fkeys"),
        "{page}"
    );
    assert_eq!(
        gate.post("/settings/keys", &[("name", "x")]).await.status,
        403
    );

    let from = "/step-up/authentik?then=%2Fsettings%2Fkeys";
    let gone = gate.get(from).await;
    let address = gone.header(header::LOCATION).to_owned();
    assert!(
        address.contains("prompt=login") && address.contains("max_age=0"),
        "{address}"
    );
    let back = AtAuthentik::of(&upstream)
        .authorize(&address, "priya.nair")
        .await;
    let other = gate.get(&back).await;
    assert_eq!(other.status, 403);
    assert!(
        other.text().contains("Somebody else signed in"),
        "{}",
        other.text()
    );

    let before = gate.cookies["ostiary_session"].clone();
    let page = go_and_come_back(&mut gate, &upstream, from, "akadmin").await;
    assert!(page.contains("url=/settings/keys\""), "{page}");
    assert_ne!(gate.cookies["ostiary_session"], before, "a new session");
    let made = [("name", "x"), ("role", "viewer"), ("days", "1")];
    assert_eq!(gate.post("/settings/keys", &made).await.status, 200);
    gate.cookies.insert("ostiary_session".into(), before);
    assert_eq!(gate.get("/people").await.status, 303, "the old one is over");
}

#[tokio::test]
async fn passphrase_is_closed_only_by_who_came_with_authentik_and_never_for_good() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let mut gate = tried(&upstream).await;
    let refused = gate.post(SETTINGS, &[("do", "close")]).await;
    assert_eq!(refused.status, 409, "{}", refused.text());
    stranger(&mut gate);
    go_and_come_back(&mut gate, &upstream, "/sign-in/authentik", "akadmin").await;
    assert_eq!(
        to(&gate.post(SETTINGS, &[("do", "close")]).await),
        (303, SETTINGS)
    );
    let own = std::mem::take(&mut gate.cookies);
    let page = gate.get("/sign-in").await.text();
    assert!(
        !page.contains("name=\"passphrase\"") && page.contains("Sign in with authentik"),
        "{page}"
    );
    assert_eq!(gate.sign_in(GOOD).await.status, 403);
    let mut gate = gate.restarted("").await;
    assert_eq!(gate.sign_in(GOOD).await.status, 403, "after a restart too");
    gate.cookies = own;
    assert_eq!(
        to(&gate.post(SETTINGS, &[("do", "remove")]).await),
        (303, SETTINGS)
    );
    stranger(&mut gate);
    assert_eq!(
        gate.sign_in(GOOD).await.status,
        303,
        "nothing else would be a way in"
    );
}

#[tokio::test]
async fn application_that_people_sign_in_with_is_not_undone() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let mut gate = tried(&upstream).await;
    let changes = gate.get("/api/changes").await.json();
    let id = changes["changes"][0]["id"].as_str().unwrap().to_owned();
    let undo = format!("/api/changes/{id}/undo");
    let request = || Request::post(&undo).header(header::CONTENT_TYPE, "application/json");
    let refused = gate.send(request(), String::new()).await;
    assert_eq!(refused.status, 409, "{}", refused.text());
    assert_eq!(
        to(&gate.post(SETTINGS, &[("do", "remove")]).await),
        (303, SETTINGS)
    );
    assert_eq!(gate.send(request(), String::new()).await.status, 202);
}

/// Names from authentik are text here too, and so is what it says about an error.
#[tokio::test]
async fn hostile_names_and_errors_of_authentik_are_text() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let mut gate = tried(&upstream).await;
    let niamh = pk_of(&mut gate, "niamh.kelly").await;
    let hostile = "<img src=x onerror=alert(1)>\u{202e}</title>";
    let user = format!("/api/v3/core/users/{niamh}/");
    patch(&upstream, &user, json!({ "username": hostile })).await;
    let own = std::mem::take(&mut gate.cookies);
    go_and_come_back(&mut gate, &upstream, "/sign-in/authentik", hostile).await;
    assert_eq!(role(&mut gate).await, "viewer");
    let mut pages = vec![gate.get("/people").await.text()];
    pages.push(gate.get("/settings/sessions").await.text());
    let gone = gate.get("/sign-in/authentik").await;
    let address = url::Url::parse(gone.header(header::LOCATION)).unwrap();
    let state = address
        .query_pairs()
        .find(|(name, _)| name == "state")
        .unwrap();
    let error = format!(
        "state={}&error=%3Cimg%20src%3Dx%3E&error_description=%3Cimg%20src%3Dx%3E",
        state.1
    );
    let refused = gate
        .get(&format!("/sign-in/authentik/callback?{error}"))
        .await
        .text();
    assert!(refused.contains("&lt;img src=x&gt;"), "{refused}");
    pages.push(refused);
    gate.cookies = own;
    pages.push(gate.get("/settings/sessions").await.text());
    pages.push(gate.get("/settings/audit").await.text());
    for page in &pages {
        assert!(!page.contains("<img src=x"), "{page}");
    }
    assert_eq!(
        pages
            .iter()
            .filter(|page| page.contains("&lt;img src=x"))
            .count(),
        pages.len()
    );
}
