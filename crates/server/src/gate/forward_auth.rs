//! `GET /sign-in` through a proxy that has signed somebody in with authentik: they are in.

use app::{
    links,
    model::{Audited, SignInMethod},
};
use axum::{
    extract::{Query, Request},
    response::Response,
};
use http::request::Parts;

use super::authentik::{Then, let_in, refused};
use crate::{oidc::Problem, state::AppState};

/// Lets in whom the proxy names, or shows the sign-in page with why not.
pub(crate) async fn sign_in(state: &AppState, name: &str, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let then = Query::<Then>::try_from_uri(&parts.uri);
    let then = then.map(|query| query.0.then).unwrap_or_default();
    match admit(state, &parts, name, links::local(&then).unwrap_or("/")).await {
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
