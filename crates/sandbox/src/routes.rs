//! Which address goes where, who may call it, and what happens before a handler sees a call.

use crate::admin;
use crate::applications::{self, Applications};
use crate::bindings::{self, Bindings};
use crate::brands::{self, Brands};
use crate::call::Call;
use crate::events::Events;
use crate::flows::{self, Flows};
use crate::groups::{self, Groups};
use crate::keys::Keys;
use crate::mappings::{self, Scopes};
use crate::oidc;
use crate::outposts::{self, Outposts};
use crate::policies::{self, Expressions};
use crate::providers::{self, OAuth2};
use crate::reply::{Outcome, Payload, Reply};
use crate::resource::{create, delete, index, retrieve, update};
use crate::state::State;
use crate::transactional;
use crate::users::{self, Users};
use crate::version::Version;
use http::{Method, StatusCode, header};
use serde_json::{Value, json};

type Handler = fn(&mut State, &Call, &[&str]) -> Outcome;

/// Who may call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Access {
    Public,
    SignedIn,
    /// Superusers; the sandbox knows no finer permissions.
    Admin,
}
use Access::{Admin, Public, SignedIn};

/// The methods that routes know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}
use Verb::{Delete, Get, Patch, Post, Put};

impl Verb {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Get => "GET",
            Post => "POST",
            Put => "PUT",
            Patch => "PATCH",
            Delete => "DELETE",
        }
    }
}

pub(crate) struct Route {
    /// Address without the leading and trailing slash; `{}` stands for one segment.
    pub(crate) pattern: &'static str,
    verbs: &'static [(Verb, Access, Handler)],
    first: Version,
    last: Version,
}

impl Route {
    pub(crate) fn offered(&self, version: Version) -> bool {
        (self.first..=self.last).contains(&version)
    }

    pub(crate) fn methods(&self) -> impl Iterator<Item = Verb> {
        self.verbs.iter().map(|(verb, ..)| *verb)
    }
}

type Verbs = &'static [(Verb, Access, Handler)];

const fn route(pattern: &'static str, verbs: Verbs) -> Route {
    Route { pattern, verbs, first: Version::V2023_10, last: Version::V2026_5 }
}
const fn until(last: Version, pattern: &'static str, verbs: Verbs) -> Route {
    Route { pattern, verbs, first: Version::V2023_10, last }
}
const fn since(first: Version, pattern: &'static str, verbs: Verbs) -> Route {
    Route { pattern, verbs, first, last: Version::V2026_5 }
}

/// List and create.
macro_rules! collection {
    ($resource:ty) => {
        &[(Get, Admin, index::<$resource>), (Post, Admin, create::<$resource>)]
    };
}
/// Retrieve, put, patch and delete.
macro_rules! object {
    ($resource:ty) => {
        &[
            (Get, Admin, retrieve::<$resource>),
            (Put, Admin, update::<$resource>),
            (Patch, Admin, update::<$resource>),
            (Delete, Admin, delete::<$resource>),
        ]
    };
}

use Version::{V2023_10, V2025_10};

/// Everything under `/api/v3/` that the sandbox serves. The first fitting row holds.
pub(crate) const ROUTES: &[Route] = &[
    route("admin/version", &[(Get, SignedIn, admin::version)]),
    since(V2025_10, "admin/settings", &[
        (Get, Admin, admin::settings),
        (Put, Admin, admin::settings),
        (Patch, Admin, admin::settings),
    ]),
    route("root/config", &[(Get, Public, admin::config)]),
    route("schema", &[(Get, Public, admin::schema)]),
    route("core/users", collection!(Users)),
    route("core/users/me", &[(Get, SignedIn, users::me)]),
    route("core/users/{}", object!(Users)),
    route("core/users/{}/used_by", &[(Get, Admin, users::used_by)]),
    route("core/groups", collection!(Groups)),
    route("core/groups/{}", object!(Groups)),
    route("core/groups/{}/add_user", &[(Post, Admin, groups::add_user)]),
    route("core/groups/{}/remove_user", &[(Post, Admin, groups::remove_user)]),
    route("core/groups/{}/used_by", &[(Get, Admin, groups::used_by)]),
    route("core/applications", &[(Get, SignedIn, applications::index), (Post, Admin, create::<Applications>)]),
    route("core/applications/{}", object!(Applications)),
    route("core/applications/{}/check_access", &[(Get, SignedIn, applications::check_access)]),
    route("core/applications/{}/used_by", &[(Get, Admin, applications::used_by)]),
    until(V2025_10, "core/applications/{}/set_icon", &[(Post, Admin, applications::upload_icon)]),
    until(V2025_10, "core/applications/{}/set_icon_url", &[(Post, Admin, applications::set_icon_url)]),
    route("core/transactional/applications", &[(Put, SignedIn, transactional::put)]),
    route("providers/all", &[(Get, Admin, index::<providers::All>)]),
    route("providers/all/{}", &[(Get, Admin, retrieve::<providers::All>), (Delete, Admin, delete::<providers::All>)]),
    route("providers/all/{}/used_by", &[(Get, Admin, providers::used_by::<providers::All>)]),
    route("providers/oauth2", collection!(OAuth2)),
    route("providers/oauth2/{}", object!(OAuth2)),
    route("providers/oauth2/{}/setup_urls", &[(Get, Admin, providers::setup_urls)]),
    route("providers/oauth2/{}/preview_user", &[(Get, Admin, providers::preview_user)]),
    route("providers/oauth2/{}/used_by", &[(Get, Admin, providers::used_by::<OAuth2>)]),
    route("flows/instances", collection!(Flows)),
    route("flows/instances/{}", object!(Flows)),
    route("flows/instances/{}/used_by", &[(Get, Admin, flows::used_by)]),
    until(V2023_10, "propertymappings/scope", collection!(Scopes)),
    until(V2023_10, "propertymappings/scope/{}", object!(Scopes)),
    until(V2023_10, "propertymappings/scope/{}/used_by", &[(Get, Admin, mappings::used_by)]),
    since(V2025_10, "propertymappings/provider/scope", collection!(Scopes)),
    since(V2025_10, "propertymappings/provider/scope/{}", object!(Scopes)),
    since(V2025_10, "propertymappings/provider/scope/{}/used_by", &[(Get, Admin, mappings::used_by)]),
    route("crypto/certificatekeypairs", &[(Get, Admin, index::<Keys>)]),
    route("crypto/certificatekeypairs/{}", &[(Get, Admin, retrieve::<Keys>)]),
    route("policies/all/cache_clear", &[(Post, Admin, policies::cache_clear)]),
    route("policies/all/cache_info", &[(Get, Admin, policies::cache_info)]),
    route("policies/all/{}", &[(Get, Admin, retrieve::<policies::All>), (Delete, Admin, delete::<policies::All>)]),
    route("policies/expression", collection!(Expressions)),
    route("policies/expression/{}", object!(Expressions)),
    route("policies/expression/{}/used_by", &[(Get, Admin, policies::used_by)]),
    route("policies/bindings", collection!(Bindings)),
    route("policies/bindings/{}", object!(Bindings)),
    route("policies/bindings/{}/used_by", &[(Get, Admin, bindings::used_by)]),
    route("outposts/instances", &[(Get, Admin, index::<Outposts>), (Post, Admin, create::<Outposts>)]),
    route("outposts/instances/default_settings", &[(Get, Admin, outposts::default_settings)]),
    route("outposts/instances/{}", object!(Outposts)),
    route("outposts/instances/{}/health", &[(Get, Admin, outposts::health)]),
    until(V2023_10, "core/tenants", collection!(Brands)),
    until(V2023_10, "core/tenants/current", &[(Get, Public, brands::current)]),
    until(V2023_10, "core/tenants/{}", object!(Brands)),
    until(V2023_10, "core/tenants/{}/used_by", &[(Get, Admin, brands::used_by)]),
    since(V2025_10, "core/brands", collection!(Brands)),
    since(V2025_10, "core/brands/current", &[(Get, Public, brands::current)]),
    since(V2025_10, "core/brands/{}", object!(Brands)),
    since(V2025_10, "core/brands/{}/used_by", &[(Get, Admin, brands::used_by)]),
    route("events/events", &[(Get, Admin, index::<Events>)]),
    route("events/events/{}", &[(Get, Admin, retrieve::<Events>)]),
];

/// The OpenID Connect addresses, outside the API.
const PAGES: &[Route] = &[
    route("application/o/authorize", &[(Get, Public, oidc::authorize)]),
    route("application/o/{}/jwks", &[(Get, Public, oidc::jwks)]),
    route("application/o/{}/.well-known/openid-configuration", &[(Get, Public, oidc::discovery)]),
];

/// Answers a call.
pub(crate) fn answer(state: &mut State, call: &mut Call) -> Reply {
    let reply = if let Some(address) = call.path.clone().strip_prefix("/api/v3/") {
        api(state, call, address)
    } else {
        page(state, call)
    };
    let mut reply = reply.unwrap_or_else(|refusal| refusal);
    translate(state.version, call, &mut reply);
    reply
}

/// Nothing lives here: a page for readers, an empty 405 for everybody else.
fn nowhere(call: &Call) -> Reply {
    if matches!(call.method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return Reply::page(StatusCode::NOT_FOUND, "Not Found", "There is no such page on this simulated server.");
    }
    Reply::crash()
}

fn find<'a>(routes: &'static [Route], version: Version, address: &'a str) -> Option<(&'static Route, Vec<&'a str>)> {
    routes.iter().filter(|route| route.offered(version)).find_map(|route| {
        let (mut args, mut have) = (Vec::new(), address.split('/'));
        for want in route.pattern.split('/') {
            let segment = have.next()?;
            match want {
                "{}" if !segment.is_empty() => args.push(segment),
                _ if want == segment => {}
                _ => return None,
            }
        }
        have.next().is_none().then_some((route, args))
    })
}

fn api(state: &mut State, call: &mut Call, address: &str) -> Outcome {
    if address.is_empty() {
        return admin::browser(state, call, &[]);
    }
    let found = address.strip_suffix('/').and_then(|address| find(ROUTES, state.version, address));
    let Some((route, args)) = found else { return Err(nowhere(call)) };
    // HEAD is answered like GET; the transport leaves the body out.
    let wanted = if call.method == Method::HEAD { Method::GET } else { call.method.clone() };
    let verb = route.verbs.iter().find(|(verb, ..)| verb.name() == wanted.as_str());
    negotiate(call)?;
    let public = route.verbs.iter().all(|(_, access, _)| *access == Public);
    if !public {
        authenticate(state, call).map_err(|refusal| with_allow(refusal, route, call))?;
    }
    let Some((_, access, handler)) = verb else {
        let text = format!("Method \"{}\" not allowed.", call.method);
        let refusal = Reply::detail(StatusCode::METHOD_NOT_ALLOWED, &text);
        return Err(Reply { header: Some((header::ALLOW, allowed(route))), ..refusal });
    };
    if *access == Admin && !state.is_superuser(call.user.unwrap_or_default()) {
        return Err(Reply::denied());
    }
    handler(state, call, &args)
}

fn page(state: &mut State, call: &mut Call) -> Outcome {
    let address = call.path.clone();
    let inner = address.trim_start_matches('/');
    let inner = inner.strip_suffix('/').unwrap_or(inner);
    // Only the discovery document has no slash at its end.
    let well_formed = address.ends_with('/') != address.contains("/.well-known/");
    let found = find(PAGES, state.version, inner).filter(|_| well_formed);
    let Some((route, args)) = found else { return Err(nowhere(call)) };
    call.user = session(state, call);
    match route.verbs.iter().find(|(verb, ..)| verb.name() == call.method.as_str()) {
        Some((_, _, handler)) => handler(state, call, &args),
        None => Err(Reply::crash()),
    }
}

fn allowed(route: &Route) -> String {
    let mut names: Vec<&str> = route.methods().map(Verb::name).collect();
    if names.contains(&"GET") {
        names.push("HEAD");
    }
    names.push("OPTIONS");
    names.join(", ")
}

/// An anonymous OPTIONS is refused, but says what there is.
fn with_allow(refusal: Reply, route: &Route, call: &Call) -> Reply {
    if call.method == Method::OPTIONS {
        return Reply { header: Some((header::ALLOW, allowed(route))), ..refusal };
    }
    refusal
}

fn negotiate(call: &Call) -> Result<(), Reply> {
    if call.param("format").is_some_and(|format| format != "json") {
        return Err(Reply::not_found());
    }
    let accept = call.header("accept").unwrap_or("*/*");
    if ["*/*", "application/*", "application/json"].iter().any(|kind| accept.contains(kind)) {
        return Ok(());
    }
    Err(Reply::detail(StatusCode::NOT_ACCEPTABLE, "Could not satisfy the request Accept header."))
}

/// Finds out who calls, by API token or session. Refusals are 403, never 401 (T20).
fn authenticate(state: &State, call: &mut Call) -> Result<(), Reply> {
    let forbidden = |text: &str| Reply::detail(StatusCode::FORBIDDEN, text);
    let anonymous = "Authentication credentials were not provided.";
    let value = call.header("authorization").unwrap_or_default().trim().to_owned();
    let user = match value.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => {
            let user = state.tokens.get(token.trim()).copied();
            Some(user.ok_or_else(|| forbidden("Token invalid/expired"))?)
        }
        Some(_) if !state.since(Version::V2026_5) => return Err(forbidden("Unsupported authentication type")),
        _ => session(state, call),
    };
    let user = user.ok_or_else(|| forbidden(anonymous))?;
    if !state.user(user).is_some_and(|row| crate::rows::Columns::flag(row, "is_active")) {
        return Err(forbidden("Token invalid/expired"));
    }
    call.user = Some(user);
    Ok(())
}

fn session(state: &State, call: &Call) -> Option<i64> {
    let cookies = call.header("cookie")?;
    let key = cookies.split(';').find_map(|pair| pair.trim().strip_prefix("authentik_session="))?;
    state.sessions.get(key).copied()
}

/// Messages follow Accept-Language; one of them is known in German.
fn translate(version: Version, call: &Call, reply: &mut Reply) {
    let german = call.header("accept-language").is_some_and(|languages| languages.starts_with("de"));
    if let (true, Payload::Json(body)) = (german && version != Version::V2023_10, &mut reply.payload) {
        replace(body, "This field is required.", "Dieses Feld ist erforderlich.");
    }
}

fn replace(value: &mut Value, from: &str, to: &str) {
    match value {
        Value::String(text) if text == from => *value = json!(to),
        Value::Array(items) => items.iter_mut().for_each(|item| replace(item, from, to)),
        Value::Object(map) => map.values_mut().for_each(|item| replace(item, from, to)),
        _ => {}
    }
}
