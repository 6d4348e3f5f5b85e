//! Codes and tokens: what they are good for, and when they are refused.

use crate::common::Client;
use crate::visitor::{self, CALLBACK, claims, scene, signed_by};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use ring::hmac;
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use sandbox::{PASSWORD, Version};
use serde_json::{Value, json};

type Fields<'a> = &'a [(&'a str, &'a str)];

const VERIFIER: &str = "a-verifier-that-is-long-enough-for-anybody-0123";

/// The challenge of a verifier by S256.
fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()))
}

async fn pk_of(client: &Client, username: &str) -> i64 {
    let found = client
        .get(&format!("core/users/?username={username}"))
        .await;
    found.body["results"][0]["pk"].as_i64().unwrap()
}

#[tokio::test]
async fn sign_in_with_pkce_gives_tokens_that_the_published_key_verifies() {
    for version in Version::ALL {
        let (_, mut visitor, _) = scene(version).await;
        let code = visitor
            .code_for(
                "anna",
                &[
                    ("code_challenge", &challenge(VERIFIER)),
                    ("code_challenge_method", "S256"),
                ],
            )
            .await;
        let answer = visitor.redeem(&code, &[("code_verifier", VERIFIER)]).await;
        assert_eq!(answer.status, 200, "{version}: {}", answer.body);
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        let keys = visitor.get("/application/o/app/jwks/").await.body;
        for token in ["id_token", "access_token"] {
            let token = answer.body[token].as_str().unwrap();
            assert!(signed_by(&keys, token), "{version}");
            // One letter more or less is another token.
            let forged = token.replacen('.', "A.", 1);
            assert!(!signed_by(&keys, &forged), "{version}");
        }
        let said = claims(answer.body["id_token"].as_str().unwrap());
        assert_eq!(said["iss"], "http://sso.example.org/application/o/app/");
        assert_eq!((&said["aud"], &said["nonce"]), (&json!("app"), &json!("n")));
        assert_eq!(said["email"], "anna@example.org", "{version}");
        let shown = visitor.userinfo(&answer.body).await;
        assert_eq!(shown.body["sub"], said["sub"], "{version}");
        assert_eq!(shown.body["preferred_username"], "anna", "{version}");
    }
}

#[tokio::test]
async fn id_token_without_a_signing_key_is_signed_with_the_secret() {
    for version in Version::ALL {
        let (client, mut visitor, provider) = scene(version).await;
        let path = format!("providers/oauth2/{provider}/");
        client
            .send("PATCH", &path, Some(&json!({ "signing_key": null })))
            .await;
        let code = visitor.code_for("anna", &[]).await;
        let answer = visitor.redeem(&code, &[]).await.body;
        let token = answer["id_token"].as_str().unwrap();
        let (message, signature) = token.rsplit_once('.').unwrap();
        let key = hmac::Key::new(hmac::HMAC_SHA256, b"the secret");
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        assert!(
            hmac::verify(&key, message.as_bytes(), &signature).is_ok(),
            "{version}"
        );
    }
}

#[tokio::test]
async fn token_with_another_key_pair_has_another_kid_and_verifies() {
    let (client, mut visitor, provider) = scene(Version::V2026_5).await;
    let before = visitor.get("/application/o/app/jwks/").await.body;
    let key = client.sandbox.add_key_pair("second");
    let path = format!("providers/oauth2/{provider}/");
    client
        .send("PATCH", &path, Some(&json!({ "signing_key": key })))
        .await;
    let after = visitor.get("/application/o/app/jwks/").await.body;
    assert_ne!(before["keys"][0]["kid"], after["keys"][0]["kid"]);
    let code = visitor.code_for("anna", &[]).await;
    let answer = visitor.redeem(&code, &[]).await.body;
    let token = answer["id_token"].as_str().unwrap();
    assert!(signed_by(&after, token) && !signed_by(&before, token));
}

#[tokio::test]
async fn token_with_a_key_on_a_curve_is_signed_by_es256() {
    for version in Version::ALL {
        let (client, mut visitor, provider) = scene(version).await;
        let key = client.sandbox.add_ec_key_pair("curve");
        let path = format!("providers/oauth2/{provider}/");
        let body = json!({ "signing_key": key });
        client.send("PATCH", &path, Some(&body)).await;
        let discovery = "/application/o/app/.well-known/openid-configuration";
        let offered = visitor.get(discovery).await.body;
        assert_eq!(
            offered["id_token_signing_alg_values_supported"],
            json!(["ES256"])
        );
        let jwk = visitor.get("/application/o/app/jwks/").await.body["keys"][0].clone();
        let code = visitor.code_for("anna", &[]).await;
        let answer = visitor.redeem(&code, &[]).await.body;
        let token = answer["id_token"].as_str().unwrap();
        let said = visitor::header(token);
        assert_eq!(
            (&said["alg"], &said["kid"]),
            (&json!("ES256"), &jwk["kid"]),
            "{version}"
        );
        let bytes = |value: &Value| URL_SAFE_NO_PAD.decode(value.as_str().unwrap()).unwrap();
        let point = [vec![4], bytes(&jwk["x"]), bytes(&jwk["y"])].concat();
        let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point);
        let (message, signature) = token.rsplit_once('.').unwrap();
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        assert!(
            key.verify(message.as_bytes(), &signature).is_ok(),
            "{version}"
        );
        assert!(
            key.verify(b"another message", &signature).is_err(),
            "{version}"
        );
    }
}

#[tokio::test]
async fn public_client_needs_no_secret_and_a_confidential_one_does() {
    for version in Version::ALL {
        let (client, mut visitor, provider) = scene(version).await;
        let path = format!("providers/oauth2/{provider}/");
        let none = ("client_secret", "");
        let code = visitor.code_for("anna", &[]).await;
        let refused = visitor.redeem(&code, &[none]).await;
        assert_eq!(refused.body["error"], "invalid_client", "{version}");
        let public = json!({ "client_type": "public" });
        client.send("PATCH", &path, Some(&public)).await;
        assert_eq!(
            visitor.redeem(&code, &[none]).await.status,
            200,
            "{version}"
        );
    }
}

/// T1 at the token endpoint.
#[tokio::test]
async fn refresh_is_refused_where_the_provider_does_not_grant_it() {
    let (client, mut visitor, provider) = scene(Version::V2026_5).await;
    let code = visitor.code_for("anna", &[]).await;
    let tokens = visitor.redeem(&code, &[]).await.body;
    let path = format!("providers/oauth2/{provider}/");
    let code_only = json!({ "grant_types": ["authorization_code"] });
    client.send("PATCH", &path, Some(&code_only)).await;
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let form = [("grant_type", "refresh_token"), ("refresh_token", refresh)];
    assert_eq!(
        visitor.redeem("", &form).await.body["error"],
        "unauthorized_client"
    );
    let code = visitor.code_for("anna", &[]).await;
    let tokens = visitor.redeem(&code, &[]).await.body;
    assert!(tokens["access_token"].is_string() && tokens["refresh_token"].is_null());
}

#[tokio::test]
async fn code_is_refused_where_anything_about_it_is_wrong() {
    for version in Version::ALL {
        let (client, mut visitor, _) = scene(version).await;
        let pkce = challenge(VERIFIER);
        let asked = [
            ("code_challenge", pkce.as_str()),
            ("code_challenge_method", "S256"),
        ];
        let code = visitor.code_for("anna", &asked).await;
        let right = ("code_verifier", VERIFIER);
        let bad: [(&str, Fields<'_>, &str); 6] = [
            ("no verifier", &[], "invalid_grant"),
            ("wrong verifier", &[("code_verifier", "x")], "invalid_grant"),
            (
                "plain challenge",
                &[("code_verifier", &pkce)],
                "invalid_grant",
            ),
            (
                "redirect URI",
                &[right, ("redirect_uri", "https://app.example.org/other")],
                "invalid_grant",
            ),
            ("secret", &[right, ("client_secret", "x")], "invalid_client"),
            (
                "grant",
                &[right, ("grant_type", "magic")],
                "unsupported_grant_type",
            ),
        ];
        for (what, form, error) in bad {
            let answer = visitor.redeem(&code, form).await;
            assert_eq!(
                (answer.status, &answer.body["error"]),
                (400, &json!(error)),
                "{version}: {what}"
            );
            let numbered = answer.body["request_id"].is_string();
            assert_eq!(numbered, version != Version::V2023_10, "{version}: {what}");
        }
        assert_eq!(
            visitor.redeem(&code, &[right]).await.status,
            200,
            "{version}"
        );
        let again = visitor.redeem(&code, &[right]).await;
        assert_eq!(
            again.body["error"], "invalid_grant",
            "{version}: used before"
        );
        let code = visitor.code_for("anna", &asked).await;
        client.sandbox.advance(61);
        let late = visitor.redeem(&code, &[right]).await;
        assert_eq!(late.body["error"], "invalid_grant", "{version}: too late");
        let code = visitor.code_for("anna", &[]).await;
        let unasked = visitor.redeem(&code, &[right]).await;
        assert_eq!(
            unasked.body["error"], "invalid_grant",
            "{version}: nobody asked for a verifier"
        );
    }
}

#[tokio::test]
async fn code_and_token_of_another_client_are_refused() {
    let (client, mut visitor, _) = scene(Version::V2025_10).await;
    let mut body = client.oauth2_body("Other", CALLBACK).await;
    body["client_id"] = json!("other");
    body["client_secret"] = json!("the secret");
    assert_eq!(client.post("providers/oauth2/", &body).await.status, 201);
    let code = visitor.code_for("anna", &[]).await;
    let other = ("client_id", "other");
    assert_eq!(
        visitor.redeem(&code, &[other]).await.body["error"],
        "invalid_grant"
    );
    let tokens = visitor.redeem(&code, &[]).await.body;
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh),
        other,
    ];
    assert_eq!(
        visitor.redeem("", &form).await.body["error"],
        "invalid_grant"
    );
    let access = tokens["access_token"].as_str().unwrap();
    let form = [("token", access), other, ("client_secret", "the secret")];
    let seen = visitor.post("/application/o/introspect/", &form).await;
    assert_eq!(seen.body, json!({ "active": false }));
    visitor.post("/application/o/revoke/", &form).await;
    assert_eq!(
        visitor.userinfo(&tokens).await.status,
        200,
        "not theirs to revoke"
    );
}

#[tokio::test]
async fn access_token_ends_with_its_time() {
    let (client, mut visitor, _) = scene(Version::V2025_10).await;
    let code = visitor.code_for("anna", &[]).await;
    let tokens = visitor.redeem(&code, &[]).await.body;
    assert_eq!(visitor.userinfo(&tokens).await.status, 200);
    client.sandbox.advance(3_601);
    let late = visitor.userinfo(&tokens).await;
    assert_eq!(late.status, 401);
    assert!(
        late.header("www-authenticate")
            .unwrap()
            .contains("invalid_token")
    );
}

#[tokio::test]
async fn token_times_follow_a_lent_clock() {
    let (client, mut visitor, _) = scene(Version::V2026_5).await;
    client.sandbox.set_clock(|| 2_000_000_000);
    let code = visitor.code_for("anna", &[]).await;
    let tokens = visitor.redeem(&code, &[]).await.body;
    let said = claims(tokens["id_token"].as_str().unwrap());
    assert_eq!(
        (&said["iat"], &said["exp"]),
        (&json!(2_000_000_000), &json!(2_000_003_600))
    );
    assert_eq!(said["auth_time"], 2_000_000_000);
}

#[tokio::test]
async fn refresh_shows_the_present_groups_and_is_good_once() {
    for version in Version::ALL {
        let (client, mut visitor, _) = scene(version).await;
        let code = visitor.code_for("anna", &[]).await;
        let tokens = visitor.redeem(&code, &[]).await.body;
        assert_eq!(
            claims(tokens["id_token"].as_str().unwrap())["groups"],
            json!([])
        );
        let anna = pk_of(&client, "anna").await;
        client
            .post("core/groups/", &json!({ "name": "in", "users": [anna] }))
            .await;
        assert_eq!(
            visitor.userinfo(&tokens).await.body["groups"],
            json!(["in"]),
            "{version}"
        );
        let refresh = tokens["refresh_token"].as_str().unwrap();
        let form = [("grant_type", "refresh_token"), ("refresh_token", refresh)];
        let new = visitor.redeem("", &form).await.body;
        assert_eq!(
            claims(new["id_token"].as_str().unwrap())["groups"],
            json!(["in"]),
            "{version}"
        );
        assert_eq!(
            visitor.redeem("", &form).await.body["error"],
            "invalid_grant",
            "{version}"
        );
    }
}

#[tokio::test]
async fn deactivated_person_has_no_session_no_tokens_and_no_way_in() {
    for version in Version::ALL {
        let (client, mut visitor, _) = scene(version).await;
        let code = visitor.code_for("anna", &[]).await;
        let tokens = visitor.redeem(&code, &[]).await.body;
        let second = visitor.code_for("anna", &[]).await;
        let path = format!("core/users/{}/", pk_of(&client, "anna").await);
        client
            .send("PATCH", &path, Some(&json!({ "is_active": false })))
            .await;
        assert_eq!(visitor.userinfo(&tokens).await.status, 401, "{version}");
        let refresh = tokens["refresh_token"].as_str().unwrap();
        let form = [("grant_type", "refresh_token"), ("refresh_token", refresh)];
        assert_eq!(
            visitor.redeem("", &form).await.body["error"],
            "invalid_grant",
            "{version}"
        );
        assert_eq!(
            visitor.redeem(&second, &[]).await.body["error"],
            "invalid_grant",
            "{version}"
        );
        let answer = visitor.sign_in("anna", PASSWORD).await;
        assert_eq!(answer.status, 200, "{version}: the form again");
        assert!(
            answer.text.contains("Wrong username or password."),
            "{version}"
        );
    }
}

#[tokio::test]
async fn secret_in_the_header_is_as_good_as_in_the_form() {
    let (_, mut visitor, _) = scene(Version::V2025_10).await;
    let code = visitor.code_for("anna", &[]).await;
    let basic = |secret: &str| {
        let pair = base64::engine::general_purpose::STANDARD.encode(format!("app:{secret}"));
        format!("Basic {pair}")
    };
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", CALLBACK),
    ];
    let wrong = visitor
        .post_as("/application/o/token/", &form, &basic("x"))
        .await;
    assert_eq!(wrong.body["error"], "invalid_client");
    // Names and secrets are form-encoded before.
    let right = visitor
        .post_as("/application/o/token/", &form, &basic("the+secret"))
        .await;
    assert_eq!(right.status, 200, "{}", right.body);
    assert_eq!(right.body["token_type"], Value::from("Bearer"));
}
