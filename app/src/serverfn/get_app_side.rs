use leptos::{prelude::*, server_fn::codec::GetUrl};

use crate::{error::AppError, model::Instructions};

/// The configuration of the application's own side; `None` where no preset is known for it.
///
/// # Errors
/// When there is no such application, preset or provider.
#[server(prefix = "/_fn", endpoint = "app-side", input = GetUrl)]
pub async fn get_app_side(
    /// Slug of the application.
    slug: String,
    /// Id of the preset to use; empty for the one that is known.
    #[server(default)]
    preset: String,
    /// `1` to get the secrets.
    #[server(default)]
    reveal: String,
) -> Result<Option<Instructions>, AppError> {
    let preset = Some(preset).filter(|preset| !preset.is_empty());
    let console = crate::ports::console()?;
    let side = console.app_side(slug, preset, reveal == "1").await?;
    Ok(side.map(|side| Instructions {
        preset: side.preset,
        snippets: side.snippets,
        restart_needed: side.restart_needed,
    }))
}
