use leptos::prelude::*;

use crate::error::AppError;

/// Starts to apply a change set, or goes on with an interrupted one, and goes to its page.
///
/// # Errors
/// [`AppError::Conflict`] when its state does not allow it.
#[server(prefix = "/_fn", endpoint = "changes/apply")]
pub async fn apply_change(
    /// Id of the change set.
    change: String,
) -> Result<(), AppError> {
    let change = crate::ports::console()?.apply(change).await?;
    let page = crate::links::change(&change.summary.id);
    leptos_axum::redirect(&format!("{page}?watch=1"));
    Ok(())
}
