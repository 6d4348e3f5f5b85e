//! `POST /sign-in`, `POST /sign-out`.

use std::sync::Arc;

use app::{
    error::AppError,
    links,
    model::{Role, SignInMethod},
};
use axum::{
    Extension,
    extract::State,
    response::{AppendHeaders, IntoResponse as _, Redirect, Response},
};
use http::header::SET_COOKIE;

use super::Posted;
use crate::{
    identity::{Denied, Origin},
    refusal::Refusal,
    session::{NewSession, Session},
    state::AppState,
    visit,
};

/// Signs the administrator in.
pub(super) async fn sign_in(State(state): State<AppState>, form: Posted) -> Response {
    let origin = form.origin(&state);
    let attempt = state
        .identity
        .sign_in(form.text("name"), form.secret("passphrase"), &origin);
    let opened = match attempt.await {
        Ok(name) => {
            tracing::info!(name, address = %origin.address, "signed in");
            admit(&state, &form, &origin, name, form.then("/")).await
        }
        Err(denied) => {
            tracing::warn!(address = %origin.address, "an attempt to sign in failed");
            Err(denied)
        }
    };
    match opened {
        Ok(response) => response,
        Err(denied) => form.refused(&state, links::SIGN_IN, denied).await,
    }
}

/// Opens a session for the administrator, in the place of the one that the browser may have, and goes
/// on to `then`.
pub(super) async fn admit(
    state: &AppState,
    form: &Posted,
    origin: &Origin,
    name: String,
    then: String,
) -> Result<Response, Denied> {
    if let Some(old) = state.session(&form.parts.headers) {
        state.sessions.end(|session| session.id == old.id).await?;
    }
    let device = state.identity.remember(&name, origin).await?;
    let secret = state
        .sessions
        .open(NewSession {
            name,
            role: Role::Admin,
            method: SignInMethod::Passphrase,
            address: origin.address.to_string(),
            agent: visit::agent(&form.parts.headers),
        })
        .await?;
    let cookies = [
        state.cookies.of_session(secret),
        state.cookies.of_device(device),
    ];
    let cookies = cookies.map(|cookie| (SET_COOKIE, cookie.to_string()));
    Ok((AppendHeaders(cookies), Redirect::to(&then)).into_response())
}

/// Ends the session, or every one of the same person.
pub(super) async fn sign_out(
    State(state): State<AppState>,
    Extension(own): Extension<Arc<Session>>,
    form: Posted,
) -> Result<Response, Refusal> {
    let everywhere = form.text("everywhere") == "on";
    let ended = state.sessions.end(|session| {
        session.id == own.id
            || (everywhere && session.name == own.name && session.method == own.method)
    });
    let ended = ended
        .await
        .map_err(|error: AppError| Refusal::from(error))?;
    tracing::info!(name = own.name, ended, "signed out");
    let cookie = state.cookies.no_session().to_string();
    Ok(([(SET_COOKIE, cookie)], Redirect::to(links::SIGN_IN)).into_response())
}
