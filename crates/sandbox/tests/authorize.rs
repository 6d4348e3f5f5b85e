//! The authorize endpoint, discovery and JWKS, as a live check asks them.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test ends where something is missing"
)]

mod common;

use common::{Client, uris};
use sandbox::{Sandbox, Version};
use serde_json::{Value, json};

const CALLBACK: &str = "https://app.example.org/callback";

/// A provider with an application, and its primary key.
async fn set_up(client: &Client, more: Value) -> i64 {
    let mut body = client.oauth2_body("App", CALLBACK).await;
    body["client_id"] = json!("app");
    if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
        body.extend(more);
    }
    let provider = client.post("providers/oauth2/", &body).await;
    assert_eq!(provider.status, 201, "{}", provider.body);
    let pk = provider.body["pk"].as_i64().unwrap();
    let app = client
        .post(
            "core/applications/",
            &json!({ "name": "App", "slug": "app", "provider": pk }),
        )
        .await;
    assert_eq!(app.status, 201, "{}", app.body);
    pk
}

fn address(client_id: &str, redirect_uri: &str) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([
            ("client_id", client_id),
            ("response_type", "code"),
            ("redirect_uri", redirect_uri),
            ("scope", "openid"),
            ("state", "s"),
        ])
        .finish();
    format!("/application/o/authorize/?{query}")
}

#[tokio::test]
async fn anonymous_visitors_are_told_about_a_wrong_address_before_they_sign_in() {
    for version in Version::ALL {
        let client = Client::new(Sandbox::new(version, 1));
        set_up(&client, json!({})).await;
        let good = client.visit(&address("app", CALLBACK), None).await;
        assert_eq!(good.status, 302, "{version}");
        assert!(
            good.location.unwrap().contains("flow"),
            "{version}: to the login"
        );
        for (id, uri) in [
            ("app", "https://app.example.org/callback/"),
            ("app", "https://app.example.org/other"),
            ("app", "https://evil.example.org/callback"),
            ("app", "https://appXexample.org/callback"),
            ("app", ""),
            ("nobody", CALLBACK),
        ] {
            let bad = client.visit(&address(id, uri), None).await;
            assert_eq!(bad.status, 400, "{version} {id} {uri}");
            assert!(
                bad.content_type.starts_with("text/html"),
                "{version} {id} {uri}"
            );
        }
    }
}

#[tokio::test]
async fn regular_expressions_must_match_in_full() {
    for version in Version::ALL {
        let client = Client::new(Sandbox::new(version, 1));
        let pattern = r"https://pr-\d+\.example\.org/cb";
        let stored = match version {
            Version::V2023_10 => json!(pattern),
            _ => json!([{ "matching_mode": "regex", "url": pattern }]),
        };
        set_up(&client, json!({ "redirect_uris": stored })).await;
        for (uri, status) in [
            ("https://pr-7.example.org/cb", 302),
            ("https://pr-7.example.org/cb2", 400),
            ("xhttps://pr-7.example.org/cb", 400),
            ("https://pr-x.example.org/cb", 400),
        ] {
            assert_eq!(
                client.visit(&address("app", uri), None).await.status,
                status,
                "{version} {uri}"
            );
        }
    }
}

#[tokio::test]
async fn strict_addresses_are_no_patterns_and_several_may_be_stored() {
    for version in [Version::V2025_10, Version::V2026_5] {
        let client = Client::new(Sandbox::new(version, 1));
        let stored = json!([
            { "matching_mode": "strict", "url": "https://a.example.org/.*" },
            { "matching_mode": "strict", "url": "https://b.example.org/cb" },
        ]);
        set_up(&client, json!({ "redirect_uris": stored })).await;
        for (uri, status) in [
            ("https://a.example.org/.*", 302),
            ("https://a.example.org/x", 400),
            ("https://b.example.org/cb", 302),
        ] {
            assert_eq!(
                client.visit(&address("app", uri), None).await.status,
                status,
                "{version} {uri}"
            );
        }
    }
}

#[tokio::test]
async fn the_first_address_used_is_saved_where_there_is_none() {
    for version in Version::ALL {
        let client = Client::new(Sandbox::new(version, 1));
        let none = if version == Version::V2023_10 {
            json!("")
        } else {
            json!([])
        };
        let pk = set_up(&client, json!({ "redirect_uris": none })).await;
        assert_eq!(
            client
                .visit(&address("app", "https://first.example.org/cb"), None)
                .await
                .status,
            302
        );
        assert_eq!(
            client
                .visit(&address("app", "https://second.example.org/cb"), None)
                .await
                .status,
            400
        );
        let stored =
            client.get(&format!("providers/oauth2/{pk}/")).await.body["redirect_uris"].to_string();
        assert!(
            stored.contains("https://first.example.org/cb"),
            "{version}: {stored}"
        );
    }
}

#[tokio::test]
async fn members_get_a_code_and_others_do_not() {
    let client = Client::new(Sandbox::new(Version::V2025_10, 1));
    set_up(&client, json!({})).await;
    for name in ["anna", "bert"] {
        client
            .post("core/users/", &json!({ "username": name, "name": name }))
            .await;
    }
    let anna = client.get("core/users/?username=anna").await.body["results"][0]["pk"].clone();
    let group = client
        .post("core/groups/", &json!({ "name": "in", "users": [anna] }))
        .await
        .body["pk"]
        .clone();
    let app = client.get("core/applications/app/").await.body["pk"].clone();
    client
        .post(
            "policies/bindings/",
            &json!({ "target": app, "group": group, "order": 0 }),
        )
        .await;
    let cookie = client.sandbox.add_session("anna");
    let inside = client.visit(&address("app", CALLBACK), Some(&cookie)).await;
    assert_eq!(inside.status, 302);
    assert!(
        inside
            .location
            .unwrap()
            .starts_with("https://app.example.org/callback?code=")
    );
    assert_eq!(client.sandbox.count("event"), 1);
    let cookie = client.sandbox.add_session("bert");
    let outside = client.visit(&address("app", CALLBACK), Some(&cookie)).await;
    assert_eq!((outside.status, outside.location), (200, None));
}

/// T1, which the recorded build of 2026.5 did not know yet.
#[tokio::test]
async fn a_provider_without_grant_types_authorizes_nobody() {
    let client = Client::new(Sandbox::new(Version::V2026_5, 1));
    let pk = set_up(&client, json!({ "grant_types": [] })).await;
    let answer = client.visit(&address("app", CALLBACK), None).await;
    assert!(
        answer
            .location
            .unwrap()
            .starts_with("https://app.example.org/callback?error=invalid_request")
    );
    let body = json!({ "grant_types": ["authorization_code"] });
    assert_eq!(
        client
            .send("PATCH", &format!("providers/oauth2/{pk}/"), Some(&body))
            .await
            .status,
        200
    );
    let answer = client.visit(&address("app", CALLBACK), None).await;
    assert!(answer.location.unwrap().starts_with("/if/flow/"));
    let mut body = client.oauth2_body("Silent", CALLBACK).await;
    body.as_object_mut().unwrap().remove("grant_types");
    assert_eq!(
        client.post("providers/oauth2/", &body).await.body["grant_types"],
        json!([])
    );
}

#[tokio::test]
async fn urls_carry_the_name_that_the_caller_used() {
    let client = Client::new(Sandbox::new(Version::V2025_10, 1));
    set_up(&client, json!({})).await;
    let request = http::Request::get("/application/o/app/.well-known/openid-configuration")
        .header("host", "127.0.0.1:9000")
        .header("x-forwarded-proto", "https")
        .header("x-forwarded-host", "sso.example.org");
    let document = client
        .raw(request.body(axum::body::Body::empty()).unwrap())
        .await
        .body;
    assert_eq!(
        document["issuer"],
        "https://sso.example.org/application/o/app/"
    );
    assert_eq!(
        document["jwks_uri"],
        "https://sso.example.org/application/o/app/jwks/"
    );
}

#[tokio::test]
async fn keys_are_published_only_where_one_is_chosen() {
    for version in Version::ALL {
        let client = Client::new(Sandbox::new(version, 1));
        let pk = set_up(&client, json!({})).await;
        assert_eq!(
            client.visit("/application/o/app/jwks/", None).await.body,
            json!({}),
            "{version}: T18"
        );
        let key = client
            .get("crypto/certificatekeypairs/?has_key=true")
            .await
            .body["results"][0]["pk"]
            .clone();
        client
            .send(
                "PATCH",
                &format!("providers/oauth2/{pk}/"),
                Some(&json!({ "signing_key": key })),
            )
            .await;
        let jwk = client.visit("/application/o/app/jwks/", None).await.body["keys"][0].clone();
        assert_eq!(
            (jwk["kty"].as_str(), jwk["e"].as_str()),
            (Some("RSA"), Some("AQAB")),
            "{version}"
        );
        assert_eq!(
            jwk["n"].as_str().map(str::len),
            Some(342),
            "{version}: 2048 bits"
        );
        let document = client
            .visit("/application/o/app/.well-known/openid-configuration", None)
            .await
            .body;
        assert_eq!(
            document["id_token_signing_alg_values_supported"],
            json!(["RS256"]),
            "{version}"
        );
    }
}

#[tokio::test]
async fn stored_addresses_have_the_form_of_the_version() {
    for version in Version::ALL {
        let client = Client::new(Sandbox::new(version, 1));
        let pk = set_up(&client, json!({})).await;
        let stored =
            client.get(&format!("providers/oauth2/{pk}/")).await.body["redirect_uris"].clone();
        let mut sent = uris(version, CALLBACK);
        if version == Version::V2026_5 {
            sent[0]["redirect_uri_type"] = json!("authorization");
        }
        assert_eq!(stored, sent, "{version}");
    }
}
