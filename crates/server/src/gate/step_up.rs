//! `POST /step-up`: proves once more who somebody is, for five minutes.

use std::sync::Arc;

use app::links;
use axum::{
    Extension,
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use http::header::SET_COOKIE;

use super::Posted;
use crate::{identity::Denied, session::Session, state::AppState};

/// Asks for the passphrase of whoever has the session.
pub(super) async fn step_up(
    State(state): State<AppState>,
    Extension(own): Extension<Arc<Session>>,
    form: Posted,
) -> Response {
    match prove(&state, &own, &form).await {
        Ok(response) => response,
        Err(denied) => form.refused(&state, links::STEP_UP, denied).await,
    }
}

async fn prove(state: &AppState, own: &Session, form: &Posted) -> Result<Response, Denied> {
    let origin = form.origin(state);
    let attempt = state
        .identity
        .sign_in(&own.name, form.secret("passphrase"), &origin);
    attempt.await?;
    let secret = state.sessions.step_up(own).await?;
    let cookie = state.cookies.of_session(secret).to_string();
    let then = form.then("/");
    Ok(([(SET_COOKIE, cookie)], Redirect::to(&then)).into_response())
}
