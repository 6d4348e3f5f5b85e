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

/// Says that the browser comes from a page of ours.
const HERE: &str = "here=1";

/// Lets in whom the proxy names, or shows the sign-in page with why not.
pub(crate) async fn sign_in(
    state: &AppState,
    name: &str,
    session: Option<Arc<Session>>,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    let query = parts.uri.query().unwrap_or_default();
    let is_here = query.split('&').any(|part| part == HERE);
    // From another site the cookie of a session does not come along; from here it does.
    let from = parts.headers.get("sec-fetch-site");
    if !is_here && from.is_some_and(|site| site != "same-origin" && site != "none") {
        let mark = if query.is_empty() { "?" } else { "&" };
        return pages::go_on(&format!("{}{mark}{HERE}", parts.uri));
    }
    let then = Query::<Then>::try_from_uri(&parts.uri);
    let then = then.map(|query| query.0.then).unwrap_or_default();
    let on = links::local(&then).unwrap_or("/");
    let is_theirs = |own: &Session| own.account.is_some() && own.name == name;
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
