use leptos::prelude::*;

use crate::error::AppError;

/// Starts to undo a change set and goes to its page.
///
/// # Errors
/// [`AppError::Conflict`] when its state does not allow it.
#[server(prefix = "/_fn", endpoint = "changes/undo")]
pub async fn undo_change(
    /// Id of the change set.
    change: String,
) -> Result<(), AppError> {
    let change = crate::ports::console()?.undo(change).await?;
    leptos_axum::redirect(&crate::links::change(&change.summary.id));
    Ok(())
}
