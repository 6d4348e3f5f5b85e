//! `POST /settings/connection/account`: Ostiary gets an account of its own in authentik, and goes over to its token.

use std::sync::Arc;

use app::{
    error::AppError,
    links,
    model::{AuditOutcome, Audited, ConnectionSource},
};
use authentik_api::{Parts, api::core::tokens::ViewTokenKey, operation::named};
use axum::{
    Extension,
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Deserialize;
use serde_json::Value;
use setup::{
    FieldErrors,
    service_account::{Rights, ServiceAccount},
};

use super::{note, sign_in::applied};
use crate::{
    audit::{Actor, Event},
    clock,
    connection::{Connected, Connector, Stored, Target},
    gate::Posted,
    identity::Denied,
    session::Session,
    state::AppState,
};

/// Makes the account and goes over to its token. Where the connection is given by the configuration, the key is shown
/// instead, for whoever writes the configuration.
pub(super) async fn make(
    State(state): State<AppState>,
    Extension(own): Extension<Arc<Session>>,
    form: Posted,
) -> Response {
    match act(&state, &own, &form).await {
        Ok(Some(key)) => form.issued(&state, links::CONNECTION, key).await,
        Ok(None) => Redirect::to(&format!("{}?own=1", links::CONNECTION)).into_response(),
        Err(denied) => {
            note(&state, &own, &form, Audited::Connection, &denied).await;
            form.refused(&state, links::CONNECTION, denied).await
        }
    }
}

async fn act(state: &AppState, own: &Session, form: &Posted) -> Result<Option<String>, Denied> {
    if !own.is_stepped_up(clock::now_ms()) {
        return Err(AppError::StepUp.into());
    }
    let draft = ServiceAccount {
        username: form.text("username").trim().to_owned(),
        rights: rights(form)?,
    };
    draft.validate().map_err(Denied::Fields)?;
    let by = Actor::of(own, form.origin(state).address);
    let about = format!(
        "A service account: {}, {}",
        draft.username,
        draft.rights.as_str()
    );
    let event = Event::done(Audited::Connection, about);
    let begun = event.clone().with(AuditOutcome::Begun, "");
    state.audit.record(&by, begun).await?;
    let connected = state.connector.get().await?;
    let is_kept = state.connector.settings().source == ConnectionSource::Vault;
    // The process may have died between making it and going over to it.
    if !is_made(state, &connected, &draft).await? {
        make_it(state, &draft, &by).await?;
    }
    let identifier = draft.token();
    let shown = connected.client.send(&ViewTokenKey { identifier }).await;
    let key = shown.map_err(|error| state.connector.failure("The key of the token", &error));
    let key = key.map_err(|error| unfinished(&error))?.key;
    if !is_kept {
        state
            .audit
            .record(&by, event.with(AuditOutcome::Done, "The key was shown"))
            .await?;
        return Ok(Some(key));
    }
    go_over(state, &draft, key)
        .await
        .map_err(|error| unfinished(&error))?;
    state
        .audit
        .record(&by, event.with(AuditOutcome::Done, "Its token is in use"))
        .await?;
    Ok(None)
}

/// Makes it, by a change set.
async fn make_it(state: &AppState, draft: &ServiceAccount, by: &Actor) -> Result<(), Denied> {
    let planned = state.changes.plan_service_account(draft.clone()).await;
    let change = planned.map_err(|error| match error {
        AppError::Invalid(errors) => Denied::Fields(errors),
        other => other.into(),
    })?;
    let id = &change.summary.id;
    state
        .changes
        .apply(id, "", by)
        .await
        .map_err(|error| unfinished(&error))?;
    applied(state, id).await.map_err(|error| unfinished(&error))
}

/// What went wrong once something may have been made.
fn unfinished(error: &AppError) -> Denied {
    let text = format!(
        "{error}. The token until now stays in use. What was made of the account stands under Change sets, where it can be \
         resumed or undone; once it is applied, this button goes over to its token."
    );
    Denied::Told("This was not finished".to_owned(), text)
}

fn rights(form: &Posted) -> Result<Rights, Denied> {
    let chosen = form.text("rights");
    let found = Rights::ALL
        .into_iter()
        .find(|rights| rights.as_str() == chosen);
    found.ok_or_else(|| {
        let mut errors = FieldErrors::default();
        errors.add("rights", "Choose what the account may do.");
        Denied::Fields(errors)
    })
}

/// What is looked at of a token.
#[derive(Deserialize)]
struct Token {
    pk: Value,
    intent: String,
    user: Value,
}

/// Whether a change set of ours made just such an account, and its token is still there. Anybody may call a token so.
async fn is_made(
    state: &AppState,
    connected: &Connected,
    draft: &ServiceAccount,
) -> Result<bool, AppError> {
    let Some((user, token)) = state.changes.account_made(draft).await? else {
        return Ok(false);
    };
    let parts = Parts::new(named("core_tokens_retrieve")).param(draft.token());
    match connected.client.execute::<Token>(parts).await {
        Ok(found) => Ok(found.intent == "api" && found.pk == token && found.user == user),
        Err(error) if error.is_not_found() => Ok(false),
        Err(error) => Err(state.connector.failure("The token", &error)),
    }
}

/// Tries the token, keeps it in the place of the one until now, and uses it from here on.
async fn go_over(state: &AppState, draft: &ServiceAccount, token: String) -> Result<(), AppError> {
    let stored = Stored::load(&state.vault).await?;
    let stored = stored.ok_or_else(|| AppError::Internal("the connection is gone".to_owned()))?;
    let stored = Stored { token, ..stored };
    let transport = state.authentik.transport(&stored);
    let transport = transport.map_err(|error| AppError::Internal(error.to_string()))?;
    let target = Target::new(transport, &stored, ConnectionSource::Vault);
    let found = Connector::new(target.clone()).get().await?;
    let me = &found.connection.me;
    if me.username != draft.username || me.is_superuser != (draft.rights == Rights::Everything) {
        let (token, whose) = (draft.token(), &me.username);
        return Err(AppError::Conflict(format!(
            "The token “{token}” is {whose}’s, with other rights than were asked for"
        )));
    }
    stored.keep(&state.vault).await?;
    state.connector.retarget(target);
    state.worlds.changed(None).await;
    Ok(())
}
