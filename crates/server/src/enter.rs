//! `GET /enter?code=…`: the one-time link is exchanged for a session.

use axum::{
    extract::{Query, State},
    response::{IntoResponse as _, Response},
};
use axum_extra::extract::CookieJar;
use http::StatusCode;
use serde::Deserialize;

use crate::{pages::Page, state::AppState};

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
    jar: CookieJar,
    Query(query): Query<EnterQuery>,
) -> Response {
    if state.entry.redeem(&query.code) {
        tracing::info!("the one-time link was used");
        return (
            jar.add(state.sessions.open()),
            Page::Entered.with(StatusCode::OK),
        )
            .into_response();
    }
    if state.sessions.admits(&jar) {
        return Page::Entered.with(StatusCode::OK);
    }
    Page::LinkUsed.with(StatusCode::GONE)
}

/// `HEAD /enter`: a look ahead does not use the link up.
pub(crate) async fn head() -> StatusCode {
    StatusCode::METHOD_NOT_ALLOWED
}
