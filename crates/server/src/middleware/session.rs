//! Without a session there is next to nothing, and with one what its role allows.

use std::sync::Arc;

use app::{
    links,
    model::{Audited, Role, SignInMethod},
};
use authentik_api::UserPk;
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Redirect, Response},
};
use http::{Method, StatusCode, Uri};

use super::{Audience, NotAllowed};
use crate::{
    api_key::ApiKeys,
    audit::{Actor, Event},
    config::Entry,
    gate::forward_auth,
    oidc::Standing,
    refusal::Refusal,
    session::Session,
    state::AppState,
    visit::{self, Client},
};

/// What is open to everybody: the way in, the health of the process, and static files.
const OPEN: [&str; 9] = [
    links::SIGN_IN_AUTHENTIK,
    links::SIGN_IN_CALLBACK,
    links::SIGN_IN_LOGOUT,
    links::STRENGTH,
    "/enter",
    "/favicon.svg",
    "/healthz",
    "/plain.css",
    "/readyz",
];

/// Forms about nobody but whoever sends them.
const OWN: [&str; 5] = [
    links::SIGN_OUT,
    links::STEP_UP,
    links::SESSIONS,
    links::PASSPHRASE,
    "/theme",
];

/// What only administrators see.
const ADMIN: [&str; 6] = [
    links::AUDIT,
    links::CONNECTION,
    links::KEYS,
    links::OWN_ACCOUNT,
    links::SIGN_IN_SETTINGS,
    links::TRY_SIGN_IN,
];

/// Lets a request through that has a session whose role allows it, or that needs none. Whoever
/// answers it finds the session in its extensions.
pub(crate) async fn require(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    let address = visit::address(
        request.extensions(),
        request.headers(),
        &state.trusted_proxies,
    );
    request.extensions_mut().insert(Client(address));
    let path = request.uri().path();
    if OPEN.contains(&path) || path.starts_with("/pkg/") {
        return next.run(request).await;
    }
    let audience = Audience::of(request.uri(), request.headers());
    // A request that brings a key is answered as the key's, or not at all.
    let by_key = audience == Audience::Program && ApiKeys::is_brought(request.headers());
    let session = if by_key {
        state.api_keys.find(request.headers())
    } else {
        state.session(request.headers())
    };
    if [links::SIGN_IN, links::FIRST_RUN].contains(&path) {
        return gate(&state, session, request, next).await;
    }
    let name = named(&state, &request);
    let session = still_named(&state, session, name).await;
    // Not for strangers: they would keep authentik from being left alone.
    if session.is_some() && asks_for(request.uri(), links::FRESH) {
        state.connector.try_now();
    }
    let session = match session {
        Some(session) => confirmed(&state, session).await,
        None => Ok(None),
    };
    let session = match session {
        Ok(session) => session,
        Err(why) => return audience.refuse(why),
    };
    let Some(session) = session else {
        return match (state.way_in, audience, request.method()) {
            (Entry::SignIn, Audience::Person, &Method::GET) => sign_in(request.uri()),
            _ => audience.refuse(NotAllowed::SignedOut),
        };
    };
    if session.role < needed(request.method(), path) {
        return audience.refuse(NotAllowed::Role);
    }
    request.extensions_mut().insert::<Arc<Session>>(session);
    next.run(request).await
}

/// The session, unless it came through a proxy that does not name its owner with this request. Once it names somebody
/// else, the session is over for good.
async fn still_named(
    state: &AppState,
    session: Option<Arc<Session>>,
    name: Option<String>,
) -> Option<Arc<Session>> {
    let session = session?;
    if session.method != SignInMethod::ForwardAuth || name.as_ref() == Some(&session.name) {
        return Some(session);
    }
    // Not every path need go through the outpost.
    name?;
    let own = |other: &Session| other.id == session.id;
    if let Err(error) = state.sessions.end(own).await {
        tracing::error!(%error, "an ended session is still in the database");
    }
    None
}

/// Whom a proxy has signed in with authentik.
fn named(state: &AppState, request: &Request) -> Option<String> {
    let proxies = state.forward_auth.as_ref()?;
    proxies.name(request.extensions(), request.headers())
}

/// Whether the query of an address has this part.
fn asks_for(uri: &Uri, wanted: &str) -> bool {
    let query = uri.query().unwrap_or_default();
    query.split('&').any(|part| part == wanted)
}

/// The session with the role that its owner has in authentik now, where they came in with it. Whoever has none any
/// more is signed out everywhere.
async fn confirmed(
    state: &AppState,
    session: Arc<Session>,
) -> Result<Option<Arc<Session>>, NotAllowed> {
    let Some(account) = &session.account else {
        return Ok(Some(session));
    };
    let user = account.user;
    let role = match state.standings.of(&state.oidc, user).await {
        Ok(Standing::Role(role)) => role,
        Ok(Standing::Gone) => {
            end_all(state, &session, user).await;
            return Ok(None);
        }
        Err(error) => {
            tracing::warn!(%error, %user, "authentik does not say what somebody is");
            return Err(NotAllowed::Unconfirmed);
        }
    };
    if role == session.role {
        return Ok(Some(session));
    }
    if let Err(error) = state.sessions.set_role(user, role).await {
        tracing::error!(%error, "the new role of a session was not written down");
    }
    let session = Session {
        role,
        ..Session::clone(&session)
    };
    Ok(Some(Arc::new(session)))
}

/// Ends all sessions of somebody whose account gives no role any more.
async fn end_all(state: &AppState, session: &Session, user: UserPk) {
    let theirs = |other: &Session| other.account.as_ref().is_some_and(|it| it.user == user);
    match state.sessions.end(theirs).await {
        // Of several requests at once the first one did.
        Ok(0) => return,
        Ok(_) => {}
        Err(error) => tracing::error!(%error, "ended sessions are still in the database"),
    }
    let about = format!("{}: no role any more", session.name);
    let event = Event::done(Audited::EndSession, about);
    if let Err(error) = state.audit.record(&Actor::process(), event).await {
        tracing::error!(%error, "not in the audit log");
    }
}

/// What somebody must at least be to send this. What a page or a change set asks for beyond it is
/// decided where it is carried out.
fn needed(method: &Method, path: &str) -> Role {
    if ADMIN.contains(&path) || path.starts_with("/api/audit") {
        Role::Admin
    } else if method.is_safe() || OWN.contains(&path) {
        Role::Viewer
    } else {
        Role::Operator
    }
}

/// The pages where one comes in: only where that is the way, and only for who is not in.
async fn gate(
    state: &AppState,
    session: Option<Arc<Session>>,
    request: Request,
    next: Next,
) -> Response {
    // Whoever came in with authentik may need another way in, when it does not answer.
    let is_in = session
        .as_ref()
        .is_some_and(|session| session.account.is_none());
    if is_in && request.method().is_safe() {
        return Redirect::to("/").into_response();
    }
    if state.way_in == Entry::Link {
        return Audience::Person.refuse(NotAllowed::SignedOut);
    }
    let is_set_up = match state.identity.is_set_up().await {
        Ok(is_set_up) => is_set_up,
        Err(error) => return Refusal::from(error).into_response(),
    };
    let wanted = if is_set_up {
        links::SIGN_IN
    } else {
        links::FIRST_RUN
    };
    if request.uri().path() == wanted {
        if wanted == links::SIGN_IN
            && request.method() == Method::GET
            && !asks_for(request.uri(), links::OTHER_WAYS)
            && let Some(name) = named(state, &request)
        {
            return forward_auth::sign_in(state, &name, session, request).await;
        }
        next.run(request).await
    } else {
        Redirect::to(wanted).into_response()
    }
}

/// Leads to the sign-in page, and from there back.
fn sign_in(from: &Uri) -> Response {
    let then = from.path_and_query().map_or("/", |then| then.as_str());
    let then = links::encode(then);
    let target = if then == "%2F" {
        links::SIGN_IN.to_owned()
    } else {
        format!("{}?then={then}", links::SIGN_IN)
    };
    (StatusCode::SEE_OTHER, Redirect::to(&target)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_by_method_and_path() {
        for (method, path, role) in [
            (Method::GET, "/", Role::Viewer),
            (Method::HEAD, "/api/v3/core/users/", Role::Viewer),
            (Method::POST, "/sign-out", Role::Viewer),
            (Method::POST, "/settings/passphrase", Role::Viewer),
            (Method::POST, "/api/changes", Role::Operator),
            (Method::POST, "/_fn/changes/apply", Role::Operator),
            (Method::DELETE, "/anything", Role::Operator),
            (Method::GET, "/settings/connection", Role::Admin),
            (Method::POST, "/settings/connection", Role::Admin),
            (Method::GET, "/settings/sign-in", Role::Admin),
            (Method::POST, "/settings/sign-in", Role::Admin),
            (Method::GET, "/settings/sign-in/try", Role::Admin),
            (Method::GET, "/step-up/authentik", Role::Viewer),
            (Method::GET, "/api/audit.csv", Role::Admin),
        ] {
            assert_eq!(needed(&method, path), role, "{method} {path}");
        }
    }
}
