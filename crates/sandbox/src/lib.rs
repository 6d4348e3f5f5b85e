//! A simulated authentik, for the demo and for tests.
//!
//! [`Sandbox`] is a server with its state in memory: an [`axum::Router`] that answers the operations which the typed API
//! client offers, and an `OpenID` provider that people and applications sign in with. It was written from recordings
//! of live servers of 2023.10, 2025.10 and 2026.5, and `tests/replay.rs` plays those recordings against it.
//!
//! What to know:
//! - Nothing is random and no clock is read: keys, secrets and times come from the seed and a counter.
//! - Addresses that are not served are answered like unknown ones: an HTML 404, or an empty 405 on writes.
//! - Superusers may do everything. Others may read `me`, the version, the application list, `check_access` of themselves
//!   and their own tokens; for every other operation they need the permission that authentik asks for, from the roles of
//!   their groups (and of themselves in 2026.5), else it is 403. Permissions for one object count since 2025.10.
//! - Tokens do not run out, and what [`Sandbox::add_token`] hands out is listed among them.
//! - There is no Python: [policy and mapping expressions](#expressions) are understood as far as the recordings use them.
//! - People sign in at its own small login page, with their name and [`PASSWORD`]; applications get tokens that the
//!   published keys verify. The private keys lie in this repository: what they sign means nothing outside.
//! - Tokens go by the same counted time as everything else, unless a clock is lent ([`Sandbox::set_clock`]).
//! - It calls nobody: logout tokens wait for [`Sandbox::take_logouts`] or [`Sandbox::deliver_logouts`].
//! - [`Sandbox::new`] acts as the final releases do, which know `logout_uri` in 2025.10, `grant_types` and `meta_hide`
//!   in 2026.5; [`Sandbox::as_recorded`] acts as the recorded builds, which did not.
//!
//! # Expressions
//! Policies: `return True`, `return False`, `return 1 / 0`, `return request.user.username == '…'`,
//! `return ak_is_group_member(request.user, name="…")`, with `ak_message('…')` before. Any other policy counts as failing
//! with an exception: its binding gives its `failure_result`. Scope mappings: a returned dictionary of constants,
//! `request.user.username|name|email` and the list of group names; any other mapping adds no claims.

mod access;
mod admin;
mod applications;
mod authorize;
mod bindings;
mod brands;
mod call;
mod clock;
mod company;
mod dispatch;
mod events;
mod expression;
mod faults;
mod fields;
mod flows;
mod fresh;
mod grants;
mod groups;
mod jwt;
mod keys;
mod list;
mod logout;
mod mappings;
mod members;
mod mint;
mod oauth2;
mod oidc;
mod openid;
mod outposts;
mod pair;
mod permits;
mod policies;
mod providers;
mod rbac;
mod reply;
mod resource;
mod routes;
mod rows;
mod sample;
mod service_accounts;
mod sessions;
mod signin;
mod state;
mod table;
mod token;
mod tokens;
mod transactional;
mod used_by;
mod users;
mod values;
mod version;

pub use faults::{Fault, FaultHandle, Faults};
pub use grants::Logout;
pub use signin::PASSWORD;
pub use version::{UnknownVersion, Version};

use crate::call::Call;
use crate::reply::Payload;
use crate::rows::{Columns, row};
use crate::state::{State, Table};
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use bytes::Bytes;
use http::{HeaderValue, Method, Response, StatusCode};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use std::convert::Infallible;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tower::ServiceExt as _;

/// Requests larger than this are refused.
const MAX_BODY: usize = 4 * 1024 * 1024;

/// One request that reached the sandbox. Tokens are never kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Method of the request.
    pub method: Method,
    /// Path, percent-encoded, without the query.
    pub path: String,
    /// Query as it came, without the question mark; empty where there was none.
    pub query: String,
    /// Status of the answer; 0 where the connection was broken off.
    pub status: u16,
    /// What the caller calls itself; empty where it does not say.
    pub user_agent: String,
    /// The id that the answer gave to the request.
    pub id: String,
}

#[derive(Debug)]
struct Inner {
    state: Mutex<State>,
    faults: Faults,
    requests: Mutex<Vec<Recorded>>,
    /// How many requests came.
    count: AtomicU64,
    admin_token: String,
    /// A session ended, and applications want to hear of it.
    ended: Notify,
}

/// A simulated server. Clones share one state.
#[derive(Debug, Clone)]
pub struct Sandbox(Arc<Inner>);

impl Sandbox {
    /// A fresh server: the superuser `akadmin`, the default flows, the managed scope mappings, a self-signed key pair,
    /// the embedded outpost and the default brand.
    pub fn new(version: Version, seed: u64) -> Self {
        Self::start(version, seed, false)
    }

    /// Like [`Sandbox::new`], but acting as the recorded builds (`2025.10.0-rc1`, `2026.5.0-rc1`) where the final
    /// releases differ.
    pub fn as_recorded(version: Version, seed: u64) -> Self {
        Self::start(version, seed, true)
    }

    /// The server of the demo: forty people, nested groups, a dozen applications, one of them open to everybody, one
    /// OAuth2 provider without a signing key, and the events of the last days. `mina.koch` is an ordinary user.
    pub fn with_sample_data(version: Version, seed: u64) -> Self {
        let sandbox = Self::start(version, seed, false);
        sample::fill(&mut sandbox.state());
        sandbox
    }

    /// The server of the demo grown to a company: `people` users in all, in 200 groups nested up to four levels deep,
    /// and 200 applications with bindings of every kind. Never fewer users than the sample data have.
    pub fn with_company(version: Version, seed: u64, people: usize) -> Self {
        let sandbox = Self::with_sample_data(version, seed);
        company::fill(&mut sandbox.state(), people);
        sandbox
    }

    fn start(version: Version, seed: u64, recorded: bool) -> Self {
        let mut state = State::empty(version, seed, recorded);
        fresh::fill(&mut state);
        let bootstrap = json!(tokens::BOOTSTRAP);
        let admin_token = state
            .find(Table::Tokens, "identifier", &bootstrap)
            .map(|token| token.text("key").to_owned())
            .unwrap_or_default();
        Self(Arc::new(Inner {
            state: Mutex::new(state),
            faults: Faults::default(),
            requests: Mutex::new(Vec::new()),
            count: AtomicU64::new(0),
            admin_token,
            ended: Notify::new(),
        }))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn log(&self) -> MutexGuard<'_, Vec<Recorded>> {
        self.0
            .requests
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// The version this sandbox acts as.
    pub fn version(&self) -> Version {
        self.state().version
    }

    /// API token of the superuser `akadmin`.
    pub fn admin_token(&self) -> String {
        self.0.admin_token.clone()
    }

    /// A new API token of a user; one that opens nothing where there is no such user.
    pub fn add_token(&self, username: &str) -> String {
        let mut state = self.state();
        let key = state.mint.secret(60);
        if let Some(pk) = pk_of(&state, username) {
            let identifier = format!("handed-out-{}", state.rows(Table::Tokens).len());
            let token = json!({ "identifier": identifier, "user": pk, "key": key });
            tokens::put(&mut state, token);
        }
        key
    }

    /// Signs a user in and gives the value for a `Cookie` header; one that opens nothing where there is no such user.
    pub fn add_session(&self, username: &str) -> String {
        let mut state = self.state();
        let key = match pk_of(&state, username) {
            Some(pk) => sessions::begin(&mut state, pk, ""),
            None => state.mint.secret(32),
        };
        format!("{}={key}", sessions::COOKIE)
    }

    /// Stores a provider of a kind that has no operations of its own here (`proxy`, `ldap`, `saml`, `radius`, `scim`)
    /// and gives its primary key; nothing for an unknown kind.
    pub fn add_provider(&self, kind: &str, name: &str) -> Option<i64> {
        let mut state = self.state();
        let mut columns =
            row(json!({ "name": name, "external_host": format!("https://{name}.example.org") }));
        // SCIM providers never had flows.
        if kind != "scim" {
            columns.extend(fresh::provider_flows(&state));
        }
        providers::insert_other(&mut state, kind, columns)
            .as_ref()
            .and_then(Value::as_i64)
    }

    /// Switches that make the server misbehave.
    pub fn faults(&self) -> &Faults {
        &self.0.faults
    }

    /// Every request so far.
    pub fn requests(&self) -> Vec<Recorded> {
        self.log().clone()
    }

    /// Forgets the requests.
    pub fn clear_requests(&self) {
        self.log().clear();
    }

    /// Number of objects of a kind: `application`, `oauth2provider`, `provider`, `group`, `user`, `scopemapping`,
    /// `policybinding`, `policy`, `flow`, `outpost`, `brand`, `event`, `certificatekeypair`, `role` or `token`; 0 for any
    /// other.
    pub fn count(&self, kind: &str) -> usize {
        let state = self.state();
        let table = match kind {
            "oauth2provider" => {
                return state
                    .rows(Table::Providers)
                    .iter()
                    .filter(|row| row.contains_key("client_id"))
                    .count();
            }
            "application" => Table::Applications,
            "provider" => Table::Providers,
            "group" => Table::Groups,
            "user" => Table::Users,
            "scopemapping" => Table::Mappings,
            "policybinding" => Table::Bindings,
            "policy" => Table::Policies,
            "flow" => Table::Flows,
            "outpost" => Table::Outposts,
            "brand" => Table::Brands,
            "event" => Table::Events,
            "certificatekeypair" => Table::Keys,
            "role" => Table::Roles,
            "token" => Table::Tokens,
            _ => return 0,
        };
        state.rows(table).len()
    }

    /// The server as an axum router; every address leads to it.
    pub fn router(&self) -> Router {
        let sandbox = self.clone();
        Router::new().fallback(move |request: Request| {
            let sandbox = sandbox.clone();
            async move { sandbox.respond(request).await }
        })
    }

    /// Serves on a listener until the future is dropped; open connections end with it.
    ///
    /// # Errors
    /// When the listener can accept no more connections.
    pub async fn serve(self, listener: tokio::net::TcpListener) -> std::io::Result<()> {
        let router = self.router();
        // Dropping the set, and with it this future, breaks every open connection off.
        let mut connections = JoinSet::new();
        loop {
            let (stream, _) = tokio::select! {
                accepted = listener.accept() => accepted?,
                Some(_) = connections.join_next() => continue,
            };
            let router = router.clone();
            connections.spawn(async move {
                let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
                    let answer = router.clone().oneshot(request.map(Body::new));
                    async move { close_where_marked(answer.await) }
                });
                let served = hyper::server::conn::http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service);
                if let Err(error) = served.await {
                    tracing::debug!(%error, "connection ended");
                }
            });
        }
    }

    async fn respond(self, request: Request) -> Response<Body> {
        let (parts, body) = request.into_parts();
        let Ok(body) = axum::body::to_bytes(body, MAX_BODY).await else {
            return faults::html(StatusCode::PAYLOAD_TOO_LARGE, "Payload Too Large");
        };
        let mut call = Call::new(&parts, body);
        let met = self.0.faults.strike(&call.method, &call.path);
        let mut response = match met {
            None => self.handle(&mut call).0,
            Some(set) => self.misbehave(&set, &mut call).await,
        };
        // A real server makes a random one; nothing is random here.
        let count = self.0.count.fetch_add(1, Ordering::Relaxed);
        let id = format!("{count:032x}");
        if let Ok(id) = HeaderValue::from_str(&id) {
            response.headers_mut().insert("x-authentik-id", id);
        }
        let broken = response.extensions().get::<faults::BreakOff>().is_some();
        let user_agent = call.header("user-agent").unwrap_or_default().to_owned();
        self.log().push(Recorded {
            user_agent,
            id,
            method: call.method,
            path: call.path,
            query: call.raw_query,
            status: if broken {
                0
            } else {
                response.status().as_u16()
            },
        });
        response
    }

    /// Carries the call out; the body comes along for faults that cut it.
    fn handle(&self, call: &mut Call) -> (Response<Body>, Bytes) {
        let mut state = self.state();
        let reply = dispatch::answer(&mut state, call);
        if !state.grants.logouts.is_empty() {
            self.0.ended.notify_one();
        }
        drop(state);
        let body = match &reply.payload {
            Payload::Json(value) => Bytes::from(value.to_string()),
            Payload::Html(text) => Bytes::from(text.clone()),
            Payload::Empty => Bytes::new(),
        };
        (reply.into_response(), body)
    }

    async fn misbehave(&self, set: &FaultHandle, call: &mut Call) -> Response<Body> {
        let fault = set.fault();
        if fault != Fault::HangAfter {
            set.announce();
        }
        match fault {
            Fault::Latency(time) => {
                tokio::time::sleep(time).await;
                self.handle(call).0
            }
            Fault::ServerError if call.method == Method::GET => {
                faults::html(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")
            }
            Fault::ServerError => reply::Reply::crash().into_response(),
            Fault::BadGateway => faults::html(StatusCode::BAD_GATEWAY, "Bad Gateway"),
            Fault::NotApplied => {
                reply::Reply::ok(json!({ "applied": false, "logs": [] })).into_response()
            }
            Fault::Reset => faults::broken_off(),
            Fault::Truncate => {
                let (response, body) = self.handle(call);
                faults::truncated(response, &body)
            }
            Fault::Html => {
                self.handle(call);
                faults::html(StatusCode::OK, "Welcome")
            }
            Fault::HangBefore => {
                set.hang().await;
                faults::broken_off()
            }
            Fault::HangAfter => {
                let (response, _) = self.handle(call);
                set.announce();
                set.hang().await;
                response
            }
        }
    }
}

/// An error of the service closes the connection without an answer.
fn close_where_marked(
    answer: Result<Response<Body>, Infallible>,
) -> Result<Response<Body>, faults::Broken> {
    match answer {
        Ok(response) if response.extensions().get::<faults::BreakOff>().is_some() => {
            Err(faults::Broken)
        }
        Ok(response) => Ok(response),
        Err(never) => match never {},
    }
}

fn pk_of(state: &State, username: &str) -> Option<i64> {
    state
        .find(Table::Users, "username", &json!(username))?
        .int("pk")
}
