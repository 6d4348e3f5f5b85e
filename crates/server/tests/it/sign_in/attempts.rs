//! What strangers, operators and others who should not try.

use http::{Request, header};
use sandbox::Version;
use serde_json::json;

use super::{SETTINGS, go, go_and_come_back, patch, role, set_up, stranger, tried};
use crate::common::{
    Upstream,
    authentik::AtAuthentik,
    gate::{GOOD, to},
};

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
    let mut cases = 0;
    for group in ["authentik Admins", "platform", "on-call"] {
        let draft = json!({ "groups": [group], "add": ["priya.nair"] });
        let draft = json!({ "kind": "membership", "draft": draft });
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
    // Nobody bears the name now that gives the role.
    let platform = gate.get("/api/v3/core/groups/?name=platform").await.json();
    let platform = platform["results"][0]["pk"].as_str().unwrap().to_owned();
    let path = format!("/api/v3/core/groups/{platform}/");
    patch(&upstream, &path, json!({ "name": "platform-of-old" })).await;
    let akadmin = json!({ "user": "akadmin", "email": "priya@example.org" });
    let named = json!({ "action": "create", "name": "platform" });
    for (kind, draft) in [("user", akadmin), ("group", named)] {
        let mut draft = json!({ "kind": kind, "draft": draft });
        if kind == "user" {
            draft["draft"]["action"] = json!("change");
        }
        let request =
            Request::post("/api/changes").header(header::CONTENT_TYPE, "application/json");
        let planned = gate.send(request, draft.to_string()).await;
        assert_eq!(planned.status, 201, "{}", planned.text());
        let apply = format!(
            "/api/changes/{}/apply",
            planned.json()["id"].as_str().unwrap()
        );
        let request = Request::post(apply).header(header::CONTENT_TYPE, "application/json");
        let refused = gate.send(request, "{}".to_owned()).await;
        assert_eq!(
            (refused.status, &*refused.code()),
            (403, "forbidden"),
            "{kind}"
        );
        cases += 1;
    }
    println!("counts: attacks: operators that would be administrators: {cases} cases, all refused");
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
