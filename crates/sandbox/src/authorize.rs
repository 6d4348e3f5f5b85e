//! The authorize endpoint.

use crate::access;
use crate::call::Call;
use crate::events::{self, Happening};
use crate::grants::{Code, Grant};
use crate::oidc::{self, RESPONSE_TYPES};
use crate::reply::{Outcome, Reply};
use crate::rows::{Columns, Row, row};
use crate::state::{State, Table};
use crate::token;
use crate::version::Version;
use http::StatusCode;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use regex::Regex;
use serde_json::{Value, json};
use url::form_urlencoded::byte_serialize;

/// Characters that Python's `quote` leaves alone in a query value.
const QUOTED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');
/// Schemes that never are a way back (RFC 9700 calls for refusing them).
const FORBIDDEN_SCHEMES: [&str; 3] = ["javascript:", "data:", "vbscript:"];

/// A request that may go on: everything about it is known and allowed.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) provider: Row,
    pub(crate) app: Row,
    pub(crate) flow: Row,
    user: i64,
    session: Row,
    redirect_uri: String,
}

/// The authorize endpoint.
pub(crate) fn authorize(state: &mut State, call: &Call, _: &[&str]) -> Outcome {
    let asked = ask(state, call)?;
    if !is_fresh(state, call, &asked) {
        return Ok(sign_in_first(state, call, &asked.redirect_uri));
    }
    let silent = prompts(call, "none");
    if !asked.flow.items("stages").is_empty() && silent {
        let text = "The person has to be asked, and the client does not want that";
        return Ok(back(call, &asked.redirect_uri, "consent_required", text));
    }
    // Without stages there is nothing to ask; 2023.10 goes through the flow's page all the same.
    if state.version == Version::V2023_10 || !asked.flow.items("stages").is_empty() {
        return Ok(Reply::redirect(format!(
            "/if/flow/{}/?{}",
            asked.flow.text("slug"),
            reencoded(call)
        )));
    }
    Ok(Reply::redirect(allow(state, call, &asked)))
}

/// Checks a request, up to what the person has to allow.
///
/// Client and redirect URI are checked before anybody is asked to sign in. The recordings show the 400 page for a
/// signed-in visitor only; that an anonymous one gets it too follows from the order of the checks in authentik (the
/// parameters are looked at in `pre_permission_check`, the login comes after it).
pub(crate) fn ask(state: &mut State, call: &Call) -> Result<Asked, Reply> {
    let client = call.param("client_id").unwrap_or_default();
    let provider = state
        .rows(Table::Providers)
        .iter()
        .find(|provider| provider.contains_key("client_id") && provider.text("client_id") == client)
        .cloned()
        .ok_or_else(|| {
            refused(
                "Client ID Error",
                "There is no client with this identifier.",
            )
        })?;
    let redirect_uri = call.param("redirect_uri").unwrap_or_default();
    accept_redirect(state, &provider, redirect_uri)?;
    check_request(state, call, &provider, redirect_uri)?;
    let Some(app) = state.application_of(&provider.value("pk")).cloned() else {
        return Err(Reply::page(
            StatusCode::OK,
            "Permission denied",
            "The provider belongs to no application.",
        ));
    };
    let (Some(user), Some(session)) = (call.user, state.by_pk(Table::Sessions, &call.session))
    else {
        return Err(sign_in_first(state, call, redirect_uri));
    };
    let session = session.clone();
    if !access::may_open(state, &app, user).passing {
        return Err(Reply::page(
            StatusCode::OK,
            "Permission denied",
            "You may not open this application.",
        ));
    }
    let flow = state
        .by_pk(Table::Flows, &provider.value("authorization_flow"))
        .cloned()
        .unwrap_or_default();
    Ok(Asked {
        provider,
        app,
        flow,
        user,
        session,
        redirect_uri: redirect_uri.to_owned(),
    })
}

/// Makes a code and gives the address that takes it to the client.
pub(crate) fn allow(state: &mut State, call: &Call, asked: &Asked) -> String {
    let code = state.mint.uuid().replace('-', "");
    state.mint.tick();
    note(state, call, asked);
    let mut scopes: Vec<String> = call
        .param("scope")
        .unwrap_or_default()
        .split_whitespace()
        .map(str::to_owned)
        .collect();
    if state.since(Version::V2025_10) {
        // Scopes without a mapping are left out without a word.
        let offered = oidc::offered(state, &asked.provider);
        scopes.retain(|scope| offered.contains(scope));
    }
    let challenge = call.param("code_challenge").map(|challenge| {
        let hashed = call.param("code_challenge_method") == Some("S256");
        (challenge.to_owned(), hashed)
    });
    let life = token::seconds(asked.provider.text("access_code_validity"));
    let expires = state.now() + life;
    let grant = Grant {
        provider: asked.provider.value("pk"),
        user: asked.user,
        session: asked.session.value("pk"),
        sid: asked.session.text("sid").to_owned(),
        scopes,
        nonce: call.param("nonce").unwrap_or_default().to_owned(),
        auth_time: asked.session.int("auth_time").unwrap_or_default(),
    };
    let redirect_uri = asked.redirect_uri.clone();
    let stored = Code {
        grant,
        redirect_uri,
        challenge,
        expires,
    };
    state.grants.add_code(code.clone(), stored);
    // Who asks the same once more is asked once more.
    if let Some(session) = state.find_mut(Table::Sessions, &asked.session.value("pk")) {
        session.remove("again");
    }
    let sent = call.param("state").unwrap_or_default();
    with_query(&asked.redirect_uri, &[("code", &code), ("state", sent)])
}

/// Whether the sign-in is as new as the request wants it: `prompt=login` and `max_age`, which are not recorded, as
/// OpenID Connect Core 1.0 has them in section 3.1.2.1. A request that was sent to the login is remembered by the
/// session, so that the same request goes on after it.
pub(crate) fn is_fresh(state: &mut State, call: &Call, asked: &Asked) -> bool {
    let max_age: Option<i64> = call.param("max_age").and_then(|text| text.parse().ok());
    let session = &asked.session;
    let age = state.now() - session.int("auth_time").unwrap_or_default();
    if !prompts(call, "login") && max_age.is_none_or(|most| age <= most && most > 0) {
        return true;
    }
    let request = reencoded(call);
    let logins = session.int("logins").unwrap_or_default();
    if session.text("again") == request && session.int("again_after") < Some(logins) {
        return true;
    }
    if let Some(session) = state.find_mut(Table::Sessions, &session.value("pk")) {
        session.insert("again".to_owned(), json!(request));
        session.insert("again_after".to_owned(), json!(logins));
    }
    false
}

fn prompts(call: &Call, wanted: &str) -> bool {
    call.param("prompt")
        .is_some_and(|prompt| prompt.split_whitespace().any(|word| word == wanted))
}

/// To the login, or back where the client does not want anybody to be asked.
fn sign_in_first(state: &State, call: &Call, redirect_uri: &str) -> Reply {
    if prompts(call, "none") {
        let text = "Nobody is signed in, and the client does not want anybody to be asked";
        return back(call, redirect_uri, "login_required", text);
    }
    Reply::redirect(login_address(state.version, call))
}

fn refused(title: &str, text: &str) -> Reply {
    Reply::page(StatusCode::BAD_REQUEST, title, text)
}

/// Accepts the URI, saves it where the provider has none yet, or refuses it with the error page.
fn accept_redirect(state: &mut State, provider: &Row, uri: &str) -> Result<(), Reply> {
    let wrong = || {
        refused(
            "Redirect URI Error",
            "The request fails due to a missing, invalid, or mismatching redirection URI.",
        )
    };
    if uri.is_empty() {
        return Err(wrong());
    }
    let stored = provider.value("redirect_uris");
    let none = stored.as_str().map_or_else(
        || stored.as_array().is_none_or(Vec::is_empty),
        |text| text.trim().is_empty(),
    );
    if none {
        let first = match state.version {
            Version::V2023_10 => json!(uri),
            Version::V2025_10 => json!([{ "matching_mode": "strict", "url": uri }]),
            Version::V2026_5 => {
                json!([{ "matching_mode": "strict", "url": uri, "redirect_uri_type": "authorization" }])
            }
        };
        if let Some(row) = state.find_mut(Table::Providers, &provider.value("pk")) {
            row.insert("redirect_uris".to_owned(), first);
        }
    } else if !matches(&stored, uri, "authorization") {
        return Err(wrong());
    }
    let scheme = uri.to_ascii_lowercase();
    if FORBIDDEN_SCHEMES
        .iter()
        .any(|forbidden| scheme.starts_with(forbidden))
    {
        return Err(wrong());
    }
    Ok(())
}

/// Whether a stored value (text of regular expressions up to 2024.10, objects later) allows the URI for what it is
/// wanted for: `authorization` or `logout`.
pub(crate) fn matches(stored: &Value, uri: &str, wanted: &str) -> bool {
    // Python's `fullmatch`; an expression that does not compile is compared as text.
    let full = |pattern: &str| {
        Regex::new(&format!("^(?:{pattern})$")).map_or(pattern == uri, |regex| regex.is_match(uri))
    };
    match stored {
        Value::String(text) => text.split_whitespace().any(full),
        Value::Array(uris) => uris.iter().filter_map(Value::as_object).any(|entry| {
            let pattern = entry.text("url");
            let kind = entry
                .get("redirect_uri_type")
                .and_then(Value::as_str)
                .unwrap_or("authorization");
            kind == wanted
                && if entry.text("matching_mode") == "regex" {
                    full(pattern)
                } else {
                    pattern == uri
                }
        }),
        _ => false,
    }
}

/// Errors after the redirect URI is known to be good travel there.
fn back(call: &Call, uri: &str, error: &str, text: &str) -> Reply {
    let mut query = vec![("error", error), ("error_description", text)];
    if let Some(state) = call.param("state") {
        query.push(("state", state));
    }
    Reply::redirect(with_query(uri, &query))
}

fn check_request(state: &State, call: &Call, provider: &Row, uri: &str) -> Result<(), Reply> {
    let back = |error: &str, text: &str| back(call, uri, error, text);
    let method = call.param("code_challenge_method").unwrap_or("plain");
    if !RESPONSE_TYPES.contains(&call.param("response_type").unwrap_or_default()) {
        let text = "The authorization server does not support obtaining an authorization code using this method";
        return Err(back("unsupported_response_type", text));
    }
    if !["plain", "S256"].contains(&method) {
        let text = "This code challenge method is not supported";
        return Err(back("invalid_request", text));
    }
    // T1: a provider without grant types authorizes nobody.
    let grants = provider
        .get("grant_types")
        .filter(|_| state.since(Version::V2026_5) && !state.recorded);
    if grants.is_some_and(|grants| {
        !grants
            .as_array()
            .is_some_and(|list| list.contains(&json!("authorization_code")))
    }) {
        return Err(back(
            "invalid_request",
            "The request is otherwise malformed",
        ));
    }
    Ok(())
}

pub(crate) fn with_query(uri: &str, query: &[(&str, &str)]) -> String {
    if query.is_empty() {
        return uri.to_owned();
    }
    let pairs: Vec<String> = query
        .iter()
        .map(|(k, v)| format!("{k}={}", utf8_percent_encode(v, QUOTED)))
        .collect();
    let mark = if uri.contains('?') { '&' } else { '?' };
    format!("{uri}{mark}{}", pairs.join("&"))
}

/// The query again, in the form encoding that Python writes.
fn reencoded(call: &Call) -> String {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(&call.query);
    form.finish()
}

/// Where an anonymous visitor is sent to sign in, with the way back.
pub(crate) fn login_address(version: Version, call: &Call) -> String {
    let here = format!("/application/o/authorize/?{}", call.raw_query);
    if version >= Version::V2026_5 {
        let next: String = byte_serialize(here.as_bytes()).collect();
        return format!(
            "/if/flow/default-authentication-flow/?{}&next={next}",
            reencoded(call)
        );
    }
    format!(
        "/flows/-/default/authentication/?next={}",
        utf8_percent_encode(&here, QUOTED)
    )
}

/// The event that an authorization leaves.
fn note(state: &mut State, call: &Call, asked: &Asked) {
    let args: Row = call
        .query
        .iter()
        .map(|(key, value)| (key.clone(), json!(value)))
        .collect();
    let mut http_request = row(json!({
        "args": args,
        "path": call.path,
        "method": call.method.as_str(),
        "user_agent": call.header("user-agent").unwrap_or_default(),
    }));
    if state.since(Version::V2025_10) {
        let id = state.mint.uuid().replace('-', "");
        http_request.insert("request_id".to_owned(), json!(id));
    }
    let context = json!({
        "flow": asked.flow.text("pk").replace('-', ""),
        "scopes": call.param("scope").unwrap_or_default(),
        "http_request": http_request,
        "authorized_application": {
            "pk": asked.app.text("pk").replace('-', ""),
            "app": "authentik_core",
            "name": asked.app.value("name"),
            "model_name": "application",
        },
    });
    events::record(
        state,
        &Happening {
            action: "authorize_application",
            app: "authentik.providers.oauth2.views.authorize",
            user: asked.user,
            context,
            client_ip: "127.0.0.1",
            seconds_ago: 0,
        },
    );
}
