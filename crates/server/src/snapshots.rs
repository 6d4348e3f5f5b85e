//! Everything that decides about access, read from authentik once a minute.

use std::{sync::Arc, time::Duration};

use access::{LoadError, LoadOptions, Snapshot};
use app::error::AppError;

use crate::{
    clock,
    connection::{Connected, Connector},
    memo::Memo,
};

/// How old a snapshot may be when a page opens. A change set that was carried out throws it away.
const KEEP: Duration = Duration::from_mins(1);

/// Reads snapshots, and remembers.
#[derive(Clone)]
pub(crate) struct Snapshots {
    connector: Connector,
    memo: Memo<Arc<Snapshot>>,
}

impl Snapshots {
    pub(crate) fn new(connector: Connector) -> Self {
        Self {
            connector,
            memo: Memo::new(KEEP),
        }
    }

    /// The snapshot, at most a minute old; with `fresh` one that is not older than the call, or than
    /// a reading that was going on already.
    pub(crate) async fn get(&self, fresh: bool) -> Result<Arc<Snapshot>, AppError> {
        let connected = self.connector.settled().await?;
        if fresh {
            self.memo.expire();
        }
        let connector = self.connector.clone();
        self.memo.get(move || load(connector, connected)).await
    }

    /// Forgets the snapshot: something was changed.
    pub(crate) fn forget(&self) {
        self.memo.forget();
    }
}

async fn load(connector: Connector, connected: Arc<Connected>) -> Result<Arc<Snapshot>, AppError> {
    let options = LoadOptions::default();
    let read = access::load(&connected.client, clock::now(), options, |_| ()).await;
    match read {
        Ok(snapshot) => Ok(Arc::new(snapshot)),
        Err(LoadError::NotSuperuser { username }) => Err(AppError::NotSuperuser { username }),
        Err(LoadError::Call(error)) => {
            Err(connector.failure("who may open what could not be read", &error))
        }
        Err(other) => Err(AppError::Internal(other.to_string())),
    }
}
