//! Plays recorded exchanges against a sandbox.

pub(crate) mod compare;
pub(crate) mod keys;
pub(crate) mod recording;
pub(crate) mod scene;
pub(crate) mod scenes;

use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::FutureExt as _;
use http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use keys::Bindings;
use recording::Exchange;
use sandbox::{Sandbox, Version};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::fmt::Write as _;
use tower::ServiceExt as _;

const FORM: &str = "application/x-www-form-urlencoded";

/// What became of one exchange.
#[derive(Debug)]
pub(crate) enum Outcome {
    Matched,
    Mismatched(Vec<String>),
    /// Not played: it names an object of an operation that is not served.
    Skipped,
}

/// An answer of the sandbox.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) content_type: String,
    pub(crate) location: Option<String>,
    pub(crate) allow: Option<String>,
    pub(crate) challenge: Option<String>,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }
}

/// One sandbox, and what the recording's keys are called in it.
pub(crate) struct Player {
    pub(crate) version: Version,
    pub(crate) sandbox: Sandbox,
    pub(crate) bound: Bindings,
    credentials: HashMap<String, String>,
}

impl Player {
    /// A sandbox like the recorded server when the recording began: fresh, plus the leftovers of earlier runs.
    pub(crate) async fn new(
        version: Version,
        defaults: &[Exchange],
        leftovers: &[Exchange],
    ) -> Self {
        let sandbox = Sandbox::as_recorded(version, 1);
        let mut player = Self {
            version,
            sandbox,
            bound: Bindings::default(),
            credentials: HashMap::new(),
        };
        scenes::leftovers(&mut player, defaults, leftovers).await;
        for exchange in defaults
            .iter()
            .filter(|exchange| !recording::unserved(exchange, version))
        {
            // Only to learn the keys; the scenario `defaults` itself is compared like any other.
            let _ = player.play(exchange).await;
        }
        player
    }

    /// The host that the recorded URLs name.
    pub(crate) fn host(&self) -> &'static str {
        match self.version {
            Version::V2023_10 => "127.0.0.1:9100",
            Version::V2025_10 => "127.0.0.1:9000",
            Version::V2026_5 => "127.0.0.1:9200",
        }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.sandbox.router().oneshot(request).await.unwrap();
        let header = |name: &str| {
            response
                .headers()
                .get(name)
                .map(|value| value.to_str().unwrap().to_owned())
        };
        let (status, content_type) = (
            response.status(),
            header("content-type").unwrap_or_default(),
        );
        let (location, allow) = (header("location"), header("allow"));
        let challenge = header("www-authenticate");
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        Answer {
            status,
            content_type,
            location,
            allow,
            challenge,
            text: String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }

    /// An unrecorded call of the administrator, for setting the scene.
    pub(crate) async fn admin(&self, method: &str, path: &str, body: Value) -> Value {
        let request = Request::builder()
            .method(method)
            .uri(format!("/api/v3/{path}"))
            .header("host", self.host())
            .header(
                "authorization",
                format!("Bearer {}", self.sandbox.admin_token()),
            )
            .header("content-type", "application/json");
        let body = if body.is_null() {
            Body::empty()
        } else {
            Body::from(body.to_string())
        };
        let answer = self.send(request.body(body).unwrap()).await;
        assert!(
            answer.status.is_success(),
            "{method} {path}: {} {}",
            answer.status,
            answer.text
        );
        answer.json()
    }

    pub(crate) async fn play(&mut self, exchange: &Exchange) -> Outcome {
        let Some(request) = self.request(exchange) else {
            return Outcome::Skipped;
        };
        let answer = self.send(request).await;
        let mut errors = Vec::new();
        self.bound.exchange(exchange, &answer, &mut errors);
        if errors.is_empty() {
            Outcome::Matched
        } else {
            Outcome::Mismatched(errors)
        }
    }

    /// The recorded request with the sandbox's own keys and credentials; nothing where a key is not known.
    fn request(&mut self, exchange: &Exchange) -> Option<Request<Body>> {
        let path = self.bound.path(&exchange.path)?;
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in &exchange.query {
            query.append_pair(name, &self.bound.query(name, value)?);
        }
        let query = query.finish();
        let uri = if query.is_empty() {
            path
        } else {
            format!("{path}?{query}")
        };
        let mut request = Request::builder().method(exchange.method.as_str()).uri(uri);
        if !exchange
            .headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("host"))
        {
            request = request.header("host", self.host());
        }
        for (name, value) in &exchange.headers {
            request = request.header(name, value);
        }
        request = match exchange.auth.as_deref() {
            None => request.header(
                "authorization",
                format!("Bearer {}", self.sandbox.admin_token()),
            ),
            Some("none" | "session visitor") => request,
            Some("bad token") => request.header("authorization", "Bearer nope"),
            Some("basic") => request.header("authorization", "Basic YWthZG1pbjp4"),
            Some("empty bearer") => request.header("authorization", "Bearer "),
            Some("lower-case scheme") => request.header(
                "authorization",
                format!("bearer {}", self.sandbox.admin_token()),
            ),
            Some("no scheme") => request.header("authorization", self.sandbox.admin_token()),
            Some(label) => {
                let (name, value) = self.credential(label);
                request.header(name, value)
            }
        };
        let (kind, body) = self.body(exchange)?;
        if let Some(kind) = kind {
            request = request.header("content-type", kind);
        }
        Some(request.body(Body::from(body)).unwrap())
    }

    fn body(&self, exchange: &Exchange) -> Option<(Option<String>, String)> {
        let kind = exchange.content_type.clone();
        if kind.as_deref() == Some("multipart/form-data") {
            return Some((
                Some("multipart/form-data; boundary=b".to_owned()),
                form(&exchange.body),
            ));
        }
        let kind = Some(kind.unwrap_or_else(|| "application/json".to_owned()));
        match &exchange.body {
            Value::Null => Some((None, String::new())),
            // Text was sent as it is; JSON bodies are never a bare string in the recordings.
            Value::String(text) if kind.as_deref() == Some(FORM) => {
                Some((kind, self.bound.form(text)?))
            }
            Value::String(text) => Some((kind, text.clone())),
            body => Some((kind, self.bound.body(body, "")?.to_string())),
        }
    }

    /// The secret of a client.
    fn secret(&self, client: &str) -> String {
        let path = format!("providers/oauth2/?client_id={client}");
        let found = self.admin("GET", &path, none()).now_or_never().unwrap();
        let secret = found["results"][0]["client_secret"].as_str();
        secret.unwrap().to_owned()
    }

    /// Lets a label of the recording stand for a token.
    pub(crate) fn know(&mut self, label: &str, token: &str) {
        self.credentials.insert(label.to_owned(), token.to_owned());
    }

    /// The key of a token.
    pub(crate) async fn key_of(&self, identifier: &str) -> String {
        let path = format!("core/tokens/{identifier}/view_key/");
        let key = self.admin("GET", &path, none()).await["key"].clone();
        key.as_str().unwrap().to_owned()
    }

    /// Header and value of a token (`jodie`) or a session (`session jodie`).
    fn credential(&mut self, label: &str) -> (&'static str, String) {
        if let Some(user) = label.strip_prefix("session ") {
            let sandbox = self.sandbox.clone();
            let cookie = self
                .credentials
                .entry(label.to_owned())
                .or_insert_with(|| sandbox.add_session(user));
            return ("cookie", cookie.clone());
        }
        if label.starts_with("access token of ") {
            let token = self.bound.first_access_token().unwrap_or_default();
            return ("authorization", format!("Bearer {token}"));
        }
        if let Some(client) = label.strip_prefix("client ") {
            let pair = format!("{client}:{}", self.secret(client));
            return ("authorization", format!("Basic {}", STANDARD.encode(pair)));
        }
        let user = label.split(' ').next().unwrap_or_default();
        let sandbox = self.sandbox.clone();
        let token = self
            .credentials
            .entry(label.to_owned())
            .or_insert_with(|| sandbox.add_token(user));
        ("authorization", format!("Bearer {token}"))
    }
}

/// A multipart body from the way recordings show one.
fn form(shown: &Value) -> String {
    let mut text = String::new();
    for (name, value) in shown.as_object().into_iter().flatten() {
        let value = value.as_str().unwrap_or_default();
        let file = value
            .strip_prefix("(file ")
            .and_then(|rest| rest.split(',').next());
        let file = file
            .map(|name| format!("; filename=\"{name}\""))
            .unwrap_or_default();
        let _ = write!(
            text,
            "--b\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{value}\r\n"
        );
    }
    text + "--b--\r\n"
}

/// Shorthand for bodies.
pub(crate) fn none() -> Value {
    json!(null)
}
