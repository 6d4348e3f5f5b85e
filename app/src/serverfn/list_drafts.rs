use leptos::{prelude::*, server_fn::codec::GetUrl};

use crate::{error::AppError, model::DraftRecord};

/// The drafts that were not applied yet, the latest first.
///
/// # Errors
/// When the session is over.
#[server(prefix = "/_fn", endpoint = "drafts", input = GetUrl)]
pub async fn list_drafts() -> Result<Vec<DraftRecord>, AppError> {
    crate::ports::console()?.drafts().await
}
