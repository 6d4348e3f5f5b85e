//! `POST /first-run`: the first account.

use app::{links, model::Audited};
use axum::{extract::State, response::Response};

use super::{
    Posted,
    sign_in::{admit, note_denied},
};
use crate::{audit::Actor, identity::NewAdministrator, state::AppState};

/// Makes the administrator, who is signed in by that, and goes on to the connection.
pub(super) async fn create(State(state): State<AppState>, form: Posted) -> Response {
    let origin = form.origin(&state);
    let new = NewAdministrator {
        code: form.text("code").to_owned(),
        name: form.text("name").to_owned(),
        passphrase: form.secret("new_passphrase"),
        repeated: form.secret("repeated"),
    };
    let created = match state.identity.create(&new, &origin).await {
        Ok(()) => {
            let name = new.name.trim().to_owned();
            let then = links::CONNECTION.to_owned();
            admit(&state, &form, &origin, name, then, Audited::FirstRun).await
        }
        Err(denied) => {
            let stranger = Actor::stranger("", origin.address);
            note_denied(&state, &stranger, Audited::FirstRun, &denied).await;
            Err(denied)
        }
    };
    match created {
        Ok(response) => response,
        Err(denied) => form.refused(&state, links::FIRST_RUN, denied).await,
    }
}
