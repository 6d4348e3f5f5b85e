//! `POST /sign-in`, `POST /sign-out`.

use std::sync::Arc;

use app::{
    links,
    model::{AuditOutcome, Audited, Role, SignInMethod},
};
use axum::{
    Extension,
    extract::State,
    response::{AppendHeaders, IntoResponse as _, Redirect, Response},
};
use http::header::SET_COOKIE;

use super::Posted;
use crate::{
    audit::{Actor, Event},
    clock, forward_auth,
    identity::{Denied, Origin},
    pages,
    refusal::Refusal,
    session::{NewSession, Session},
    state::AppState,
    visit,
};

/// Signs the administrator in.
pub(super) async fn sign_in(State(state): State<AppState>, form: Posted) -> Response {
    let origin = form.origin(&state);
    if state.oidc.is_passphrase_closed() {
        let denied = Denied::Told(
            "The passphrase is closed".to_owned(),
            "Everybody signs in with authentik here.".to_owned(),
        );
        return form.refused(&state, links::SIGN_IN, denied).await;
    }
    let attempt = state
        .identity
        .sign_in(form.text("name"), form.secret("passphrase"), &origin);
    let opened = match attempt.await {
        Ok(name) => {
            let then = form.then("/");
            admit(&state, &form, &origin, name, then, Audited::SignIn).await
        }
        Err(denied) => {
            // What a stranger types for a name may be their passphrase: only ours is written down.
            let typed = form.text("name").trim();
            let known = state.identity.is_administrator(typed).await;
            let name = if known { typed } else { "" };
            let stranger = Actor::stranger(name, origin.address);
            note_denied(&state, &stranger, Audited::SignIn, &denied).await;
            Err(denied)
        }
    };
    match opened {
        Ok(response) => response,
        Err(denied) => form.refused(&state, links::SIGN_IN, denied).await,
    }
}

/// Writes down that somebody was not let in.
pub(crate) async fn note_denied(state: &AppState, who: &Actor, what: Audited, denied: &Denied) {
    let detail = match denied {
        Denied::Wrong | Denied::Told(..) | Denied::Fields(_) => "",
        Denied::Failed(_) => "Failed",
        // Nobody's guesses fill the disk: the attempts before it are written down, and they are limited.
        Denied::Wait(_) => return,
    };
    let event = Event::done(what, "").with(AuditOutcome::Refused, detail);
    if let Err(error) = state.audit.record(who, event).await {
        tracing::error!(%error, "not in the audit log");
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
    how: Audited,
) -> Result<Response, Denied> {
    let actor = Actor::stranger(&name, origin.address);
    state.audit.record(&actor, Event::done(how, "")).await?;
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
            account: None,
            proven_ms: clock::now_ms(),
        })
        .await?;
    let cookies = [
        state.cookies.of_session(secret),
        state.cookies.of_device(device),
    ];
    let cookies = cookies.map(|cookie| (SET_COOKIE, cookie.to_string()));
    Ok((AppendHeaders(cookies), Redirect::to(&then)).into_response())
}

/// The sign-in page, also for whom a proxy has signed in.
fn other_ways() -> String {
    format!("{}?{}", links::SIGN_IN, links::OTHER_WAYS)
}

/// Ends the session, or every one of the same person.
pub(super) async fn sign_out(
    State(state): State<AppState>,
    Extension(own): Extension<Arc<Session>>,
    form: Posted,
) -> Result<Response, Refusal> {
    let everywhere = form.text("everywhere") == "on";
    let by = Actor::of(&own, form.origin(&state).address);
    let about = if everywhere { "Everywhere" } else { "" };
    let event = Event::done(Audited::SignOut, about);
    state.audit.record(&by, event).await?;
    let is_own =
        |session: &Session| session.id == own.id || (everywhere && own.is_same_person(session));
    state.sessions.end(is_own).await?;
    let cookie = state.cookies.no_session().to_string();
    // A proxy that names them would sign them in again at once.
    let proxies = state.forward_auth.as_ref();
    let named = proxies.and_then(|it| it.name(&form.parts.extensions, &form.parts.headers));
    let answer = match (named, own.account.is_some()) {
        // Not by a redirect: from there it goes on to another site, which a form of ours may not.
        (Some(_), true) => pages::go_on(forward_auth::SIGN_OUT),
        (Some(_), false) => Redirect::to(&other_ways()).into_response(),
        (None, _) => Redirect::to(links::SIGN_IN).into_response(),
    };
    Ok(([(SET_COOKIE, cookie)], answer).into_response())
}
