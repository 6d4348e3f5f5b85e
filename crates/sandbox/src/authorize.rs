//! The authorize endpoint.

use crate::access;
use crate::call::Call;
use crate::events::{self, Happening};
use crate::oidc::RESPONSE_TYPES;
use crate::reply::{Outcome, Reply};
use crate::rows::{Columns, Row};
use crate::state::{State, Table};
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

/// The authorize endpoint, as far as a redirect.
///
/// Client and redirect URI are checked before anybody is asked to sign in. The recordings show the 400 page for a
/// signed-in visitor only; that an anonymous one gets it too follows from the order of the checks in authentik (the
/// parameters are looked at in `pre_permission_check`, the login comes after it).
pub(crate) fn authorize(state: &mut State, call: &Call, _: &[&str]) -> Outcome {
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
        return Ok(Reply::page(
            StatusCode::OK,
            "Permission denied",
            "The provider belongs to no application.",
        ));
    };
    let Some(user) = call.user else {
        return Ok(Reply::redirect(login_address(state.version, call)));
    };
    if !access::may_open(state, &app, user).passing {
        return Ok(Reply::page(
            StatusCode::OK,
            "Permission denied",
            "You may not open this application.",
        ));
    }
    let flow = state
        .by_pk(Table::Flows, &provider.value("authorization_flow"))
        .cloned()
        .unwrap_or_default();
    // Without stages there is nothing to ask; 2023.10 goes through the flow's page all the same.
    if state.version == Version::V2023_10 || !flow.items("stages").is_empty() {
        return Ok(Reply::redirect(format!(
            "/if/flow/{}/?{}",
            flow.text("slug"),
            reencoded(call)
        )));
    }
    let code = state.mint.uuid().replace('-', "");
    state.mint.tick();
    note(state, call, &app, &flow, user);
    Ok(Reply::redirect(with_query(
        redirect_uri,
        &[
            ("code", &code),
            ("state", call.param("state").unwrap_or_default()),
        ],
    )))
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
    } else if !matches(&stored, uri) {
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

/// Whether a stored value (text of regular expressions up to 2024.10, objects later) allows the URI.
fn matches(stored: &Value, uri: &str) -> bool {
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
            kind == "authorization"
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
fn check_request(state: &State, call: &Call, provider: &Row, uri: &str) -> Result<(), Reply> {
    let back = |error: &str, text: &str| {
        let mut query = vec![("error", error), ("error_description", text)];
        if let Some(state) = call.param("state") {
            query.push(("state", state));
        }
        Reply::redirect(with_query(uri, &query))
    };
    if !RESPONSE_TYPES.contains(&call.param("response_type").unwrap_or_default()) {
        let text = "The authorization server does not support obtaining an authorization code using this method";
        return Err(back("unsupported_response_type", text));
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

fn with_query(uri: &str, query: &[(&str, &str)]) -> String {
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
fn login_address(version: Version, call: &Call) -> String {
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
fn note(state: &mut State, call: &Call, app: &Row, flow: &Row, user: i64) {
    let args: Row = call
        .query
        .iter()
        .map(|(key, value)| (key.clone(), json!(value)))
        .collect();
    let context = json!({
        "flow": flow.text("pk").replace('-', ""),
        "scopes": call.param("scope").unwrap_or_default(),
        "http_request": {
            "args": args,
            "path": call.path,
            "method": call.method.as_str(),
            "request_id": state.mint.uuid().replace('-', ""),
            "user_agent": call.header("user-agent").unwrap_or_default(),
        },
        "authorized_application": {
            "pk": app.text("pk").replace('-', ""),
            "app": "authentik_core",
            "name": app.value("name"),
            "model_name": "application",
        },
    });
    events::record(
        state,
        &Happening {
            action: "authorize_application",
            app: "authentik.providers.oauth2.views.authorize",
            user,
            context,
            client_ip: "127.0.0.1",
            seconds_ago: 0,
        },
    );
}
