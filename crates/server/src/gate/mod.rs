//! The way in and out: the forms of people who are not signed in, or have to prove who they are.

mod authentik;
mod first_run;
mod form;
pub(crate) mod forward_auth;
mod reveal;
mod sign_in;
mod step_up;
mod strength;

use axum::{
    Router,
    routing::{get, post},
};

pub(crate) use self::{form::Posted, sign_in::note_denied};
use crate::state::AppState;

/// Where the forms of the gate are sent.
pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route(app::links::SIGN_IN, post(sign_in::sign_in))
        .route(app::links::SIGN_OUT, post(sign_in::sign_out))
        .route(app::links::FIRST_RUN, post(first_run::create))
        .route(app::links::STEP_UP, post(step_up::step_up))
        .route(app::links::STRENGTH, post(strength::judge))
        .route(app::links::REVEAL, post(reveal::reveal))
        .route(app::links::SIGN_IN_AUTHENTIK, get(authentik::sign_in))
        .route(app::links::SIGN_IN_CALLBACK, get(authentik::callback))
        .route(app::links::SIGN_IN_LOGOUT, post(authentik::logged_out))
        .route(app::links::STEP_UP_AUTHENTIK, get(authentik::step_up))
        .route(app::links::TRY_SIGN_IN, get(authentik::try_it))
}
