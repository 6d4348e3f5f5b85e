//! What the console itself keeps: the connection, change sets, drafts, presets.

use setup::{check::Check, preset::Summary};

use crate::{
    error::AppError,
    model::{Change, ChangeSummary, Connection, DraftRecord, Instructions},
    ports::console,
};

/// Which authentik the console is connected to.
///
/// # Errors
/// [`AppError::NotConnected`] while it cannot be used.
pub async fn get_connection() -> Result<Connection, AppError> {
    console()?.connection().await
}

/// One change set.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn get_change(id: String) -> Result<Change, AppError> {
    console()?.change(id).await
}

/// All change sets, the latest first.
///
/// # Errors
/// When the session is over.
pub async fn list_changes() -> Result<Vec<ChangeSummary>, AppError> {
    console()?.changes().await
}

/// The drafts that were not applied yet, the latest first.
///
/// # Errors
/// When the session is over.
pub async fn list_drafts() -> Result<Vec<DraftRecord>, AppError> {
    console()?.drafts().await
}

/// All presets in short.
///
/// # Errors
/// When the session is over.
pub async fn list_presets() -> Result<Vec<Summary>, AppError> {
    console()?.presets().await
}

/// Runs the live checks of an application.
///
/// # Errors
/// When there is no such application, or it has no OAuth2 provider.
pub async fn run_checks(slug: String) -> Result<Vec<Check>, AppError> {
    console()?.checks(slug).await
}

/// Asks authentik whether a change set did what its plan promised, when `run` says so; `None` where there is
/// nothing to ask.
///
/// # Errors
/// [`AppError::NotFound`], or when authentik does not answer as it should.
pub async fn verify(change: String, run: String) -> Result<Option<Vec<Check>>, AppError> {
    if run.is_empty() {
        return Ok(None);
    }
    console()?.verify(change).await
}

/// The configuration of the application's own side; `None` where no preset is known for it.
///
/// # Errors
/// When there is no such application, preset or provider.
pub async fn get_app_side(
    slug: String,
    preset: String,
    reveal: String,
) -> Result<Option<Instructions>, AppError> {
    let preset = Some(preset).filter(|preset| !preset.is_empty());
    let console = console()?;
    let side = console.app_side(slug, preset, reveal == "1").await?;
    Ok(side.map(|side| Instructions {
        preset: side.preset,
        snippets: side.snippets,
        restart_needed: side.restart_needed,
    }))
}
