//! A console in front of a sandbox.

pub(crate) mod authentik;
pub(crate) mod gate;
pub(crate) mod process;

use std::{net::SocketAddr, time::Duration};

use authentik_api::Transport as _;
use axum::{
    Router,
    body::{Body, Bytes},
    response::Response,
};
use http::{HeaderMap, Method, Request, header};
use http_body_util::BodyExt as _;
use sandbox::{Sandbox, Version};
use serde_json::{Value, json};
use server::{
    Server,
    config::{Authentik, Config, Entry},
};
use tempfile::TempDir;
use tokio::{net::TcpListener, task::AbortHandle};
use tower::ServiceExt as _;
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::path};

/// An answer, read to the end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) async fn of(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Self {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body,
        }
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.to_vec()).unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }

    /// The code of an error.
    pub(crate) fn code(&self) -> String {
        self.json()["error"]["code"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    pub(crate) fn header(&self, name: impl header::AsHeaderName) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

/// A sandbox that listens.
pub(crate) struct Upstream {
    pub(crate) sandbox: Sandbox,
    pub(crate) address: SocketAddr,
    task: AbortHandle,
}

impl Upstream {
    pub(crate) async fn start(version: Version) -> Self {
        Self::of(Sandbox::with_sample_data(version, 7)).await
    }

    pub(crate) async fn of(sandbox: Sandbox) -> Self {
        // Who verifies its tokens does so by the clock of the machine.
        let now = || jiff::Timestamp::now().as_second();
        sandbox.set_clock(now);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let task = tokio::spawn(sandbox.clone().serve(listener)).abort_handle();
        Self {
            sandbox,
            address,
            task,
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Upstream {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Something that connects as authentik does; what else it answers is for the caller to say.
pub(crate) async fn impostor() -> MockServer {
    let server = MockServer::start().await;
    for (at, body) in [
        (
            "/api/v3/admin/version/",
            json!({ "version_current": "2026.5.0" }),
        ),
        (
            "/api/v3/core/users/me/",
            json!({ "user": { "pk": 1, "username": "akadmin" } }),
        ),
        ("/api/v3/admin/settings/", json!({})),
    ] {
        answers(&server, at, ResponseTemplate::new(200).set_body_json(body)).await;
    }
    server
}

/// Lets it answer this at a path.
pub(crate) async fn answers(server: &MockServer, at: &str, answer: ResponseTemplate) {
    let mock = Mock::given(path(at)).respond_with(answer);
    mock.mount(server).await;
}

/// A server in this process, and a session.
pub(crate) struct Console {
    router: Router,
    server: Server,
    cookie: String,
    _folder: TempDir,
}

impl Console {
    /// In front of an authentik at `url`.
    pub(crate) async fn at(url: &str, token: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = Config {
            database: Some(folder.path().join("ostiary.sqlite")),
            site_root: folder.path().join("site"),
            entry: Some(Entry::Link),
            authentik: Authentik {
                url: Some(url.parse().unwrap()),
                token: Some(token.into()),
                ..Authentik::default()
            },
            ..Config::default()
        };
        Self::start(config, folder).await
    }

    /// In front of a sandbox.
    pub(crate) async fn before(upstream: &Upstream) -> Self {
        Self::at(&upstream.url(), &upstream.sandbox.admin_token()).await
    }

    pub(crate) async fn start(config: Config, folder: TempDir) -> Self {
        let server = Server::start(config).await.unwrap();
        let mut console = Self {
            router: server.router(),
            server,
            cookie: String::new(),
            _folder: folder,
        };
        console.cookie = console.enter(&console.link()).await.expect("a session");
        console
    }

    /// A new one-time link.
    pub(crate) fn link(&self) -> String {
        self.server.entry_link()
    }

    /// Opens a one-time link; the cookie it gives.
    pub(crate) async fn enter(&self, link: &str) -> Option<String> {
        let answer = self
            .send(Request::get(link).body(Body::empty()).unwrap())
            .await;
        let cookie = answer.headers.get(header::SET_COOKIE)?.to_str().unwrap();
        Some(cookie.split(';').next().unwrap().to_owned())
    }

    /// The router, to serve it on a socket.
    pub(crate) fn router(&self) -> Router {
        self.router.clone()
    }

    /// The cookie of the session.
    pub(crate) fn cookie(&self) -> &str {
        &self.cookie
    }

    /// Sends a request, with the name of this machine where it names none.
    pub(crate) async fn raw(&self, mut request: Request<Body>) -> Response {
        let host = header::HeaderValue::from_static("127.0.0.1:3000");
        request.headers_mut().entry(header::HOST).or_insert(host);
        self.router.clone().oneshot(request).await.unwrap()
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        Answer::of(self.raw(request).await).await
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> http::request::Builder {
        Request::builder()
            .method(method)
            .uri(path)
            .header(header::COOKIE, &self.cookie)
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path).body(Body::empty()).unwrap())
            .await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        let request = self
            .request(Method::POST, path)
            .header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(Body::from(body.to_string())).unwrap())
            .await
    }

    /// Plans a draft that is right; the id of the change set and its plan.
    pub(crate) async fn plan(&self, draft: &Value) -> (String, Value) {
        let answer = self.post("/api/changes", &change(draft)).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        let body = answer.json();
        (
            body["id"].as_str().unwrap().to_owned(),
            body["plan"].clone(),
        )
    }

    /// Starts `work` on a change set and waits until it is done; the change set then.
    pub(crate) async fn work(&self, id: &str, work: &str) -> Value {
        let answer = self
            .post(&format!("/api/changes/{id}/{work}"), &json!({}))
            .await;
        assert_eq!(answer.status, 202, "{}", answer.text());
        self.finished(id).await
    }

    /// The change set once nothing is going on.
    pub(crate) async fn finished(&self, id: &str) -> Value {
        loop {
            let change = self.get(&format!("/api/changes/{id}")).await.json();
            if !is_running(&change) {
                return change;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

pub(crate) fn is_running(change: &Value) -> bool {
    matches!(change["state"].as_str(), Some("applying" | "undoing"))
}

/// The body that plans a draft.
pub(crate) fn change(draft: &Value) -> Value {
    json!({ "kind": "oidc-application", "draft": draft })
}

/// Reads an object of authentik's without the proxy's mask.
pub(crate) async fn read(upstream: &Upstream, path: &str) -> Value {
    call(upstream, "GET", path, &Value::Null).await
}

/// Somebody else at work in authentik.
pub(crate) async fn call(upstream: &Upstream, method: &str, path: &str, body: &Value) -> Value {
    let transport = authentik_reqwest::Transport::builder(upstream.url().parse().unwrap())
        .token(upstream.sandbox.admin_token().into())
        .build()
        .unwrap();
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    let request = http::Request::builder()
        .method(method)
        .uri(format!("/api/v3/{path}"))
        .header(header::CONTENT_TYPE, "application/json")
        .body(body.into())
        .unwrap();
    let response = transport.execute(request).await.unwrap();
    assert!(
        response.status().is_success(),
        "{method} {path}: {:?}",
        response.body()
    );
    serde_json::from_slice(response.body()).unwrap_or_default()
}

/// A draft that needs a step of each kind: a new group, a mapping of the preset's own, groups.
pub(crate) fn gitea() -> Value {
    json!({
        "preset": "gitea",
        "name": "Gitea",
        "base_url": "https://git.lindenhof.example",
        "access": { "groups": ["engineering", "contractors"], "new_groups": ["gitadmin"] },
    })
}

/// A draft that needs one step.
pub(crate) fn grafana() -> Value {
    json!({
        "preset": "grafana",
        "name": "Grafana",
        "base_url": "https://grafana.lindenhof.example",
        "access": { "groups": ["staff"] },
    })
}

/// How many objects of each kind a sandbox holds.
pub(crate) fn counts(sandbox: &Sandbox) -> Vec<(&'static str, usize)> {
    [
        "application",
        "provider",
        "group",
        "scopemapping",
        "policybinding",
    ]
    .map(|kind| (kind, sandbox.count(kind)))
    .to_vec()
}
