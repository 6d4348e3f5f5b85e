//! `POST /reveal`: a page with the secrets that it otherwise leaves out.

use app::{error::AppError, links, model::Role};
use axum::{
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};

use super::Posted;
use crate::{console::ServerConsole, refusal::Refusal, ssr, state::AppState};

/// The pages that have secrets begin so.
const PAGES: [&str; 2] = ["/applications/", "/new/done/"];

/// Shows the page, where the visitor may and has proven who they are. Reading the secret is what writes it down.
pub(super) async fn reveal(
    State(state): State<AppState>,
    console: ServerConsole,
    form: Posted,
) -> Response {
    let page = links::local(form.text("page"))
        .unwrap_or_default()
        .to_owned();
    if !PAGES.iter().any(|start| page.starts_with(start)) {
        let error = AppError::NotFound(format!("page with secrets at “{page}”"));
        return Refusal::from(error).into_response();
    }
    match console.require_step_up(Role::Operator) {
        Ok(_) => ssr::revealed(&state, form.page(&page)).await,
        Err(AppError::StepUp) => {
            let then = links::encode(&page);
            Redirect::to(&format!("{}?then={then}", links::STEP_UP)).into_response()
        }
        Err(error) => Refusal::from(error).into_response(),
    }
}
