use leptos::{prelude::*, server_fn::codec::GetUrl};

use crate::{error::AppError, model::ChangeSummary};

/// All change sets, the latest first.
///
/// # Errors
/// When the session is over.
#[server(prefix = "/_fn", endpoint = "changes", input = GetUrl)]
pub async fn list_changes() -> Result<Vec<ChangeSummary>, AppError> {
    crate::ports::console()?.changes().await
}
