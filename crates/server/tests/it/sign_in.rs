//! Signing in with authentik, against the sandbox as an OpenID provider.

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
    let mut gate = Gate::start().await;
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
    let mut gate = set_up(upstream).await;
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
async fn sign_out_at_authentik_ends_the_session_here() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let mut gate = tried(&upstream).await;
    stranger(&mut gate);
    let gone = gate.get("/sign-in/authentik").await;
    let address = gone.header(header::LOCATION).to_owned();
    let mut browser = AtAuthentik::of(&upstream);
    let back = browser.authorize(&address, "akadmin").await;
    gate.get(&back).await;
    assert_eq!(role(&mut gate).await, "admin");
    upstream.sandbox.take_logouts();
    let end = Request::get("/application/o/ostiary/end-session/");
    browser.send(end, String::new()).await;
    let logouts = upstream.sandbox.take_logouts();
    let ours = logouts
        .iter()
        .find(|it| it.uri.ends_with("/sign-in/authentik/logout"));
    let token = &ours.unwrap_or_else(|| panic!("{logouts:?}")).token;
    let own = std::mem::take(&mut gate.cookies);
    let [head, claims, signature]: [&str; 3] =
        token.split('.').collect::<Vec<_>>().try_into().unwrap();
    let none = "eyJhbGciOiJub25lIn0";
    let hs256 = "eyJhbGciOiJIUzI1NiJ9";
    let wrong = [
        String::new(),
        "a.b.c".to_owned(),
        format!("{head}.{claims}"),
        format!("{head}.{claims}."),
        format!("{head}.{claims}.{}", signature.replace(['a', 'b'], "c")),
        format!("{none}.{claims}."),
        format!("{none}.{claims}.{signature}"),
        format!("{hs256}.{claims}.{signature}"),
        format!("{head}.eyJpc3MiOiJ4In0.{signature}"),
        "x".repeat(9000),
    ];
    for token in &wrong {
        let answer = gate
            .post("/sign-in/authentik/logout", &[("logout_token", token)])
            .await;
        assert_eq!(answer.status, 400, "{token}");
    }
    println!(
        "counts: attacks: logout tokens: {} cases, all refused",
        wrong.len()
    );
    gate.cookies = own;
    assert_eq!(
        role(&mut gate).await,
        "admin",
        "nobody was signed out by them"
    );
    let own = std::mem::take(&mut gate.cookies);
    let answer = gate
        .post("/sign-in/authentik/logout", &[("logout_token", token)])
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    gate.cookies = own;
    assert_eq!(role(&mut gate).await, "nobody");
}

/// What a stranger can do with addresses and cookies: nothing of it opens a session.
#[tokio::test]
async fn answers_that_fit_no_attempt_of_the_browser_are_refused() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let mut gate = tried(&upstream).await;
    stranger(&mut gate);
    let first = go(&mut gate, &upstream, "/sign-in/authentik", "akadmin").await;
    let cookie = gate.cookies["ostiary_sign_in"].clone();
    stranger(&mut gate);
    let second = go(&mut gate, &upstream, "/sign-in/authentik", "akadmin").await;
    let other = gate.cookies["ostiary_sign_in"].clone();
    let part = |back: &str, name: &str| {
        let url = url::Url::parse("http://x").unwrap().join(back).unwrap();
        let found = url.query_pairs().find(|(key, _)| key == name);
        found.unwrap().1.into_owned()
    };
    let (state, code) = (part(&first, "state"), part(&first, "code"));
    let foreign_code = part(&second, "code");
    let at =
        |state: &str, code: &str| format!("/sign-in/authentik/callback?state={state}&code={code}");
    let elsewhere = cookie.replace("sign-in", "step-up");
    let to_evil = cookie.replace("%2F", "%2F%2Fevil.example");
    let cases = [
        ("no cookie", "", first.clone()),
        ("the cookie of another attempt", &*other, first.clone()),
        ("another purpose", &*elsewhere, first.clone()),
        ("another way on", &*to_evil, first.clone()),
        (
            "no state",
            &*cookie,
            format!("/sign-in/authentik/callback?code={code}"),
        ),
        ("an empty state", &*cookie, at("", &code)),
        ("another state", &*cookie, at(&"0".repeat(64), &code)),
        (
            "no code",
            &*cookie,
            format!("/sign-in/authentik/callback?state={state}"),
        ),
        ("an invented code", &*cookie, at(&state, "nope")),
        (
            "a code of another attempt: PKCE",
            &*cookie,
            at(&state, &foreign_code),
        ),
        (
            "an error",
            &*cookie,
            format!("{}&error=access_denied", at(&state, &code)),
        ),
    ];
    for (what, cookie, address) in &cases {
        stranger(&mut gate);
        gate.cookies
            .insert("ostiary_sign_in".into(), (*cookie).to_owned());
        let answer = gate.get(address).await;
        assert_eq!(answer.status, 403, "{what}: {}", answer.text());
        assert!(!gate.cookies.contains_key("ostiary_session"), "{what}");
    }
    println!(
        "counts: attacks: sign-in with authentik: {} cases, all refused",
        cases.len()
    );
    stranger(&mut gate);
    gate.cookies
        .insert("ostiary_sign_in".into(), cookie.clone());
    assert_eq!(gate.get(&first).await.status, 200, "the right one");
    stranger(&mut gate);
    gate.cookies.insert("ostiary_sign_in".into(), cookie);
    assert_eq!(gate.get(&first).await.status, 403, "a code is good once");
}

/// Keys that authentik changes are asked for anew; tokens of no key are refused.
#[tokio::test]
async fn keys_of_authentik_may_change() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let mut gate = tried(&upstream).await;
    let provider = gate
        .get("/api/v3/providers/oauth2/?name=Ostiary")
        .await
        .json();
    let pk = provider["results"][0]["pk"].as_i64().unwrap();
    let path = format!("/api/v3/providers/oauth2/{pk}/");
    stranger(&mut gate);
    // Now the keys are known.
    go_and_come_back(&mut gate, &upstream, "/sign-in/authentik", "akadmin").await;
    let second = upstream.sandbox.add_key_pair("second");
    patch(&upstream, &path, json!({ "signing_key": second })).await;
    stranger(&mut gate);
    go_and_come_back(&mut gate, &upstream, "/sign-in/authentik", "akadmin").await;
    assert_eq!(role(&mut gate).await, "admin");
    let curve = upstream.sandbox.add_ec_key_pair("curve");
    patch(&upstream, &path, json!({ "signing_key": curve })).await;
    stranger(&mut gate);
    let back = go(&mut gate, &upstream, "/sign-in/authentik", "akadmin").await;
    assert_eq!(
        gate.get(&back).await.status,
        403,
        "not twice within a minute"
    );
    let mut gate = gate.restarted("").await;
    stranger(&mut gate);
    go_and_come_back(&mut gate, &upstream, "/sign-in/authentik", "akadmin").await;
    assert_eq!(role(&mut gate).await, "admin", "ES256");
    patch(&upstream, &path, json!({ "signing_key": null })).await;
    stranger(&mut gate);
    let back = go(&mut gate, &upstream, "/sign-in/authentik", "akadmin").await;
    let answer = gate.get(&back).await;
    assert_eq!(answer.status, 403, "HS256 is not accepted");
}

/// An operator may do much, but makes nobody an administrator, of authentik or of Ostiary.
#[tokio::test]
async fn operator_makes_nobody_an_administrator() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let mut gate = set_up(&upstream).await;
    let groups = [
        ("do", "groups"),
        ("admin", "platform"),
        ("operator", "engineering"),
    ];
    assert_eq!(to(&gate.post(SETTINGS, &groups).await), (303, SETTINGS));
    go_and_come_back(&mut gate, &upstream, "/settings/sign-in/try", "mina.koch").await;
    stranger(&mut gate);
    go_and_come_back(&mut gate, &upstream, "/sign-in/authentik", "priya.nair").await;
    assert_eq!(role(&mut gate).await, "operator");
    let priya = pk_of(&mut gate, "priya.nair").await;
    let mut cases = 0;
    for group in ["authentik Admins", "platform", "on-call"] {
        let pk = gate
            .get(&format!(
                "/api/v3/core/groups/?name={}",
                group.replace(' ', "%20")
            ))
            .await;
        let pk = pk.json()["results"][0]["pk"].clone();
        let draft = json!({ "kind": "membership", "draft": { "action": "add", "group": pk, "users": [priya] } });
        let request =
            Request::post("/api/changes").header(header::CONTENT_TYPE, "application/json");
        let planned = gate.send(request, draft.to_string()).await;
        assert_eq!(planned.status, 201, "{}", planned.text());
        let plan = planned.json();
        let confirm = plan["plan"]["confirm"]["text"].as_str().unwrap_or_default();
        let apply = format!("/api/changes/{}/apply", plan["id"].as_str().unwrap());
        let request = Request::post(apply).header(header::CONTENT_TYPE, "application/json");
        let refused = gate
            .send(request, json!({ "confirm": confirm }).to_string())
            .await;
        assert_eq!(
            (refused.status, &*refused.code()),
            (403, "forbidden"),
            "{group}"
        );
        cases += 1;
    }
    println!("counts: attacks: operators that would be administrators: {cases} cases, all refused");
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

#[tokio::test]
async fn groups_that_would_lock_everybody_out_are_refused() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let mut gate = tried(&upstream).await;
    stranger(&mut gate);
    go_and_come_back(&mut gate, &upstream, "/sign-in/authentik", "akadmin").await;
    gate.post(SETTINGS, &[("do", "close")]).await;
    let kids = [("do", "groups"), ("admin", "kids")];
    let refused = gate.post(SETTINGS, &kids).await;
    assert_eq!(refused.status, 422);
    assert!(
        refused.text().contains("You are not in this group"),
        "{}",
        refused.text()
    );
    assert_eq!(
        to(&gate.post(SETTINGS, &[("do", "open")]).await),
        (303, SETTINGS)
    );
    assert_eq!(to(&gate.post(SETTINGS, &kids).await), (303, SETTINGS));
}

/// The key of a user in one authentik is somebody else's in another.
#[tokio::test]
async fn accounts_end_with_the_connection_to_their_authentik() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let mut gate = tried(&upstream).await;
    let owner = std::mem::take(&mut gate.cookies);
    go_and_come_back(&mut gate, &upstream, "/sign-in/authentik", "akadmin").await;
    gate.post(SETTINGS, &[("do", "close")]).await;
    assert_eq!(gate.get("/people").await.status, 200);
    let other = Upstream::start(Version::V2025_10).await;
    let moved = gate.connect(&other).await;
    assert_eq!(moved.status, 303, "{}", moved.text());
    assert_eq!(to(&gate.get("/people").await).0, 303, "signed out");
    gate.cookies = owner;
    stranger(&mut gate);
    assert_eq!(
        gate.sign_in(GOOD).await.status,
        303,
        "the passphrase is open again"
    );
}
