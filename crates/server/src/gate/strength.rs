//! `POST /passphrase/strength`: how good a passphrase is, while somebody types it. It is judged and forgotten.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::{
    HeaderValue, StatusCode,
    header::{CACHE_CONTROL, CONTENT_TYPE},
};

use super::Posted;
use crate::{config::Entry, refusal::Refusal, state::AppState};

/// Judges it for whoever may choose one: who is signed in, and everybody while there is no account.
pub(super) async fn judge(
    State(state): State<AppState>,
    form: Posted,
) -> Result<Response, Refusal> {
    if state.way_in == Entry::Link {
        return Ok(StatusCode::NOT_FOUND.into_response());
    }
    let session = state.session(&form.parts.headers);
    if session.is_none() && state.identity.is_set_up().await? {
        return Ok(StatusCode::UNAUTHORIZED.into_response());
    }
    // Before there is an account, its name is in the form.
    let name = match &session {
        Some(session) => &session.name,
        None => form.text("name"),
    };
    let told = state.identity.strength(form.secret("passphrase"), name);
    let Some(told) = told.await? else {
        return Ok(StatusCode::TOO_MANY_REQUESTS.into_response());
    };
    let headers = [
        (
            CONTENT_TYPE,
            HeaderValue::from_static("text/plain; charset=utf-8"),
        ),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, format!("{}\n{}", told.score, told.words)).into_response())
}
