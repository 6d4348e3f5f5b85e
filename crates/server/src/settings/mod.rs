//! The forms of Ostiary's own settings: the connection, signing in, sessions, the passphrase.

mod own_token;
mod sign_in;

use std::sync::Arc;

use app::{
    error::AppError,
    links,
    model::{AuditOutcome, Audited, ConnectionSource, SignInMethod},
};
use axum::{
    Extension, Router,
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
    routing::post,
};
use setup::FieldErrors;
use url::Url;

use crate::{
    api_key::NewApiKey,
    audit::{Actor, Event},
    clock,
    connection::{Connector, Stored, Target},
    gate::{Posted, note_denied},
    identity::Denied,
    refusal::Refusal,
    session::Session,
    state::AppState,
};

/// Writes down that a form was refused.
async fn note(state: &AppState, own: &Session, form: &Posted, what: Audited, denied: &Denied) {
    let by = Actor::of(own, form.origin(state).address);
    note_denied(state, &by, what, denied).await;
}

/// What is typed to remove a stored certificate authority.
const NONE: &str = "none";

/// Where the forms of the settings are sent.
pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route(links::CONNECTION, post(connect))
        .route(links::OWN_ACCOUNT, post(own_token::make))
        .route(links::SIGN_IN_SETTINGS, post(sign_in::change))
        .route(links::PASSPHRASE, post(change_passphrase))
        .route(links::SESSIONS, post(end_session))
        .route(links::KEYS, post(keys))
}

async fn connect(
    State(state): State<AppState>,
    Extension(own): Extension<Arc<Session>>,
    form: Posted,
) -> Response {
    match keep_connection(&state, &own, &form).await {
        Ok(()) => Redirect::to(&format!("{}?saved=1", links::CONNECTION)).into_response(),
        Err(denied) => {
            note(&state, &own, &form, Audited::Connection, &denied).await;
            form.refused(&state, links::CONNECTION, denied).await
        }
    }
}

/// Tries the connection that was typed, and goes over to it once it works.
async fn keep_connection(state: &AppState, own: &Session, form: &Posted) -> Result<(), Denied> {
    if !own.is_stepped_up(clock::now_ms()) {
        return Err(AppError::StepUp.into());
    }
    let source = state.connector.settings().source;
    if matches!(
        source,
        ConnectionSource::Demo | ConnectionSource::Configuration
    ) {
        return Err(
            AppError::Conflict("The connection is given by the configuration".to_owned()).into(),
        );
    }
    let before = Stored::load(&state.vault).await.map_err(AppError::from)?;
    let typed = read(form, before).map_err(Denied::Fields)?;
    let transport = state.authentik.transport(&typed).map_err(|error| {
        let mut errors = FieldErrors::default();
        errors.add(field_of(&error), format!("{error}."));
        Denied::Fields(errors)
    })?;
    let target = Target::new(transport, &typed, ConnectionSource::Vault);
    Connector::new(target.clone()).get().await?;
    let by = Actor::of(own, form.origin(state).address);
    let token = if form.text("token").is_empty() {
        "the token stays"
    } else {
        "another token"
    };
    let checked = if typed.insecure {
        "any certificate is accepted"
    } else {
        "certificates are checked"
    };
    let event = Event::done(Audited::Connection, typed.url.as_str())
        .with(AuditOutcome::Done, format!("{token}, {checked}"));
    state.audit.record(&by, event).await?;
    typed.keep(&state.vault).await.map_err(AppError::from)?;
    let before = state.connector.public_url();
    state.connector.retarget(target);
    state.worlds.changed(None).await;
    if before != state.connector.public_url() {
        end_of_accounts(state).await?;
    }
    Ok(())
}

/// Accounts are those of one authentik: nobody goes on with one in another, and the passphrase is a way in until
/// somebody closes it anew.
async fn end_of_accounts(state: &AppState) -> Result<(), AppError> {
    state.oidc.close_passphrase(false).await?;
    state.standings.clear();
    let accounts = |session: &Session| session.account.is_some();
    state.sessions.end(accounts).await?;
    Ok(())
}

fn field_of(error: &authentik_reqwest::BuildError) -> &'static str {
    use authentik_reqwest::BuildError;
    match error {
        BuildError::PublicUrl(_) => "public_url",
        BuildError::Token => "token",
        BuildError::NoCertificate => "ca",
        _ => "url",
    }
}

/// What was typed, over what is stored: an empty field for a secret keeps it.
fn read(form: &Posted, before: Option<Stored>) -> Result<Stored, FieldErrors> {
    let mut errors = FieldErrors::default();
    let url = address(form.text("url"));
    let public = Some(form.text("public_url").trim()).filter(|text| !text.is_empty());
    let public = public.map(address).transpose();
    let typed = form.text("token").trim();
    let insecure = form.text("insecure") == "on";
    let moved = |url: &Url| {
        before
            .as_ref()
            .is_some_and(|it| it.url.origin() != url.origin())
    };
    let looser = before.as_ref().is_some_and(|it| insecure && !it.insecure);
    let other_ca = before.is_some() && !form.text("ca").trim().is_empty();
    let token = match (&before, typed) {
        (_, typed) if !typed.is_empty() => typed.to_owned(),
        (Some(before), _) => before.token.clone(),
        (None, _) => String::new(),
    };
    if token.is_empty() {
        errors.add("token", "Give an API token of an authentik administrator.");
    } else if typed.is_empty() && (url.as_ref().is_ok_and(moved) || looser || other_ca) {
        // The stored token is not sent to wherever somebody says.
        errors.add(
            "token",
            "Address or certificates are others than before, so type the token once more.",
        );
    }
    let ca = match form.text("ca").trim() {
        "" => before.and_then(|before| before.ca),
        NONE => None,
        pem => Some(pem.to_owned()),
    };
    if let Err(message) = &url {
        errors.add("url", *message);
    }
    if let Err(message) = &public {
        errors.add("public_url", *message);
    }
    match (url, public) {
        (Ok(url), Ok(public_url)) => errors.into_result(Stored {
            url,
            public_url,
            token,
            ca,
            insecure,
        }),
        _ => Err(errors),
    }
}

fn address(text: &str) -> Result<Url, &'static str> {
    let text = text.trim();
    if text.is_empty() {
        return Err("Type the address of authentik, such as https://auth.example.com.");
    }
    let url: Url = text
        .parse()
        .map_err(|_| "This is no address: it begins with https:// or http://.")?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err("The address must begin with https:// or http://.");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("Leave name and password out of the address: the token is all that is needed.");
    }
    Ok(url)
}

async fn change_passphrase(
    State(state): State<AppState>,
    Extension(own): Extension<Arc<Session>>,
    form: Posted,
) -> Response {
    match change(&state, &own, &form).await {
        Ok(()) => Redirect::to(&format!("{}?changed=1", links::PASSPHRASE)).into_response(),
        Err(denied) => {
            note(&state, &own, &form, Audited::Passphrase, &denied).await;
            form.refused(&state, links::PASSPHRASE, denied).await
        }
    }
}

/// Changes the passphrase, and ends every session that was opened with the old one but this.
async fn change(state: &AppState, own: &Session, form: &Posted) -> Result<(), Denied> {
    if own.method != SignInMethod::Passphrase {
        return Err(
            AppError::Conflict("This session was not opened with a passphrase".to_owned()).into(),
        );
    }
    let origin = form.origin(state);
    let (old, new) = (form.secret("passphrase"), form.secret("new_passphrase"));
    let repeated = form.secret("repeated");
    let by = Actor::of(own, origin.address);
    let begun = Event::done(Audited::Passphrase, "").with(AuditOutcome::Begun, "");
    state.audit.record(&by, begun).await?;
    let changed = state
        .identity
        .change(&own.name, old, &new, &repeated, &origin);
    changed.await?;
    let others =
        |session: &Session| session.method == SignInMethod::Passphrase && session.id != own.id;
    let ended = state.sessions.end(others).await?;
    let event = Event::done(
        Audited::Passphrase,
        format!("{ended} other session(s) ended"),
    );
    state.audit.record(&by, event).await?;
    Ok(())
}

/// Ends one session: anybody's for an administrator, else one of one's own.
async fn end_session(
    State(state): State<AppState>,
    Extension(own): Extension<Arc<Session>>,
    form: Posted,
) -> Result<Redirect, Refusal> {
    let wanted = form.text("session").to_owned();
    let is_it = |session: &Session| session.id == wanted && own.may_end(session);
    if let Some(found) = state.sessions.all().iter().find(|session| is_it(session)) {
        let by = Actor::of(&own, form.origin(&state).address);
        let event = Event::done(Audited::EndSession, format!("{}, {wanted}", found.name));
        state.audit.record(&by, event).await?;
        state.sessions.end(is_it).await?;
    }
    Ok(Redirect::to(links::SESSIONS))
}

/// Makes a key and shows it once, or revokes one.
async fn keys(
    State(state): State<AppState>,
    Extension(own): Extension<Arc<Session>>,
    form: Posted,
) -> Response {
    let done = match form.text("revoke") {
        "" => make_key(&state, &own, &form).await.map(Some),
        id => revoke_key(&state, &own, &form, id).await.map(|()| None),
    };
    match done {
        Ok(Some(key)) => form.issued(&state, links::KEYS, key).await,
        Ok(None) => Redirect::to(links::KEYS).into_response(),
        Err(denied) => form.refused(&state, links::KEYS, denied).await,
    }
}

async fn make_key(state: &AppState, own: &Session, form: &Posted) -> Result<String, Denied> {
    if !own.is_stepped_up(clock::now_ms()) {
        return Err(AppError::StepUp.into());
    }
    let new = NewApiKey {
        name: form.text("name"),
        role: form.text("role"),
        days: form.text("days"),
    };
    let new = new.check().map_err(Denied::Fields)?;
    let by = Actor::of(own, form.origin(state).address);
    let about = format!("{} ({})", new.name, new.role);
    let begun = Event::done(Audited::MakeKey, &about).with(AuditOutcome::Begun, "");
    state.audit.record(&by, begun).await?;
    let (id, key) = state.api_keys.make(new, &own.name).await?;
    let about = format!("{about}, {id}");
    state
        .audit
        .record(&by, Event::done(Audited::MakeKey, about))
        .await?;
    Ok(key)
}

async fn revoke_key(
    state: &AppState,
    own: &Session,
    form: &Posted,
    id: &str,
) -> Result<(), Denied> {
    if let Some(key) = state.api_keys.all().iter().find(|key| key.id == id) {
        let by = Actor::of(own, form.origin(state).address);
        let event = Event::done(Audited::RevokeKey, format!("{}, {id}", key.name));
        state.audit.record(&by, event).await?;
        state.api_keys.revoke(id).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn address_is_told_what_is_wrong() {
        for (text, why) in [
            ("", "Type the address"),
            ("auth.example.com", "no address"),
            ("ftp://auth.example.com", "must begin"),
            ("https://a:b@auth.example.com", "name and password"),
        ] {
            assert!(address(text).unwrap_err().contains(why), "{text}");
        }
        assert!(address(" https://auth.example.com/sub/ ").is_ok());
    }
}
