//! `POST /settings/connection/account`: Ostiary gets an account of its own in authentik, and goes over to its token.

use std::sync::Arc;

use app::{
    error::AppError,
    links,
    model::{AuditOutcome, Audited, ConnectionSource},
};
use authentik_api::{
    api::core::{tokens::ViewTokenKey, users::ListUsers},
    operation::named,
};
use axum::{
    Extension,
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Deserialize;
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
/// once instead, for whoever writes the configuration.
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
    // The process may have died between making it and going over to it.
    if !is_made(state, &connected, &draft).await? {
        let planned = state.changes.plan_service_account(draft.clone()).await;
        let change = planned.map_err(|error| match error {
            AppError::Invalid(errors) => Denied::Fields(errors),
            other => other.into(),
        })?;
        let id = &change.summary.id;
        state.changes.apply(id, "", &by).await?;
        applied(state, id).await?;
    }
    let identifier = draft.token();
    let shown = connected.client.send(&ViewTokenKey { identifier }).await;
    let key = shown.map_err(|error| state.connector.failure("The key of the token", &error))?;
    if state.connector.settings().source != ConnectionSource::Vault {
        state
            .audit
            .record(&by, event.with(AuditOutcome::Done, "The key was shown"))
            .await?;
        return Ok(Some(key.key));
    }
    go_over(state, &draft, key.key).await?;
    state
        .audit
        .record(&by, event.with(AuditOutcome::Done, "Its token is in use"))
        .await?;
    Ok(None)
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
    intent: String,
    user: i64,
}

/// Whether the account and its token are there already, as a change set of before made them.
async fn is_made(
    state: &AppState,
    connected: &Connected,
    draft: &ServiceAccount,
) -> Result<bool, AppError> {
    let failed = |error: authentik_api::Error<_>| state.connector.failure("The token", &error);
    let parts = authentik_api::Parts::new(named("core_tokens_retrieve")).param(draft.token());
    let token = match connected.client.execute::<Token>(parts).await {
        Ok(token) => token,
        Err(error) if error.is_not_found() => return Ok(false),
        Err(error) => return Err(failed(error)),
    };
    let list = ListUsers::default().username(&draft.username);
    let users = connected.client.all(list).await.map_err(failed)?;
    let is_owner = |user: &authentik_api::models::User| {
        user.username == draft.username && user.pk.0 == token.user
    };
    Ok(token.intent == "api" && users.iter().any(is_owner))
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
    if found.connection.me.username != draft.username {
        let whose = &found.connection.me.username;
        return Err(AppError::Conflict(format!(
            "The token “{}” is {whose}’s: delete it in authentik, or choose another name",
            draft.token()
        )));
    }
    stored.keep(&state.vault).await?;
    state.connector.retarget(target);
    state.worlds.changed(None).await;
    Ok(())
}
