//! What the handlers share.

use std::sync::Arc;

use app::ports::Console;
use axum::extract::FromRef;
use leptos::config::LeptosOptions;

use crate::{
    changes::Changes, connection::Connector, entry::Entry, session::Sessions, store::SqliteStore,
};

/// The change sets, over the store in use.
pub(crate) type ServerChanges = Changes<SqliteStore>;

/// What the handlers share. Cheap to clone.
#[derive(Clone)]
pub(crate) struct AppState {
    pub(crate) changes: ServerChanges,
    pub(crate) connector: Connector,
    pub(crate) console: Arc<dyn Console>,
    pub(crate) entry: Arc<Entry>,
    pub(crate) sessions: Arc<Sessions>,
    pub(crate) leptos: LeptosOptions,
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos.clone()
    }
}
