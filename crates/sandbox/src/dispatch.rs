//! What happens before a handler sees a call: finding the route, negotiation, authentication.

use crate::admin;
use crate::call::Call;
use crate::permits;
use crate::reply::{Outcome, Payload, Reply};
use crate::routes::{self, Access, Route, Verb};
use crate::rows::Columns as _;
use crate::sessions;
use crate::state::State;
use crate::tokens;
use crate::version::Version;
use http::{Method, StatusCode, header};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

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
pub(crate) fn nowhere(call: &Call) -> Reply {
    if matches!(call.method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return Reply::page(
            StatusCode::NOT_FOUND,
            "Not Found",
            "There is no such page on this simulated server.",
        );
    }
    Reply::crash()
}

/// The route of an address, with the decoded segments in its place-holders.
fn find(
    routes: impl Iterator<Item = &'static Route>,
    version: Version,
    address: &str,
) -> Option<(&'static Route, Vec<String>)> {
    routes
        .filter(|route| route.offered(version))
        .find_map(|route| {
            let (mut args, mut have) = (Vec::new(), address.split('/'));
            for want in route.pattern.split('/') {
                let segment = have.next()?;
                match want {
                    "{}" if !segment.is_empty() => {
                        args.push(percent_decode_str(segment).decode_utf8_lossy().into_owned());
                    }
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
    let found = address
        .strip_suffix('/')
        .and_then(|address| find(routes::api(), state.version, address));
    let Some((route, args)) = found else {
        return Err(nowhere(call));
    };
    // HEAD is answered like GET; the transport leaves the body out.
    let wanted = if call.method == Method::HEAD {
        Method::GET
    } else {
        call.method.clone()
    };
    let verb = route
        .verbs
        .iter()
        .find(|(verb, ..)| verb.name() == wanted.as_str());
    negotiate(call)?;
    let public = route
        .verbs
        .iter()
        .all(|(_, access, _)| *access == Access::Public);
    if public {
        call.user = session(state, call);
    } else {
        authenticate(state, call).map_err(|refusal| with_allow(refusal, route, call))?;
    }
    let Some((_, access, handler)) = verb else {
        let text = format!("Method \"{}\" not allowed.", call.method);
        let refusal = Reply::detail(StatusCode::METHOD_NOT_ALLOWED, &text);
        return Err(Reply {
            header: Some((header::ALLOW, allowed(route))),
            ..refusal
        });
    };
    let (user, args) = (call.user.unwrap_or_default(), borrowed(&args));
    permits::check(state, user, *access, route.pattern, &args)?;
    let reply = handler(state, call, &args)?;
    Ok(permits::shortened(state, user, route.pattern, reply))
}

fn page(state: &mut State, call: &mut Call) -> Outcome {
    let address = call.path.clone();
    let inner = address.trim_start_matches('/');
    let inner = inner.strip_suffix('/').unwrap_or(inner);
    // Only the discovery document has no slash at its end.
    let well_formed = address.ends_with('/') != address.contains("/.well-known/");
    let found = find(routes::pages(), state.version, inner).filter(|_| well_formed);
    let Some((route, args)) = found else {
        return Err(nowhere(call));
    };
    call.user = session(state, call);
    match route
        .verbs
        .iter()
        .find(|(verb, ..)| verb.name() == call.method.as_str())
    {
        Some((_, _, handler)) => handler(state, call, &borrowed(&args)),
        None => Err(Reply::crash()),
    }
}

fn borrowed(args: &[String]) -> Vec<&str> {
    args.iter().map(String::as_str).collect()
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
        return Reply {
            header: Some((header::ALLOW, allowed(route))),
            ..refusal
        };
    }
    refusal
}

fn negotiate(call: &Call) -> Result<(), Reply> {
    if call.param("format").is_some_and(|format| format != "json") {
        return Err(Reply::not_found());
    }
    let accept = call.header("accept").unwrap_or("*/*");
    if ["*/*", "application/*", "application/json"]
        .iter()
        .any(|kind| accept.contains(kind))
    {
        return Ok(());
    }
    Err(Reply::detail(
        StatusCode::NOT_ACCEPTABLE,
        "Could not satisfy the request Accept header.",
    ))
}

/// Finds out who calls, by API token or session. Refusals are 403, never 401 (T20).
fn authenticate(state: &State, call: &mut Call) -> Result<(), Reply> {
    let forbidden = |text: &str| Reply::detail(StatusCode::FORBIDDEN, text);
    let anonymous = "Authentication credentials were not provided.";
    let value = call
        .header("authorization")
        .unwrap_or_default()
        .trim()
        .to_owned();
    let user = match value.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => {
            let user = tokens::bearer(state, token.trim());
            Some(user.ok_or_else(|| forbidden("Token invalid/expired"))?)
        }
        Some(_) if !state.since(Version::V2026_5) => {
            return Err(forbidden("Unsupported authentication type"));
        }
        _ => session(state, call),
    };
    let user = user.ok_or_else(|| forbidden(anonymous))?;
    if !state.user(user).is_some_and(|row| row.flag("is_active")) {
        return Err(forbidden("Token invalid/expired"));
    }
    call.user = Some(user);
    Ok(())
}

/// Whom the session cookie of a call belongs to; the call remembers the session.
fn session(state: &State, call: &mut Call) -> Option<i64> {
    let session = sessions::of(state, call)?;
    call.session = session.value("pk");
    session.int("user")
}

/// Messages follow Accept-Language; one of them is known in German.
fn translate(version: Version, call: &Call, reply: &mut Reply) {
    let german = call
        .header("accept-language")
        .is_some_and(|languages| languages.starts_with("de"));
    if let (true, Payload::Json(body)) =
        (german && version != Version::V2023_10, &mut reply.payload)
    {
        replace(
            body,
            "This field is required.",
            "Dieses Feld ist erforderlich.",
        );
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
