use leptos::{prelude::*, server_fn::codec::GetUrl};
use setup::preset::Summary;

use crate::error::AppError;

/// All presets in short.
///
/// # Errors
/// When the session is over.
#[server(prefix = "/_fn", endpoint = "presets", input = GetUrl)]
pub async fn list_presets() -> Result<Vec<Summary>, AppError> {
    crate::ports::console()?.presets().await
}
