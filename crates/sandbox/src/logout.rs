//! Signing out: the end-session endpoint, the invalidation flows, and the logout tokens for applications.

use crate::call::Call;
use crate::grants::{Logout, Visit};
use crate::jwt;
use crate::oidc;
use crate::reply::{Outcome, Reply};
use crate::rows::{Columns, Row, row};
use crate::sessions::{self, COOKIE};
use crate::state::{State, Table};
use crate::version::Version;
use http::header;
use serde_json::{Value, json};

/// Name of the event in a logout token (`OpenID` Connect Back-Channel Logout 1.0, section 2.4).
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// The specification calls for a short life, at most two minutes.
const LIFE: i64 = 120;

/// `end-session` of an application. Not recorded, so by OpenID Connect RP-Initiated Logout 1.0: the session ends, and
/// the visitor goes back only to an address that is registered for that (from 2026.5); else there is a page. A real
/// server may ask first whether the session shall end or only the visit to this application.
pub(crate) fn end_session(state: &mut State, call: &Call, args: &[&str]) -> Outcome {
    let (_, provider) = oidc::published(state, args)?;
    let form = call.form();
    let field = |name: &str| {
        call.param(name)
            .or_else(|| form.get(name).map(String::as_str))
    };
    let wanted = field("post_logout_redirect_uri").unwrap_or_default();
    let back = registered(state, provider, wanted).then(|| {
        let state = field("state").map(|state| ("state", state));
        crate::authorize::with_query(wanted, state.as_slice())
    });
    sessions::end(state, &call.session);
    Ok(match back {
        Some(back) => forget_cookie(Reply::redirect(back)),
        None => goodbye(),
    })
}

/// The page of an invalidation flow.
pub(crate) fn page(state: &mut State, call: &Call) -> Reply {
    sessions::end(state, &call.session);
    goodbye()
}

fn goodbye() -> Reply {
    forget_cookie(Reply::form(
        "Signed out",
        "<p>You have signed out of the simulated authentik.</p>",
    ))
}

fn forget_cookie(reply: Reply) -> Reply {
    reply.with(
        header::SET_COOKIE,
        format!("{COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"),
    )
}

fn registered(state: &State, provider: &Row, uri: &str) -> bool {
    state.since(Version::V2026_5)
        && !uri.is_empty()
        && crate::authorize::matches(&provider.value("redirect_uris"), uri, "logout")
}

/// A session is about to end: tells every application that it led to, as far as they want to hear.
pub(crate) fn session_ends(state: &mut State, session: &Row) {
    let pk = session.value("pk");
    // Not recorded: since sessions and tokens belong together, access tokens end with the session, and refresh tokens,
    // which are there for the time without one, do not.
    let access_too = state.since(Version::V2025_10);
    state.grants.forget_session(&pk, access_too);
    for visit in state.grants.take_visits(&pk) {
        if let Some(logout) = announcement(state, &visit) {
            state.grants.logouts.push(logout);
        }
    }
}

/// The logout token for one application; nothing where it has no address for that.
fn announcement(state: &mut State, visit: &Visit) -> Option<Logout> {
    let provider = state.by_pk(Table::Providers, &visit.provider)?.clone();
    let uri = back_channel(&provider)?.to_owned();
    let now = state.now();
    let mut claims = row(json!({
        "iss": visit.issuer,
        "aud": provider.value("client_id"),
        "iat": now,
        "exp": now + LIFE,
        "jti": state.mint.secret(40),
        "sub": visit.subject,
        "sid": visit.sid,
    }));
    let events = Row::from_iter([(EVENT.to_owned(), json!({}))]);
    claims.insert("events".to_owned(), Value::Object(events));
    let token = jwt::sign(state, &provider, "logout+jwt", &claims)?;
    Some(Logout { uri, token })
}

/// Where a provider wants logout tokens. Release candidates of 2025.10 had one field for it.
fn back_channel(provider: &Row) -> Option<&str> {
    let old = provider.text("backchannel_logout_uri");
    let new = provider.text("logout_uri");
    let uri = if new.is_empty() { old } else { new };
    let wanted = !new.is_empty() && provider.text("logout_method") == "backchannel";
    (!uri.is_empty() && (wanted || new.is_empty())).then_some(uri)
}
