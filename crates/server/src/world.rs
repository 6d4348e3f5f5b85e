//! What the connected authentik has to choose from, read once a minute.

use std::{sync::Arc, time::Duration};

use access::{Snapshot, Touched};
use app::{error::AppError, ports::Seen};
use setup::oidc_application::{LoadError, Server, World};

use crate::{
    connection::{Connected, Connector},
    memo::Memo,
    snapshots::Snapshots,
};

/// How old a world may be when a wizard opens. What must be fresh is asked again for each plan.
const KEEP: Duration = Duration::from_mins(1);

/// Reads worlds, and remembers.
#[derive(Clone)]
pub(crate) struct Worlds {
    connector: Connector,
    memo: Memo<Arc<World>>,
    snapshots: Snapshots,
}

impl Worlds {
    pub(crate) fn new(connector: Connector) -> Self {
        Self {
            snapshots: Snapshots::new(connector.clone()),
            connector,
            memo: Memo::new(KEEP),
        }
    }

    /// The world, at most a minute old.
    pub(crate) async fn get(&self) -> Result<Arc<World>, AppError> {
        let connected = self.connector.settled().await?;
        let connector = self.connector.clone();
        self.memo.get(move || load(connector, connected)).await
    }

    /// The world with a fresh answer to whether a slug is taken.
    pub(crate) async fn with_slug(&self, slug: &str) -> Result<World, AppError> {
        let world = World::clone(&*self.get().await?);
        let client = self.connector.settled().await?.client.clone();
        world
            .with_slug(&client, slug)
            .await
            .map_err(|error| failure(&self.connector, &error))
    }

    /// Everything that decides about access, at most a minute old; `fresh` reads it anew.
    pub(crate) async fn access(&self, fresh: bool) -> Result<Arc<Snapshot>, AppError> {
        self.snapshots.get(fresh).await
    }

    /// The same for showing, see [`Snapshots::seen`].
    pub(crate) async fn seen(&self, fresh: bool) -> Result<Seen, AppError> {
        self.snapshots.seen(fresh).await
    }

    /// Something was changed, see [`Snapshots::changed`]; the rest of the world is forgotten.
    pub(crate) async fn changed(&self, touched: Option<Vec<Touched>>) {
        self.memo.forget();
        self.snapshots.changed(touched).await;
    }
}

async fn load(connector: Connector, connected: Arc<Connected>) -> Result<Arc<World>, AppError> {
    let connection = &connected.connection;
    let server = Server {
        authentik_url: connection.authentik_url.clone(),
        superuser: connection.me.is_superuser,
        default_app_access: connection.default_app_access,
    };
    let world = World::load(&connected.client, server).await;
    world
        .map(Arc::new)
        .map_err(|error| failure(&connector, &error))
}

fn failure(connector: &Connector, error: &LoadError<authentik_reqwest::Error>) -> AppError {
    connector.failure(&error.to_string(), &error.source)
}
