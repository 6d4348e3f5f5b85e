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
    /// What the plan asks to be typed, see [`Confirmation`](setup::change::Confirmation).
    #[server(default)]
    confirm: String,
) -> Result<(), AppError> {
    let change = match crate::ports::console()?.apply(change, confirm).await {
        // The confirmation was not the right one.
        Err(AppError::Invalid(errors)) => {
            return Err(AppError::Conflict(crate::state::access_form::sentences(
                &errors,
            )));
        }
        other => other?,
    };
    let page = crate::links::change(&change.summary.id);
    // The wizard goes on by itself; a change of access is verified.
    leptos_axum::redirect(&format!("{page}?watch=1&checks=1"));
    Ok(())
}
