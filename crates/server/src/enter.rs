//! `GET /enter?code=…`: the one-time link is exchanged for a session.

use app::{
    links,
    model::{Audited, Role, SignInMethod},
};
use axum::{
    extract::{Query, Request, State},
    response::{IntoResponse as _, Redirect, Response},
};
use http::{StatusCode, header::SET_COOKIE};
use serde::Deserialize;

use crate::{
    audit::{Actor, Event},
    clock,
    config::Entry,
    pages::{self, Page},
    session::NewSession,
    state::AppState,
    visit::{self, Client},
};

/// Path and query of a new link; links made before open nothing any more.
pub(crate) fn link(state: &AppState) -> String {
    format!("/enter?code={}", state.link.for_link())
}

/// The query of the link.
#[derive(Deserialize)]
pub(crate) struct EnterQuery {
    #[serde(default)]
    code: String,
}

/// Answers with a page that goes on by itself instead of with a redirect: a browser that was sent
/// here by another program or site would not send the new cookie along a redirect, since the whole
/// way began elsewhere (`SameSite=Strict`).
pub(crate) async fn enter(
    State(state): State<AppState>,
    Query(query): Query<EnterQuery>,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    if state.way_in != Entry::Link {
        return Redirect::to(links::SIGN_IN).into_response();
    }
    if state.link.redeem(&query.code, clock::now_ms()) {
        let by = Actor::stranger("owner", Client::of(&parts.extensions));
        let event = Event::done(Audited::SignIn, "By the one-time link");
        if let Err(error) = state.audit.record(&by, event).await {
            tracing::error!(%error, "not in the audit log, so no session is opened");
            return Page::Failed.with(StatusCode::INTERNAL_SERVER_ERROR);
        }
        let opened = state.sessions.open(NewSession {
            name: "owner".to_owned(),
            role: Role::Admin,
            method: SignInMethod::Link,
            address: Client::of(&parts.extensions).to_string(),
            agent: visit::agent(&parts.headers),
            account: None,
            proven_ms: clock::now_ms(),
        });
        return match opened.await {
            Ok(secret) => {
                let cookie = state.cookies.of_session(secret).to_string();
                ([(SET_COOKIE, cookie)], pages::go_on("/")).into_response()
            }
            Err(error) => {
                tracing::error!(%error, "no session could be opened");
                Page::Failed.with(StatusCode::INTERNAL_SERVER_ERROR)
            }
        };
    }
    if state.session(&parts.headers).is_some() {
        return pages::go_on("/");
    }
    Page::LinkUsed.with(StatusCode::GONE)
}

/// `HEAD /enter`: a look ahead does not use the link up.
pub(crate) async fn head() -> StatusCode {
    StatusCode::METHOD_NOT_ALLOWED
}
