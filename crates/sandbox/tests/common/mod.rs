//! A small client for tests.
#![expect(dead_code, reason = "each test file uses a part of it")]

use axum::body::Body;
use http::Request;
use http_body_util::BodyExt as _;
use sandbox::{Sandbox, Version};
use serde_json::{Value, json};
use tower::ServiceExt as _;

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) content_type: String,
    pub(crate) location: Option<String>,
    /// Null where it is not JSON.
    pub(crate) body: Value,
}

pub(crate) struct Client {
    pub(crate) sandbox: Sandbox,
    token: String,
}

impl Client {
    /// Calls as the superuser.
    pub(crate) fn new(sandbox: Sandbox) -> Self {
        let token = sandbox.admin_token();
        Self { sandbox, token }
    }

    pub(crate) fn with_token(sandbox: Sandbox, token: String) -> Self {
        Self { sandbox, token }
    }

    pub(crate) async fn raw(&self, request: Request<Body>) -> Answer {
        let (parts, body) = self
            .sandbox
            .router()
            .oneshot(request)
            .await
            .unwrap()
            .into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let header = |name: &str| {
            parts
                .headers
                .get(name)
                .map(|value| value.to_str().unwrap().to_owned())
        };
        let (status, location) = (parts.status.as_u16(), header("location"));
        let content_type = header("content-type").unwrap_or_default();
        Answer {
            status,
            content_type,
            location,
            body: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
        }
    }

    pub(crate) async fn send(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(format!("/api/v3/{path}"))
            .header("host", "sso.example.org")
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", "application/json");
        self.raw(
            request
                .body(body.map_or_else(Body::empty, |body| Body::from(body.to_string())))
                .unwrap(),
        )
        .await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, Some(body)).await
    }

    /// A browser opens a page, signed in or not.
    pub(crate) async fn visit(&self, path: &str, cookie: Option<&str>) -> Answer {
        let mut request = Request::get(path).header("host", "sso.example.org");
        if let Some(cookie) = cookie {
            request = request.header("cookie", cookie);
        }
        self.raw(request.body(Body::empty()).unwrap()).await
    }

    /// What a client sends to create a provider.
    pub(crate) async fn oauth2_body(&self, name: &str, uri: &str) -> Value {
        let version = self.sandbox.version();
        let mut body = json!({
            "name": name,
            "redirect_uris": uris(version, uri),
            "grant_types": ["authorization_code", "refresh_token"],
        });
        for (key, slug) in [
            (
                "authorization_flow",
                "default-provider-authorization-implicit-consent",
            ),
            ("invalidation_flow", "default-provider-invalidation-flow"),
        ] {
            let found = self
                .get(&format!("flows/instances/?slug={slug}"))
                .await
                .body;
            if let Some(flow) = found["results"].get(0) {
                body[key] = flow["pk"].clone();
            }
        }
        body
    }
}

pub(crate) fn uris(version: Version, uri: &str) -> Value {
    match version {
        Version::V2023_10 => json!(uri.replace('.', "\\.")),
        _ => json!([{ "matching_mode": "strict", "url": uri }]),
    }
}
