//! What the console itself keeps: the connection, change sets, drafts, presets.

use serde::{Deserialize, Serialize};
use setup::{change::State, check::Check, preset::Summary};

use crate::{
    error::AppError,
    model::{
        ApiKeyRow, AuditPage, AuditQuery, Change, ChangeDraft, ChangeSummary, Connection,
        ConnectionSettings, DraftRecord, Instructions, SessionRow, SignInSettings,
    },
    ports::console,
};

/// Which authentik the console is connected to.
///
/// # Errors
/// [`AppError::NotConnected`] while it cannot be used.
pub async fn get_connection() -> Result<Connection, AppError> {
    console()?.connection().await
}

/// The connection as it was entered, without the token.
///
/// # Errors
/// [`AppError::Forbidden`] for whoever is no administrator.
pub async fn get_connection_settings() -> Result<ConnectionSettings, AppError> {
    console()?.connection_settings().await
}

/// Signing in with authentik, and the names of the groups there are.
///
/// # Errors
/// As [`AppError`] says.
pub async fn get_sign_in_settings() -> Result<(SignInSettings, Vec<String>), AppError> {
    let console = console()?;
    let settings = console.sign_in_settings().await?;
    let mut names: Vec<String> = console
        .world()
        .await?
        .groups
        .into_iter()
        .map(|group| group.name)
        .collect();
    names.sort_unstable();
    Ok((settings, names))
}

/// Who is signed in.
///
/// # Errors
/// When the session is over.
pub async fn list_sessions() -> Result<Vec<SessionRow>, AppError> {
    console()?.sessions().await
}

/// The keys of programs.
///
/// # Errors
/// [`AppError::Forbidden`] for whoever is no administrator.
pub async fn list_api_keys() -> Result<Vec<ApiKeyRow>, AppError> {
    console()?.api_keys().await
}

/// A page of the audit log.
///
/// # Errors
/// [`AppError::Forbidden`] for whoever is no administrator.
pub async fn get_audit(wanted: AuditQuery) -> Result<AuditPage, AppError> {
    console()?.audit(wanted).await
}

/// A change set, and what authentik says about it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verified {
    /// The change set.
    pub change: Change,
    /// What authentik says, or why it cannot be asked; nothing where it was not asked.
    pub checks: Option<Result<Vec<Check>, AppError>>,
}

/// One change set. Where `run` says so, and who may open what was changed by it, authentik is asked whether it did
/// what its plan promised: after the change set itself is read, so that both tell of the same moment.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn get_verified(id: String, run: String) -> Result<Verified, AppError> {
    let console = console()?;
    let change = console.change(id.clone()).await?;
    let access = matches!(change.draft, ChangeDraft::Access(_));
    let ask = access && !run.is_empty() && change.summary.state == State::Applied;
    let checks = if ask {
        console.verify(id).await.transpose()
    } else {
        None
    };
    Ok(Verified { change, checks })
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

/// The configuration of the application's own side; `None` where no preset is known for it.
///
/// # Errors
/// When there is no such application, preset or provider.
pub async fn get_app_side(
    slug: String,
    preset: String,
    reveal: bool,
) -> Result<Option<Instructions>, AppError> {
    let preset = Some(preset).filter(|preset| !preset.is_empty());
    let console = console()?;
    let side = console.app_side(slug, preset, reveal).await?;
    Ok(side.map(|side| Instructions {
        preset: side.preset,
        snippets: side.snippets,
        restart_needed: side.restart_needed,
    }))
}
