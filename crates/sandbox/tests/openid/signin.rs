//! The pages: login, consent, and when they come.

use crate::common::Client;
use crate::visitor::{self, CALLBACK, claims, scene};
use sandbox::{PASSWORD, Version};
use serde_json::json;

#[tokio::test]
async fn login_form_refuses_wrong_passwords_and_foreign_ways_on() {
    for version in Version::ALL {
        let (_, mut visitor, _) = scene(version).await;
        let login = "/if/flow/default-authentication-flow/";
        let page = visitor.get(login).await;
        assert!(page.text.contains("simulated"), "{version}");
        assert!(!page.text.contains("<script"), "{version}");
        for (name, password) in [("anna", "x"), ("nobody", PASSWORD), ("anna", "")] {
            let answer = visitor.sign_in(name, password).await;
            assert_eq!(
                (answer.status, answer.location()),
                (200, None),
                "{version}: {name}"
            );
            assert_eq!(answer.header("set-cookie"), None, "{version}: {name}");
        }
        for next in ["//evil.example", "https://evil.example/", "/\\evil.example"] {
            let path = format!("{login}?{}", visitor::form(&[("next", next)]));
            let form = [("username", "anna"), ("password", PASSWORD)];
            let answer = visitor.post(&path, &form).await;
            assert_eq!(answer.location(), Some("/"), "{version}: {next}");
            let cookie = answer.header("set-cookie").unwrap();
            assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"));
        }
    }
}

#[tokio::test]
async fn prompt_login_asks_again_and_makes_a_newer_auth_time() {
    for version in Version::ALL {
        let (client, mut visitor, _) = scene(version).await;
        let code = visitor.code_for("anna", &[]).await;
        let before = visitor.redeem(&code, &[]).await.body;
        let before = claims(before["id_token"].as_str().unwrap())["auth_time"].as_i64();
        client.sandbox.advance(100);
        for again in [("prompt", "login"), ("max_age", "50")] {
            let page = visitor.get(&visitor::address(&[again])).await;
            assert!(
                page.location().unwrap().contains("authentication"),
                "{version}: {again:?}"
            );
            let code = visitor.code_for("anna", &[again]).await;
            let after = visitor.redeem(&code, &[]).await.body;
            let after = claims(after["id_token"].as_str().unwrap())["auth_time"].as_i64();
            assert!(
                after >= before.map(|time| time + 100),
                "{version}: {again:?}"
            );
            let page = visitor.get(&visitor::address(&[("prompt", "login")])).await;
            assert!(
                page.location().unwrap().contains("authentication"),
                "once more"
            );
            client.sandbox.advance(100);
        }
    }
}

#[tokio::test]
async fn prompt_none_tells_the_client_that_nobody_is_signed_in() {
    for version in Version::ALL {
        let (_, mut visitor, _) = scene(version).await;
        let answer = visitor.get(&visitor::address(&[("prompt", "none")])).await;
        let back = answer.location().unwrap();
        assert!(
            back.starts_with(&format!("{CALLBACK}?error=login_required")),
            "{version}: {back}"
        );
    }
}

const EXPLICIT: &str = "default-provider-authorization-explicit-consent";

/// From now on the provider asks people before it tells an application about them.
async fn ask_for_consent(client: &Client, provider: i64) {
    let path = format!("flows/instances/?slug={EXPLICIT}");
    let flow = client.get(&path).await;
    let asking = json!({ "authorization_flow": flow.body["results"][0]["pk"] });
    let path = format!("providers/oauth2/{provider}/");
    client.send("PATCH", &path, Some(&asking)).await;
}

#[tokio::test]
async fn explicit_consent_asks_before_it_gives_a_code() {
    for version in Version::ALL {
        let (client, mut visitor, provider) = scene(version).await;
        ask_for_consent(&client, provider).await;
        visitor.sign_in("anna", PASSWORD).await;
        let answer = visitor.get(&visitor::address(&[])).await;
        let page = answer.location().unwrap().to_owned();
        assert!(
            page.starts_with(&format!("/if/flow/{EXPLICIT}/?")),
            "{version}"
        );
        assert!(
            visitor.get(&page).await.text.contains("Continue"),
            "{version}"
        );
        // The flow that asks nothing is not this provider's.
        let silent = page.replace("explicit", "implicit");
        assert_eq!(visitor.get(&silent).await.status, 404, "{version}");
        let back = visitor.post(&page, &[]).await;
        assert!(
            back.location()
                .unwrap()
                .starts_with(&format!("{CALLBACK}?code=")),
            "{version}"
        );
    }
}

#[tokio::test]
async fn explicit_consent_after_a_second_login_goes_on() {
    for version in Version::ALL {
        let (client, mut visitor, provider) = scene(version).await;
        ask_for_consent(&client, provider).await;
        visitor.sign_in("anna", PASSWORD).await;
        // Every page without a redirect is answered with the form of the login; the one of the consent takes it too.
        let code = visitor.code_for("anna", &[("prompt", "login")]).await;
        assert_eq!(visitor.redeem(&code, &[]).await.status, 200, "{version}");
    }
}
