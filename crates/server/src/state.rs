//! What the handlers share.

use std::{ops::Deref, sync::Arc};

use app::ports::Console;
use axum::extract::FromRef;
use leptos::config::LeptosOptions;

use crate::{
    changes::Changes, connection::Connector, entry::Entry, session::Sessions, store::SqliteStore,
};

/// The change sets, over the store in use.
pub(crate) type ServerChanges = Changes<SqliteStore>;

/// What the handlers share. Cheap to clone, which is done for every request.
#[derive(Clone)]
pub(crate) struct AppState(Arc<Shared>);

/// What is behind [`AppState`].
pub(crate) struct Shared {
    pub(crate) changes: ServerChanges,
    pub(crate) connector: Connector,
    pub(crate) console: Arc<dyn Console>,
    pub(crate) entry: Arc<Entry>,
    pub(crate) sessions: Sessions,
    pub(crate) leptos: LeptosOptions,
}

impl AppState {
    pub(crate) fn new(shared: Shared) -> Self {
        Self(Arc::new(shared))
    }
}

impl Deref for AppState {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos.clone()
    }
}
