//! The way in and out: the forms of people who are not signed in, or have to prove who they are.

mod first_run;
mod form;
mod sign_in;
mod step_up;

use axum::{Router, routing::post};

pub(crate) use self::{form::Posted, sign_in::note_denied};
use crate::state::AppState;

/// Where the forms of the gate are sent.
pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route(app::links::SIGN_IN, post(sign_in::sign_in))
        .route(app::links::SIGN_OUT, post(sign_in::sign_out))
        .route(app::links::FIRST_RUN, post(first_run::create))
        .route(app::links::STEP_UP, post(step_up::step_up))
}
