//! A browser with a cookie, and the client that sent it.

use crate::common::Client;
use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{HeaderMap, Request};
use http_body_util::BodyExt as _;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use sandbox::{PASSWORD, Sandbox, Version};
use serde_json::{Value, json};
use tower::ServiceExt as _;

pub(crate) const CALLBACK: &str = "https://app.example.org/callback";

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: HeaderMap,
    pub(crate) text: String,
    /// Null where it is not JSON.
    pub(crate) body: Value,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub(crate) fn location(&self) -> Option<&str> {
        self.header("location")
    }
}

pub(crate) struct Visitor {
    sandbox: Sandbox,
    pub(crate) cookie: Option<String>,
}

impl Visitor {
    pub(crate) fn of(sandbox: &Sandbox) -> Self {
        Self {
            sandbox: sandbox.clone(),
            cookie: None,
        }
    }

    async fn send(&mut self, mut request: Request<Body>) -> Answer {
        let headers = request.headers_mut();
        headers.insert("host", "sso.example.org".parse().unwrap());
        if let Some(cookie) = &self.cookie {
            headers.insert("cookie", cookie.parse().unwrap());
        }
        let answer = self.sandbox.router().oneshot(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        let text = body.collect().await.unwrap().to_bytes();
        let answer = Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: serde_json::from_slice(&text).unwrap_or(Value::Null),
            text: String::from_utf8(text.to_vec()).unwrap(),
        };
        if let Some(set) = answer.header("set-cookie") {
            self.cookie = set.split(';').next().map(str::to_owned);
        }
        answer
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap())
            .await
    }

    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.post_as(path, fields, "").await
    }

    pub(crate) async fn post_as(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        authorization: &str,
    ) -> Answer {
        let request = Request::post(path)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("authorization", authorization);
        self.send(request.body(Body::from(form(fields))).unwrap())
            .await
    }

    /// Fills the login form.
    pub(crate) async fn sign_in(&mut self, username: &str, password: &str) -> Answer {
        let fields = [("username", username), ("password", password)];
        self.post("/if/flow/default-authentication-flow/", &fields)
            .await
    }

    /// Follows the redirects of an authorization, signs in where there is a login, and ends with the code.
    pub(crate) async fn code_for(&mut self, username: &str, more: &[(&str, &str)]) -> String {
        let mut path = address(more);
        for _ in 0..8 {
            if path.starts_with(CALLBACK) {
                break;
            }
            let mut answer = self.get(&path).await;
            if answer.location().is_none() {
                let fields = [("username", username), ("password", PASSWORD)];
                answer = self.post(&path, &fields).await;
            }
            let to = answer.location();
            assert!(to.is_some(), "{path} leads nowhere: {}", answer.text);
            path = to.unwrap().to_owned();
        }
        let to = url::Url::parse(&path).unwrap();
        let code = to.query_pairs().find(|(name, _)| name == "code");
        code.unwrap().1.into_owned()
    }

    /// Sends a code, or another grant, as the client `app` with its secret in the form.
    pub(crate) async fn redeem(&mut self, code: &str, more: &[(&str, &str)]) -> Answer {
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", CALLBACK),
            ("client_id", "app"),
            ("client_secret", "the secret"),
        ];
        for (name, value) in more {
            fields.retain(|(known, _)| known != name);
            fields.push((name, value));
        }
        self.post("/application/o/token/", &fields).await
    }

    /// Asks with the access token of a token answer.
    pub(crate) async fn userinfo(&mut self, tokens: &Value) -> Answer {
        let token = tokens["access_token"].as_str().unwrap();
        let request = Request::get("/application/o/userinfo/")
            .header("authorization", format!("Bearer {token}"));
        self.send(request.body(Body::empty()).unwrap()).await
    }
}

/// An application, and a visitor who has signed in to it with the scopes of a refresh token.
pub(crate) async fn scene(version: Version) -> (Client, Visitor, i64) {
    let client = Client::new(Sandbox::new(version, 1));
    let provider = set_up(&client, json!({})).await;
    client
        .post(
            "core/users/",
            &json!({ "username": "anna", "name": "Anna", "email": "anna@example.org" }),
        )
        .await;
    let visitor = Visitor::of(&client.sandbox);
    (client, visitor, provider)
}

/// A confidential client `app` with the key of the server and all scopes; gives the provider's primary key.
pub(crate) async fn set_up(client: &Client, more: Value) -> i64 {
    let mut body = client.oauth2_body("App", CALLBACK).await;
    body["client_id"] = json!("app");
    body["client_secret"] = json!("the secret");
    let key = client.get("crypto/certificatekeypairs/").await;
    body["signing_key"] = key.body["results"][0]["pk"].clone();
    let mut scopes = Vec::new();
    for path in [
        "propertymappings/scope/",
        "propertymappings/provider/scope/",
    ] {
        let found = client.get(path).await;
        scopes.extend(
            found.body["results"]
                .as_array()
                .cloned()
                .unwrap_or_default(),
        );
    }
    body["property_mappings"] = scopes.iter().map(|scope| scope["pk"].clone()).collect();
    if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
        body.extend(more);
    }
    let provider = client.post("providers/oauth2/", &body).await;
    assert_eq!(provider.status, 201, "{}", provider.body);
    let pk = provider.body["pk"].as_i64().unwrap();
    let app = json!({ "name": "App", "slug": "app", "provider": pk });
    assert_eq!(client.post("core/applications/", &app).await.status, 201);
    pk
}

/// The address that a client sends a browser to.
pub(crate) fn address(more: &[(&str, &str)]) -> String {
    let mut fields = vec![
        ("client_id", "app"),
        ("response_type", "code"),
        ("redirect_uri", CALLBACK),
        ("scope", "openid email profile offline_access"),
        ("state", "s"),
        ("nonce", "n"),
    ];
    fields.extend_from_slice(more);
    format!("/application/o/authorize/?{}", form(&fields))
}

pub(crate) fn form(fields: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

fn part(token: &str, at: usize) -> Value {
    let part = URL_SAFE_NO_PAD.decode(token.split('.').nth(at).unwrap());
    part.map_or(Value::Null, |part| {
        serde_json::from_slice(&part).unwrap_or_default()
    })
}

pub(crate) fn header(token: &str) -> Value {
    part(token, 0)
}

pub(crate) fn claims(token: &str) -> Value {
    part(token, 1)
}

/// Whether a key of the set has the token's `kid` and made its signature.
pub(crate) fn signed_by(keys: &Value, token: &str) -> bool {
    let kid = &header(token)["kid"];
    let (message, signature) = token.rsplit_once('.').unwrap();
    let bytes = |value: &Value| URL_SAFE_NO_PAD.decode(value.as_str().unwrap()).unwrap();
    let keys = keys["keys"].as_array().unwrap();
    keys.iter().filter(|key| key["kid"] == *kid).any(|key| {
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        let public = RsaPublicKeyComponents {
            n: bytes(&key["n"]),
            e: bytes(&key["e"]),
        };
        let message = message.as_bytes();
        public
            .verify(&RSA_PKCS1_2048_8192_SHA256, message, &signature)
            .is_ok()
    })
}
