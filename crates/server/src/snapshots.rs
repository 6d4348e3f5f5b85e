//! Everything that decides about access, read from authentik once a minute.

use std::{sync::Arc, time::Duration};

use access::{LoadError, LoadOptions, Snapshot, Touched};
use app::{error::AppError, ports::Seen};
use tokio::time::timeout;

use crate::{
    clock,
    connection::{Connected, Connector},
    memo::Memo,
};

/// How old a snapshot may be when a page opens. What a change set has touched is read again after it.
const KEEP: Duration = Duration::from_mins(1);

/// More objects than this are not read one by one.
const MOST: usize = 20;
/// How long that may take: the change set is not done before.
const PATIENCE: Duration = Duration::from_secs(5);

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

    /// The same for showing: where authentik does not answer, the last one, marked as such.
    pub(crate) async fn seen(&self, fresh: bool) -> Result<Seen, AppError> {
        let why = match self.get(fresh).await {
            Ok(snapshot) => {
                return Ok(Seen {
                    snapshot,
                    stale: None,
                });
            }
            Err(why) => why,
        };
        match self.memo.last() {
            Some((snapshot, age)) if why.is_silence() => Ok(Seen {
                snapshot,
                stale: Some(self.connector.stale(age, why)),
            }),
            _ => Err(why),
        }
    }

    /// Brings the snapshot up to date after a change set: what it touched is read again. Where nobody knows what it
    /// touched (`None`), or it touched much, the whole is read when it is next needed.
    pub(crate) async fn changed(&self, touched: Option<Vec<Touched>>) {
        let touched = touched.filter(|touched| touched.len() <= MOST);
        let Some((touched, connected)) = touched.zip(self.connector.settled().await.ok()) else {
            self.memo.forget();
            return;
        };
        self.memo
            .amend(|known| async move {
                let mut snapshot = Snapshot::clone(&known);
                let reading = snapshot.read_again(&connected.client, &touched);
                match timeout(PATIENCE, reading).await {
                    Ok(Ok(())) => return Some(Arc::new(snapshot)),
                    Ok(Err(error)) => {
                        tracing::info!(%error, "what a change set touched could not be read again");
                    }
                    Err(_) => {
                        tracing::info!("reading again what a change set touched takes too long");
                    }
                }
                None
            })
            .await;
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
