//! `POST /step-up`: proves once more who somebody is, for five minutes.

use std::sync::Arc;

use app::{
    links,
    model::{Audited, SignInMethod},
};
use axum::{
    Extension,
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use http::header::SET_COOKIE;

use super::{Posted, sign_in::note_denied};
use crate::{
    audit::{Actor, Event},
    identity::Denied,
    session::Session,
    state::AppState,
};

/// Asks for the passphrase of whoever has the session.
pub(super) async fn step_up(
    State(state): State<AppState>,
    Extension(own): Extension<Arc<Session>>,
    form: Posted,
) -> Response {
    match prove(&state, &own, &form).await {
        Ok(response) => response,
        Err(denied) => {
            let by = Actor::of(&own, form.origin(&state).address);
            note_denied(&state, &by, Audited::StepUp, &denied).await;
            form.refused(&state, links::STEP_UP, denied).await
        }
    }
}

async fn prove(state: &AppState, own: &Session, form: &Posted) -> Result<Response, Denied> {
    let origin = form.origin(state);
    if own.method != SignInMethod::Passphrase {
        return Err(Denied::Wrong);
    }
    let attempt = state
        .identity
        .sign_in(&own.name, form.secret("passphrase"), &origin);
    attempt.await?;
    let by = Actor::of(own, origin.address);
    let event = Event::done(Audited::StepUp, "");
    state.audit.record(&by, event).await?;
    let secret = state.sessions.step_up(own).await?;
    let cookie = state.cookies.of_session(secret).to_string();
    let then = form.then("/");
    Ok(([(SET_COOKIE, cookie)], Redirect::to(&then)).into_response())
}
