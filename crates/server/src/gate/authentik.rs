//! To authentik and back: `GET /sign-in/authentik`, its callback, and the same for proving once more who one is
//! and for trying whether it works. `POST /sign-in/authentik/logout` is authentik's own.

use std::{net::IpAddr, sync::Arc};

use app::{
    error::AppError,
    links,
    model::{AuditOutcome, Audited, Role, SignInMethod},
};
use axum::{
    Extension, Form,
    extract::{Query, Request, State},
    response::{AppendHeaders, IntoResponse as _, Redirect, Response},
};
use http::{
    HeaderValue, StatusCode,
    header::{CACHE_CONTROL, SET_COOKIE},
    request::Parts,
};
use serde::Deserialize;

use super::Posted;
use crate::{
    audit::{Actor, Event},
    clock,
    config::Entry,
    identity::Denied,
    oidc::{Attempt, Login, Problem, Purpose, Standing},
    pages,
    session::{Account, NewSession, Session},
    state::AppState,
    visit::{self, Client},
};

/// So much of what authentik says about an error is shown.
const SAID: usize = 200;

/// Where to go on afterwards.
#[derive(Deserialize)]
pub(super) struct Then {
    #[serde(default)]
    pub(super) then: String,
}

/// Goes to authentik to sign in.
pub(super) async fn sign_in(
    State(state): State<AppState>,
    Query(query): Query<Then>,
    request: Request,
) -> Response {
    go(&state, Purpose::SignIn, &query.then, request).await
}

/// Goes to authentik to prove once more who one is.
pub(super) async fn step_up(
    State(state): State<AppState>,
    Extension(own): Extension<Arc<Session>>,
    Query(query): Query<Then>,
    request: Request,
) -> Response {
    go(
        &state,
        Purpose::StepUp(own.id.clone()),
        &query.then,
        request,
    )
    .await
}

/// Goes to authentik to see whether signing in works.
pub(super) async fn try_it(
    State(state): State<AppState>,
    Extension(own): Extension<Arc<Session>>,
    request: Request,
) -> Response {
    let purpose = Purpose::Try(own.id.clone());
    go(&state, purpose, links::SIGN_IN_SETTINGS, request).await
}

async fn go(state: &AppState, purpose: Purpose, then: &str, request: Request) -> Response {
    if state.way_in != Entry::SignIn {
        return Redirect::to("/").into_response();
    }
    let begun = state.oidc.begin(purpose.clone(), then).await;
    let (attempt, url) = match begun {
        Ok(begun) => begun,
        Err(problem) => {
            if let Purpose::Try(session) = purpose {
                return told(state, &session, Err(problem)).await;
            }
            return refused(state, request.into_parts().0, then, &problem).await;
        }
    };
    let cookie = state.cookies.of_attempt(attempt.cookie().to_owned());
    let cookie = [(SET_COOKIE, cookie.to_string())];
    (AppendHeaders(cookie), Redirect::to(url.as_str())).into_response()
}

/// What authentik sends people back with (RFC 6749 §4.1.2).
#[derive(Deserialize)]
pub(super) struct Answer {
    state: Option<String>,
    code: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
}

/// Lets somebody in who comes back from authentik.
pub(super) async fn callback(
    State(state): State<AppState>,
    Query(answer): Query<Answer>,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    if state.way_in != Entry::SignIn {
        return Redirect::to("/").into_response();
    }
    let cookie = state.cookies.attempt(&parts.headers).unwrap_or_default();
    let given = answer.state.as_deref().unwrap_or_default();
    let Some(attempt) = state.oidc.attempt(&cookie, given) else {
        return refused(&state, parts, "", &Problem::Lost).await;
    };
    let outcome = match (&answer.code, &answer.error) {
        (_, Some(error)) => Err(Problem::Denied(said(error, &answer))),
        (Some(code), None) => state.oidc.finish(&attempt, code).await,
        (None, None) => Err(Problem::Lost),
    };
    let answered = match &attempt.purpose {
        Purpose::Try(session) => {
            let from = Client::of(&parts.extensions);
            tried(&state, session, from, outcome).await
        }
        Purpose::SignIn | Purpose::StepUp(_) => {
            match admit(&state, &parts, &attempt, outcome).await {
                Ok(response) => response,
                Err(problem) => refused(&state, parts, &attempt.then, &problem).await,
            }
        }
    };
    let over = [(SET_COOKIE, state.cookies.no_attempt().to_string())];
    (AppendHeaders(over), answered).into_response()
}

/// authentik's error without what a page should not repeat.
fn said(error: &str, answer: &Answer) -> String {
    let description = answer.error_description.as_deref().unwrap_or_default();
    let text = if description.is_empty() {
        error.to_owned()
    } else {
        format!("{description} ({error})")
    };
    let text = text.chars().filter(|c| !c.is_control());
    text.take(SAID).collect()
}

/// What became of a try, for an administrator who is still here: a good one turns signing in with authentik on.
async fn tried(
    state: &AppState,
    session: &str,
    from: IpAddr,
    outcome: Result<(Login, Option<Role>), Problem>,
) -> Response {
    let open = state.sessions.all();
    let own = open
        .iter()
        .find(|own| own.id == session && own.role == Role::Admin);
    let Some(own) = own else {
        return pages::go_on(links::SIGN_IN_SETTINGS);
    };
    if let Ok((login, Some(Role::Admin))) = &outcome {
        let about = format!("Tried by {}: the sign-in page offers it", login.name);
        let event = Event::done(Audited::SignInSettings, about);
        if let Err(error) = state.audit.record(&Actor::of(own, from), event).await {
            return told(state, session, Err(Problem::Unreachable(error))).await;
        }
    }
    told(state, session, outcome).await
}

/// Notes what became of a try, and shows it.
async fn told(
    state: &AppState,
    session: &str,
    outcome: Result<(Login, Option<Role>), Problem>,
) -> Response {
    if let Err(error) = state.oidc.tried(session, outcome).await {
        tracing::error!(%error, "a try was not noted");
    }
    pages::go_on(links::SIGN_IN_SETTINGS)
}

/// The sign-in page with what went wrong.
pub(super) async fn refused(
    state: &AppState,
    parts: Parts,
    then: &str,
    problem: &Problem,
) -> Response {
    tracing::debug!(?problem, "nobody was signed in with authentik");
    let (title, text) = problem.words();
    let denied = Denied::Told(title, text);
    Posted::of(parts, then)
        .refused(state, links::SIGN_IN, denied)
        .await
}

/// Opens a session for whoever signed in, in the place of the one in which they proved who they are.
async fn admit(
    state: &AppState,
    parts: &Parts,
    attempt: &Attempt,
    outcome: Result<(Login, Option<Role>), Problem>,
) -> Result<Response, Problem> {
    let (mut login, role) = outcome?;
    let (how, method) = match &attempt.purpose {
        Purpose::StepUp(id) => {
            let by = Actor::stranger(&login.name, Client::of(&parts.extensions));
            let old = end_old(state, id, &login, &by).await?;
            let old = old.map_or(SignInMethod::Authentik, |old| {
                // What the proxy calls them, which the session is bound to.
                login.name.clone_from(&old.name);
                old.method
            });
            (Audited::StepUp, old)
        }
        Purpose::SignIn | Purpose::Try(_) => (Audited::SignIn, SignInMethod::Authentik),
    };
    let_in(state, parts, (login, role), (how, method), &attempt.then).await
}

/// Ends the session in which somebody proved once more who they are; what it was.
async fn end_old(
    state: &AppState,
    id: &str,
    login: &Login,
    by: &Actor,
) -> Result<Option<Arc<Session>>, Problem> {
    let failed = |error: AppError| Problem::Unreachable(error);
    let open = state.sessions.all();
    let Some(old) = open.iter().find(|session| session.id == *id) else {
        return Ok(None);
    };
    let owner = old.account.as_ref().map(|account| account.user);
    if owner != Some(login.user) {
        let about = format!("As {}", login.name);
        let event = Event::done(Audited::StepUp, about);
        let event = event.with(AuditOutcome::Refused, "Somebody else");
        state.audit.record(by, event).await.map_err(failed)?;
        return Err(Problem::Other(login.name.clone()));
    }
    let over = |session: &Session| session.id == *id;
    state.sessions.end(over).await.map_err(failed)?;
    Ok(Some(old.clone()))
}

/// Opens a session for somebody whom authentik knows, and goes on to `then`.
pub(super) async fn let_in(
    state: &AppState,
    parts: &Parts,
    (login, role): (Login, Option<Role>),
    (how, method): (Audited, SignInMethod),
    then: &str,
) -> Result<Response, Problem> {
    let failed = |error: AppError| Problem::Unreachable(error);
    let by = Actor::stranger(&login.name, Client::of(&parts.extensions));
    let words = match method {
        SignInMethod::ForwardAuth => "With authentik, through a proxy",
        _ => "With authentik",
    };
    let event = Event::done(how, words);
    let Some(role) = role else {
        // Their guesses do not fill the disk: once a minute is enough.
        if state.standings.note_gone(login.user) {
            let event = event.with(AuditOutcome::Refused, "No role");
            state.audit.record(&by, event).await.map_err(failed)?;
        }
        return Err(Problem::NoRole(login.name));
    };
    state.audit.record(&by, event).await.map_err(failed)?;
    state.standings.note(login.user, Standing::Role(role));
    let opened = state.sessions.open(NewSession {
        name: login.name,
        role,
        method,
        address: Client::of(&parts.extensions).to_string(),
        agent: visit::agent(&parts.headers),
        account: Some(Account {
            user: login.user,
            sid: login.sid,
        }),
        // Not of the future, whatever authentik's clock says.
        proven_ms: login.proven_ms.min(clock::now_ms()),
    });
    let secret = opened.await.map_err(failed)?;
    // In the place of the session that the browser had.
    if let Some(old) = state.session(&parts.headers) {
        let over = |session: &Session| session.id == old.id;
        state.sessions.end(over).await.map_err(failed)?;
    }
    let cookie = [(SET_COOKIE, state.cookies.of_session(secret).to_string())];
    Ok((AppendHeaders(cookie), pages::go_on(then)).into_response())
}

/// The form that authentik sends (OpenID Connect Back-Channel Logout 1.0 §2.5).
#[derive(Deserialize)]
pub(super) struct LogoutForm {
    #[serde(default)]
    logout_token: String,
}

/// Ends the sessions of whoever signed out at authentik.
pub(super) async fn logged_out(
    State(state): State<AppState>,
    Extension(Client(address)): Extension<Client>,
    Form(form): Form<LogoutForm>,
) -> Response {
    let mut response = match end(&state, address, &form.logout_token).await {
        Ok(()) => StatusCode::OK.into_response(),
        Err(problem) => {
            tracing::debug!(?problem, "a logout token was refused");
            let error = serde_json::json!({ "error": "invalid_request" });
            (StatusCode::BAD_REQUEST, axum::Json(error)).into_response()
        }
    };
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn end(state: &AppState, address: IpAddr, token: &str) -> Result<(), Problem> {
    let who = state.oidc.logged_out(token).await?;
    let is_over = |session: &Session| who.is_over(session);
    let open = state.sessions.all();
    let Some(first) = open.iter().find(|session| is_over(session)) else {
        return Ok(());
    };
    let event = Event::done(Audited::SignOut, format!("{}, at authentik", first.name));
    let by = Actor::stranger("authentik", address);
    let failed = |error: AppError| Problem::Unreachable(error);
    state.audit.record(&by, event).await.map_err(failed)?;
    state.sessions.end(is_over).await.map_err(failed)?;
    Ok(())
}
