use leptos::prelude::*;

use crate::error::AppError;

/// Throws a draft away and goes to the overview.
///
/// # Errors
/// When the session is over.
#[server(prefix = "/_fn", endpoint = "wizard/discard")]
pub async fn discard_draft(
    /// Id of the draft.
    draft: String,
) -> Result<(), AppError> {
    crate::ports::console()?.discard_draft(draft).await?;
    leptos_axum::redirect("/");
    Ok(())
}
