//! People whom a proxy in front has signed in with authentik.

use std::net::SocketAddr;

use axum::extract::ConnectInfo;
use http::Request;
use sandbox::Version;
use serde_json::json;
use server::config::{Config, ForwardAuth};

use super::{VERSIONS, go_and_come_back, patch, pk_of, role, set_up_in, stranger, tried_in};
use crate::common::{
    Upstream,
    gate::{Gate, to},
};

const SECRET: &str = "0123456789abcdef0123456789abcdef";
const SECRET_HEADER: &str = "x-ostiary-forward-auth";
const USERNAME: &str = "x-authentik-username";

/// A console that believes a proxy on this machine.
async fn started() -> Gate {
    let forward_auth = ForwardAuth {
        proxies: vec!["127.0.0.1".parse().unwrap()],
        secret: Some(SECRET.into()),
        secret_file: None,
    };
    let config = Config {
        forward_auth,
        ..Config::default()
    };
    Gate::configured(tempfile::tempdir().unwrap(), config).await
}

/// From now on the proxy says so, in a browser without a session.
fn through_proxy(gate: &mut Gate, name: &str) {
    stranger(gate);
    gate.headers = [
        (SECRET_HEADER, SECRET.to_owned()),
        (USERNAME, name.to_owned()),
    ]
    .into();
}

#[tokio::test]
async fn people_come_in_through_the_proxy_with_the_role_of_their_groups() {
    for version in VERSIONS {
        let upstream = Upstream::start(version).await;
        let mut gate = tried_in(started().await, &upstream).await;
        for (name, expected) in [
            ("akadmin", "admin"),
            ("priya.nair", "operator"),
            ("niamh.kelly", "viewer"),
        ] {
            through_proxy(&mut gate, name);
            let sent = gate.get("/people?q=a").await;
            assert_eq!(to(&sent), (303, "/sign-in?then=%2Fpeople%3Fq%3Da"));
            let page = gate.get("/sign-in?then=%2Fpeople%3Fq%3Da").await;
            assert!(page.text().contains("url=/people?q=a\""), "{}", page.text());
            assert_eq!(role(&mut gate).await, expected, "{version} {name}");
        }
        // What is dangerous asks authentik itself, which knows when they last proved who they are.
        through_proxy(&mut gate, "akadmin");
        gate.get("/sign-in").await;
        let groups = gate.post("/settings/sign-in", &[("do", "remove")]).await;
        assert_eq!(groups.status, 403, "{}", groups.text());
        go_and_come_back(
            &mut gate,
            &upstream,
            "/step-up/authentik?then=%2Fpeople",
            "akadmin",
        )
        .await;
        let audit = gate.get("/settings/audit").await.text();
        assert!(audit.contains("With authentik, through a proxy"), "{audit}");
        let sessions = gate.get("/settings/sessions").await.text();
        assert!(sessions.contains("through a proxy"), "{sessions}");
        let removed = gate.post("/settings/sign-in", &[("do", "remove")]).await;
        assert_eq!(to(&removed), (303, "/settings/sign-in"));
    }
}

#[tokio::test]
async fn session_is_over_when_the_proxy_names_nobody_or_somebody_else() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let mut gate = tried_in(started().await, &upstream).await;
    for change in ["nobody", "somebody else", "another secret"] {
        through_proxy(&mut gate, "akadmin");
        gate.get("/sign-in").await;
        assert_eq!(role(&mut gate).await, "admin");
        let before = gate.headers.clone();
        match change {
            "nobody" => gate.headers.clear(),
            "somebody else" => drop(gate.headers.insert(USERNAME, "niamh.kelly".to_owned())),
            _ => drop(gate.headers.insert(SECRET_HEADER, SECRET.replace('0', "1"))),
        }
        assert_eq!(role(&mut gate).await, "nobody", "{change}");
        gate.headers = before;
        // Without a name this request was nobody's; somebody else's name ends the session.
        let after = if change == "somebody else" {
            "nobody"
        } else {
            "admin"
        };
        assert_eq!(role(&mut gate).await, after, "{change}");
    }
    through_proxy(&mut gate, "akadmin");
    gate.get("/sign-in").await;
    let sessions = async |gate: &mut Gate| {
        let page = gate.get("/settings/sessions").await.text();
        page.matches("through a proxy").count()
    };
    let open = sessions(&mut gate).await;
    assert_eq!(
        to(&gate.get("/sign-in?then=%2Fpeople").await),
        (303, "/people")
    );
    // From another site the cookie does not come along: the page goes on by itself, and then it does.
    let request = Request::get("/sign-in?then=%2Fpeople").header("sec-fetch-site", "cross-site");
    let hop = gate.send(request, String::new()).await.text();
    assert!(
        hop.contains("url=/sign-in?then=%2Fpeople&amp;here=1\""),
        "{hop}"
    );
    assert_eq!(
        sessions(&mut gate).await,
        open,
        "no session was made for that"
    );
    // Once is enough, whatever the browser says of itself then.
    let request =
        Request::get("/sign-in?then=%2Fpeople&here=1").header("sec-fetch-site", "cross-site");
    assert_eq!(
        to(&gate.send(request, String::new()).await),
        (303, "/people")
    );
    let other = gate.get("/sign-in?other=1").await.text();
    assert!(other.contains("name=\"passphrase\""), "{other}");
    let out = gate.post("/sign-out", &[]).await.text();
    assert!(
        out.contains("url=/outpost.goauthentik.io/sign_out\""),
        "{out}"
    );
}

#[tokio::test]
async fn headers_of_others_let_nobody_in() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let mut gate = tried_in(started().await, &upstream).await;
    let peer = |address: &str| ConnectInfo::<SocketAddr>(address.parse().unwrap());
    let mut cases = 0;
    for (address, secret, name) in [
        ("192.0.2.7:1", SECRET, "akadmin"),
        ("10.0.0.1:1", SECRET, "akadmin"),
        ("[::1]:1", SECRET, "akadmin"),
        ("127.0.0.1:1", "", "akadmin"),
        ("127.0.0.1:1", "0123456789abcdef", "akadmin"),
        ("127.0.0.1:1", &SECRET.to_uppercase(), "akadmin"),
        ("127.0.0.1:1", SECRET, ""),
        ("127.0.0.1:1", SECRET, "nobody-of-this-name"),
        ("127.0.0.1:1", SECRET, "AKADMIN"),
        ("127.0.0.1:1", SECRET, "akadmin,niamh.kelly"),
        ("127.0.0.1:1", SECRET, "akadmin&is_superuser=true"),
        ("127.0.0.1:1", SECRET, "amélie.dubois"),
    ] {
        stranger(&mut gate);
        gate.headers.clear();
        let request = Request::get("/sign-in")
            .header(SECRET_HEADER, secret)
            .header(USERNAME, name.as_bytes())
            .header("x-forwarded-for", "127.0.0.1")
            .extension(peer(address));
        let page = gate.send(request, String::new()).await;
        assert!(page.text().contains("Sign in"), "{}", page.text());
        let request = Request::get("/people")
            .header(SECRET_HEADER, secret)
            .header(USERNAME, name.as_bytes())
            .extension(peer(address));
        let sent = gate.send(request, String::new()).await.status;
        assert_eq!(sent, 303, "{address} {secret} {name}");
        cases += 1;
    }
    println!("counts: attacks: forward auth: {cases} cases, all refused");
    // Other paths are not ways in, whatever the headers say.
    through_proxy(&mut gate, "akadmin");
    for path in ["/api/changes", "/api/v3/core/users/", "/settings/keys"] {
        let answer = gate.get(path).await;
        assert!(
            [303, 401].contains(&answer.status),
            "{path}: {}",
            answer.status
        );
    }
    assert!(gate.cookies.is_empty(), "{:?}", gate.cookies);
}

#[tokio::test]
async fn proxy_lets_nobody_in_without_a_role_or_before_it_is_set_up() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let mut gate = set_up_in(started().await, &upstream).await;
    let own = gate.cookies.clone();
    through_proxy(&mut gate, "akadmin");
    let page = gate.get("/sign-in").await.text();
    assert!(page.contains("is not set up"), "{page}");
    gate.cookies = own;
    go_and_come_back(&mut gate, &upstream, "/settings/sign-in/try", "akadmin").await;
    let niamh = pk_of(&mut gate, "niamh.kelly").await;
    let user = format!("/api/v3/core/users/{niamh}/");
    patch(&upstream, &user, json!({ "groups": [] })).await;
    through_proxy(&mut gate, "niamh.kelly");
    let page = gate.get("/sign-in").await.text();
    assert!(page.contains("You have no role in Ostiary"), "{page}");
    patch(&upstream, &user, json!({ "is_active": false })).await;
    let page = gate.get("/sign-in").await.text();
    assert!(page.contains("authentik does not know you"), "{page}");
    assert_eq!(role(&mut gate).await, "nobody");
}
