//! What the pages need of the server. The server implements [`Console`] and puts it in context;
//! nothing else of the server is visible here.

use std::{future::Future, pin::Pin, sync::Arc};

use access::Snapshot;
use authentik_api::Client;
use leptos::prelude::*;
use setup::{
    access_change::AccessDraft,
    check::Check,
    oidc_application::{Draft, World},
    preset::{Preset, Snippet, Summary},
};

use crate::{
    error::AppError,
    model::{
        ApiKeyRow, AuditPage, AuditQuery, Change, ChangeSummary, Connection, ConnectionSettings,
        DraftRecord, SessionRow, SignInSettings, Stale,
    },
};

/// A future that a port's method returns.
pub type PortFuture<'p, O> = Pin<Box<dyn Future<Output = Result<O, AppError>> + Send + 'p>>;

/// The typed client during server-side rendering: in process, with the stored token.
pub type ServerClient = Client<authentik_reqwest::Transport>;

/// The application's own side of a set-up.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct AppSide {
    /// The preset it was rendered from.
    pub preset: Summary,
    /// What goes where.
    pub snippets: Vec<Snippet>,
    /// Whether the application must be restarted.
    pub restart_needed: bool,
}

/// A snapshot of who may open what.
#[derive(Clone)]
pub struct Seen {
    /// The snapshot.
    pub snapshot: Arc<Snapshot>,
    /// Where it could not be read again: from when it is.
    pub stale: Option<Stale>,
}

impl Seen {
    /// The snapshot where it is certain: plans are made with nothing less.
    ///
    /// # Errors
    /// Why it could not be read again.
    pub fn certain(self) -> Result<Arc<Snapshot>, AppError> {
        match self.stale {
            Some(stale) => Err(stale.why),
            None => Ok(self.snapshot),
        }
    }
}

/// The services behind the pages, for one visitor: what their role does not allow is refused with
/// [`AppError::Forbidden`], what they must prove themselves for with [`AppError::StepUp`].
pub trait Console: Send + Sync {
    /// The connected authentik. Remembered for a while; a failure is not. Where authentik does not
    /// answer, what it was before, marked as such.
    fn connection(&self) -> PortFuture<'_, Connection>;
    /// The typed client of the connected authentik.
    fn client(&self) -> PortFuture<'_, ServerClient>;

    /// The connection as it was entered, without the token.
    fn connection_settings(&self) -> PortFuture<'_, ConnectionSettings>;

    /// Signing in with authentik. For administrators.
    fn sign_in_settings(&self) -> PortFuture<'_, SignInSettings>;
    /// Who is signed in: everybody for an administrator, else the visitor's own sessions.
    fn sessions(&self) -> PortFuture<'_, Vec<SessionRow>>;

    /// The keys of programs, for administrators.
    fn api_keys(&self) -> PortFuture<'_, Vec<ApiKeyRow>>;
    /// A page of the audit log, for administrators.
    fn audit(&self, wanted: AuditQuery) -> PortFuture<'_, AuditPage>;

    /// All presets in short.
    fn presets(&self) -> PortFuture<'_, Vec<Summary>>;
    /// One preset.
    fn preset(&self, id: String) -> PortFuture<'_, Preset>;

    /// What the connected authentik has to choose from: flows, keys, mappings, groups. At most a
    /// minute old.
    fn world(&self) -> PortFuture<'_, World>;

    /// Everything that decides about access: at most a minute old, and read again after a change set
    /// was carried out. `fresh` reads it anew. [`AppError::NotSuperuser`] where authentik would show the
    /// token only a part of it (trap T8).
    /// Where authentik does not answer, the last one, marked as such.
    fn access(&self, fresh: bool) -> PortFuture<'_, Seen>;

    /// Keeps a new draft.
    fn create_draft(&self, draft: Draft) -> PortFuture<'_, DraftRecord>;
    /// A draft, its secrets left out.
    fn draft(&self, id: String) -> PortFuture<'_, DraftRecord>;
    /// Changes a draft. `edit` gets it with its secrets. Forgets the change set planned from it.
    fn edit_draft(
        &self,
        id: String,
        edit: Box<dyn FnOnce(&mut Draft) + Send>,
    ) -> PortFuture<'_, DraftRecord>;
    /// Drafts that were not applied yet, the latest first.
    fn drafts(&self) -> PortFuture<'_, Vec<DraftRecord>>;
    /// Throws a draft away.
    fn discard_draft(&self, id: String) -> PortFuture<'_, ()>;

    /// Plans a change set from a draft; [`AppError::Invalid`] when the draft is not right.
    fn plan_draft(&self, id: String) -> PortFuture<'_, Change>;
    /// Plans a change of who may open what; [`AppError::Invalid`] when the draft is not right.
    fn plan_access(&self, draft: AccessDraft) -> PortFuture<'_, Change>;
    /// Starts to apply a planned or interrupted change set; it goes on by itself. Asking twice
    /// applies once. `confirm` is what a person typed where the plan asks for it.
    fn apply(&self, change: String, confirm: String) -> PortFuture<'_, Change>;
    /// Starts to undo an applied or interrupted change set.
    fn undo(&self, change: String) -> PortFuture<'_, Change>;
    /// One change set.
    fn change(&self, id: String) -> PortFuture<'_, Change>;
    /// All change sets, the latest first.
    fn changes(&self) -> PortFuture<'_, Vec<ChangeSummary>>;

    /// Runs the live checks of an application with an OAuth2 provider.
    fn checks(&self, slug: String) -> PortFuture<'_, Vec<Check>>;
    /// Asks authentik whether an applied change of who may open what did what its plan promised;
    /// `None` for any other change set.
    fn verify(&self, change: String) -> PortFuture<'_, Option<Vec<Check>>>;
    /// What the application's own side has to be told: by the preset and the inputs of the change
    /// set that made it, or by `preset` for one that Ostiary did not make. Secrets are blank unless
    /// `reveal`.
    fn app_side(
        &self,
        slug: String,
        preset: Option<String>,
        reveal: bool,
    ) -> PortFuture<'_, Option<AppSide>>;
}

/// The console in context.
///
/// # Errors
/// When none was provided: outside a request.
pub fn console() -> Result<Arc<dyn Console>, AppError> {
    use_context::<Arc<dyn Console>>()
        .ok_or_else(|| AppError::Internal("no console in context".to_owned()))
}
