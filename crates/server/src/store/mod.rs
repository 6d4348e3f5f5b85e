//! What survives a restart: drafts, change sets, their journals.
//!
//! [`Store`] is the one interface over database engines; [`SqliteStore`] keeps everything in one
//! file. The contract is in `contract.rs`, as tests.

mod api_keys;
mod audit;
#[cfg(test)]
mod contract;
mod identity;
mod lock;
mod record;
mod row;
mod sealed;
mod sqlite;

use std::future::Future;

use app::error::AppError;
use setup::{
    change::{Entry, State},
    oidc_application::Draft,
};

pub(crate) use self::{
    api_keys::ApiKeyStore,
    audit::{AuditFilter, AuditRow, AuditStore, ChainEnd},
    identity::{Administrator, IdentityStore, SessionStore},
    lock::private,
    record::{ChangeHead, NewChange, StoredChange, StoredDraft, StoredEntry, Work},
    sealed::{SealedRow, SealedStore},
    sqlite::SqliteStore,
};

/// The store in use.
pub(crate) type Database = SqliteStore;

/// Changes a draft.
pub(crate) type DraftEdit = Box<dyn FnOnce(&mut Draft) + Send>;

/// Why the store could not do it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    /// Another process uses the same database.
    #[error("another Ostiary uses the database {0} already")]
    InUse(String),
    /// The file could not be made or opened.
    #[error("the database {path} cannot be opened")]
    File {
        /// Its path.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The tables could not be brought up to date.
    #[error("the database could not be brought up to date")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// The database refused or failed.
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
    /// A row was written by a version of Ostiary with another form.
    #[error("{what} was made by another version of Ostiary and cannot be read")]
    Unreadable {
        /// Which, without article: `draft 8x2…`.
        what: String,
        /// The parser's words.
        #[source]
        source: serde_json::Error,
    },
    /// A value could not be written as JSON.
    #[error("a value could not be written")]
    Write(#[source] serde_json::Error),
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        if let StoreError::Unreadable { what, .. } = &error {
            tracing::warn!(error = %chain(&error), "unreadable row");
            return Self::Conflict(format!(
                "The {what} was made by another version of Ostiary and cannot be read by this one. \
                 It is kept as it is: open it with that version, or begin anew. Nothing was written \
                 to authentik."
            ));
        }
        tracing::error!(error = %chain(&error), "store");
        Self::Internal(error.to_string())
    }
}

/// An error with its causes, in one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}

/// Where drafts, change sets and journals are kept. Whatever returns has been kept for good. Times
/// are milliseconds since the epoch, given by the caller.
pub(crate) trait Store: Clone + Send + Sync + 'static {
    /// Keeps a new draft.
    fn create_draft(
        &self,
        id: &str,
        draft: &Draft,
        at_ms: i64,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// One draft.
    fn draft(
        &self,
        id: &str,
    ) -> impl Future<Output = Result<Option<StoredDraft>, StoreError>> + Send;

    /// All drafts that can be read, the latest first.
    fn drafts(&self) -> impl Future<Output = Result<Vec<StoredDraft>, StoreError>> + Send;

    /// Changes a draft, one caller after the other, and sets aside what was planned from it before.
    /// `None` when there is no such draft.
    fn edit_draft(
        &self,
        id: &str,
        edit: DraftEdit,
        at_ms: i64,
    ) -> impl Future<Output = Result<Option<StoredDraft>, StoreError>> + Send;

    /// Throws a draft away, and sets aside what was planned from it. Whether there was one.
    fn delete_draft(&self, id: &str) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// Keeps a planned change set, sets aside what was planned from the same draft before, and
    /// notes it at the draft.
    fn create_change(
        &self,
        change: &NewChange,
        at_ms: i64,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// One change set, also one that was set aside.
    fn change(
        &self,
        id: &str,
    ) -> impl Future<Output = Result<Option<StoredChange>, StoreError>> + Send;

    /// The state of a change set, without reading its plan.
    fn state(&self, change: &str)
    -> impl Future<Output = Result<Option<State>, StoreError>> + Send;

    /// All change sets but those set aside, the latest first.
    fn changes(&self) -> impl Future<Output = Result<Vec<ChangeHead>, StoreError>> + Send;

    /// The latest change set that is applied, for an application's slug.
    fn latest_applied(
        &self,
        slug: &str,
    ) -> impl Future<Output = Result<Option<StoredChange>, StoreError>> + Send;

    /// The journal of a change set behind entry `after`; 0 for all of it.
    fn entries(
        &self,
        change: &str,
        after: i64,
    ) -> impl Future<Output = Result<Vec<StoredEntry>, StoreError>> + Send;

    /// Takes a change set for a piece of work: of any number of callers exactly one gets `true`,
    /// and only in a state the work can begin in.
    fn begin(
        &self,
        change: &str,
        work: Work,
        at_ms: i64,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// Adds an entry to a journal. A state that is reached becomes the change set's; with a final
    /// one its secrets are erased, and with `Applied` its draft.
    fn record(
        &self,
        change: &str,
        entry: &Entry,
        at_ms: i64,
    ) -> impl Future<Output = Result<StoredEntry, StoreError>> + Send;

    /// Ids of the change sets on which work is going on, or was when the process died.
    fn running(&self) -> impl Future<Output = Result<Vec<String>, StoreError>> + Send;

    /// A random key that belongs to the database: made when it is asked for the first time.
    fn key(&self, name: &str) -> impl Future<Output = Result<[u8; 32], StoreError>> + Send;
}
