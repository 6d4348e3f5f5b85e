use leptos::{prelude::*, server_fn::codec::GetUrl};

use crate::{error::AppError, model::PresetSheet};

/// One preset, as its page shows it.
///
/// # Errors
/// [`AppError::NotFound`].
#[server(prefix = "/_fn", endpoint = "preset", input = GetUrl)]
pub async fn get_preset(
    /// Its id.
    id: String,
) -> Result<PresetSheet, AppError> {
    let preset = crate::ports::console()?.preset(id).await?;
    Ok(crate::data::preset_sheet(&preset))
}
