use leptos::prelude::*;

use crate::error::AppError;

/// Starts a draft for an application of the gallery and goes to its first step.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown preset, [`AppError::Conflict`] for one without guided
/// set-up.
#[server(prefix = "/_fn", endpoint = "wizard/start")]
pub async fn start_draft(
    /// Id of the preset.
    preset: String,
) -> Result<(), AppError> {
    use setup::oidc_application::{Draft, WizardStep};

    let console = crate::ports::console()?;
    let preset = console.preset(preset).await?;
    if !preset.available() {
        return Err(AppError::Conflict(format!(
            "The guided set-up for {} is still to come. Choose “Generic OIDC” if it speaks OpenID \
             Connect.",
            preset.name
        )));
    }
    let record = console.create_draft(Draft::of_preset(&preset)).await?;
    leptos_axum::redirect(&crate::links::step(&record.id, WizardStep::Address));
    Ok(())
}
