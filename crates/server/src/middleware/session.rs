//! Without a session there is next to nothing, and with one what its role allows.

use std::sync::Arc;

use app::{links, model::Role};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Redirect, Response},
};
use http::{Method, StatusCode, Uri};

use super::{Audience, NotAllowed};
use crate::{
    api_key::ApiKeys,
    config::Entry,
    refusal::Refusal,
    session::Session,
    state::AppState,
    visit::{self, Client},
};

/// What is open to everybody: the way in, the health of the process, and static files.
const OPEN: [&str; 5] = [
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
const ADMIN: [&str; 3] = [links::AUDIT, links::CONNECTION, links::KEYS];

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
        return gate(&state, session.is_some(), request, next).await;
    }
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
async fn gate(state: &AppState, is_in: bool, request: Request, next: Next) -> Response {
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
            (Method::GET, "/api/audit.csv", Role::Admin),
        ] {
            assert_eq!(needed(&method, path), role, "{method} {path}");
        }
    }
}
