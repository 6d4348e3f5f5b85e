//! `GET /sign-in` through a proxy that has signed somebody in with authentik: they are in.

use std::sync::Arc;

use app::{
    links,
    model::{Audited, SignInMethod},
};
use axum::{
    extract::{Query, Request},
    response::{IntoResponse as _, Redirect, Response},
};
use http::request::Parts;

use super::authentik::{Then, let_in, refused};
use crate::{oidc::Problem, pages, session::Session, state::AppState};

/// Lets in whom the proxy names, or shows the sign-in page with why not.
pub(crate) async fn sign_in(
    state: &AppState,
    name: &str,
    session: Option<Arc<Session>>,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    // From another site the cookie of a session does not come along; from here it does.
    let from = parts.headers.get("sec-fetch-site");
    if from.is_some_and(|site| site != "same-origin" && site != "none")
        && let Some(here) = parts.uri.path_and_query()
    {
        return pages::go_on(here.as_str());
    }
    let then = Query::<Then>::try_from_uri(&parts.uri);
    let then = then.map(|query| query.0.then).unwrap_or_default();
    let on = links::local(&then).unwrap_or("/");
    let is_theirs = |own: &Session| own.method == SignInMethod::ForwardAuth && own.name == name;
    if session.is_some_and(|own| is_theirs(&own)) {
        return Redirect::to(on).into_response();
    }
    match admit(state, &parts, name, on).await {
        Ok(response) => response,
        Err(problem) => refused(state, parts, &then, &problem).await,
    }
}

async fn admit(
    state: &AppState,
    parts: &Parts,
    name: &str,
    then: &str,
) -> Result<Response, Problem> {
    let known = state.oidc.vouched(name).await?;
    let how = (Audited::SignIn, SignInMethod::ForwardAuth);
    let_in(state, parts, known, how, then).await
}
