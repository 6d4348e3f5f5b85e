use leptos::{prelude::*, server_fn::codec::GetUrl};

use crate::error::AppError;

/// One preset.
///
/// # Errors
/// [`AppError::NotFound`].
#[server(prefix = "/_fn", endpoint = "preset", input = GetUrl)]
pub async fn get_preset(
    /// Its id.
    id: String,
) -> Result<setup::preset::Preset, AppError> {
    crate::ports::console()?.preset(id).await
}
