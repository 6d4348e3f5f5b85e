//! Signing out, and how applications hear of it.

use crate::common::Client;
use crate::visitor::{self, CALLBACK, Visitor, claims, header, set_up, signed_by};
use sandbox::{PASSWORD, Sandbox, Version};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
const END_SESSION: &str = "/application/o/app/end-session/";

/// An application that wants logout tokens, and somebody who has signed in to it.
async fn scene(version: Version, uri: &str) -> (Client, Visitor, Value) {
    let client = Client::new(Sandbox::new(version, 1));
    set_up(&client, json!({ "logout_uri": uri })).await;
    client
        .post(
            "core/users/",
            &json!({ "username": "anna", "name": "Anna" }),
        )
        .await;
    let mut visitor = Visitor::of(&client.sandbox);
    let code = visitor.code_for("anna", &[]).await;
    let tokens = visitor.redeem(&code, &[]).await.body;
    (client, visitor, tokens)
}

async fn anna(client: &Client) -> i64 {
    let found = client.get("core/users/?username=anna").await;
    found.body["results"][0]["pk"].as_i64().unwrap()
}

#[tokio::test]
async fn end_session_makes_a_logout_token_about_the_session() {
    for version in [Version::V2025_10, Version::V2026_5] {
        let (client, mut visitor, tokens) = scene(version, "http://127.0.0.1:1/out").await;
        let page = visitor.get(END_SESSION).await;
        assert!(page.text.contains("signed out"), "{version}");
        let said = claims(tokens["id_token"].as_str().unwrap());
        let logouts = client.sandbox.take_logouts();
        assert_eq!(logouts.len(), 1, "{version}");
        assert_eq!(logouts[0].uri, "http://127.0.0.1:1/out");
        let keys = visitor.get("/application/o/app/jwks/").await.body;
        assert!(signed_by(&keys, &logouts[0].token), "{version}");
        assert_eq!(header(&logouts[0].token)["typ"], "logout+jwt");
        let told = claims(&logouts[0].token);
        for claim in ["iss", "sub", "aud", "sid"] {
            assert_eq!(told[claim], said[claim], "{version}: {claim}");
        }
        assert_eq!(told["events"], json!({ EVENT: {} }));
        assert_eq!(told["nonce"], Value::Null);
        assert!(told["jti"].is_string());
        let life = told["exp"].as_i64().unwrap() - told["iat"].as_i64().unwrap();
        assert!((1..=120).contains(&life), "{version}");
        // The session is over: nothing more to tell, and the next visit begins at the login.
        visitor.get(END_SESSION).await;
        assert_eq!(client.sandbox.take_logouts(), [], "{version}");
        let next = visitor.get(&visitor::address(&[])).await;
        assert!(
            next.location().unwrap().contains("authentication"),
            "{version}"
        );
        assert_eq!(visitor.userinfo(&tokens).await.status, 401, "{version}");
    }
}

#[tokio::test]
async fn session_ends_in_every_way_and_applications_hear_of_it() {
    for version in [Version::V2025_10, Version::V2026_5] {
        for way in [
            "flow",
            "deactivate",
            "delete person",
            "delete session",
            "somebody else",
        ] {
            let (client, mut visitor, _) = scene(version, "http://127.0.0.1:1/out").await;
            let person = format!("core/users/{}/", anna(&client).await);
            match way {
                "flow" => {
                    visitor.get("/if/flow/default-invalidation-flow/").await;
                }
                "deactivate" => {
                    let off = json!({ "is_active": false });
                    client.send("PATCH", &person, Some(&off)).await;
                }
                "delete person" => {
                    client.send("DELETE", &person, None).await;
                }
                "delete session" => {
                    let list = "core/authenticated_sessions/?user__username=anna";
                    let sessions = client.get(list).await.body;
                    assert_eq!(sessions["results"].as_array().unwrap().len(), 1);
                    let uuid = sessions["results"][0]["uuid"].as_str().unwrap();
                    let path = format!("core/authenticated_sessions/{uuid}/");
                    assert_eq!(client.send("DELETE", &path, None).await.status, 204);
                }
                _ => {
                    assert_eq!(visitor.sign_in("akadmin", PASSWORD).await.status, 302);
                }
            }
            assert_eq!(client.sandbox.take_logouts().len(), 1, "{version}: {way}");
        }
    }
}

#[tokio::test]
async fn nobody_is_told_who_did_not_ask_for_it() {
    let (client, mut visitor, _) = scene(Version::V2023_10, "http://127.0.0.1:1/out").await;
    visitor.get(END_SESSION).await;
    assert_eq!(
        client.sandbox.take_logouts(),
        [],
        "2023.10 has no such thing"
    );
    for more in [
        json!({}),
        json!({ "logout_uri": "http://127.0.0.1:1/out", "logout_method": "frontchannel" }),
    ] {
        let client = Client::new(Sandbox::new(Version::V2026_5, 1));
        set_up(&client, more.clone()).await;
        let mut visitor = Visitor::of(&client.sandbox);
        let code = visitor.code_for("akadmin", &[]).await;
        visitor.redeem(&code, &[]).await;
        visitor.get(END_SESSION).await;
        assert_eq!(client.sandbox.take_logouts(), [], "{more}");
    }
    // Signed in, but never to the application.
    let client = Client::new(Sandbox::new(Version::V2026_5, 1));
    set_up(&client, json!({ "logout_uri": "http://127.0.0.1:1/out" })).await;
    let mut visitor = Visitor::of(&client.sandbox);
    assert_eq!(visitor.sign_in("akadmin", PASSWORD).await.status, 302);
    visitor.get(END_SESSION).await;
    assert_eq!(client.sandbox.take_logouts(), []);
}

#[tokio::test]
async fn way_back_after_signing_out_must_be_registered() {
    let after = "https://app.example.org/bye";
    let path = format!(
        "{END_SESSION}?{}",
        visitor::form(&[("post_logout_redirect_uri", after), ("state", "s")])
    );
    let (_, mut visitor, _) = scene(Version::V2026_5, "").await;
    assert_eq!(visitor.get(&path).await.location(), None);
    let client = Client::new(Sandbox::new(Version::V2026_5, 1));
    let uris = json!([
        { "matching_mode": "strict", "url": CALLBACK },
        { "matching_mode": "strict", "url": after, "redirect_uri_type": "logout" },
    ]);
    set_up(&client, json!({ "redirect_uris": uris })).await;
    let mut visitor = Visitor::of(&client.sandbox);
    let back = visitor.get(&path).await;
    assert_eq!(back.location(), Some("https://app.example.org/bye?state=s"));
    // An address to sign in at is none to sign out to, and the other way round.
    let wrong = path.replace("bye", "callback");
    assert_eq!(visitor.get(&wrong).await.location(), None);
    let wrong = visitor::address(&[("redirect_uri", after)]);
    assert_eq!(visitor.get(&wrong).await.status, 400);
}

#[tokio::test]
async fn delivery_posts_the_token_to_this_machine_only() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let uri = format!("http://{}/out?x=1", listener.local_addr().unwrap());
    let (client, mut visitor, _) = scene(Version::V2026_5, &uri).await;
    let delivery = tokio::spawn(client.sandbox.clone().deliver_logouts());
    visitor.get(END_SESSION).await;
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut request = String::new();
    while !request.contains("logout_token=") {
        let mut part = [0; 4096];
        let length = stream.read(&mut part).await.unwrap();
        assert_ne!(length, 0, "{request}");
        request += std::str::from_utf8(&part[..length]).unwrap();
    }
    stream
        .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
        .await
        .unwrap();
    let head = request.to_ascii_lowercase();
    assert!(head.starts_with("post /out?x=1 http/1.1\r\n"), "{request}");
    assert!(head.contains("content-type: application/x-www-form-urlencoded"));
    delivery.abort();
}
