use std::sync::Arc;

use anyhow::Context as _;
use axum::{Router, serve::ListenerExt as _};
use leptos::config::LeptosOptions;
use tokio::{net::TcpListener, time::timeout};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    changes::Changes,
    config::Config,
    connection::Connector,
    console::ServerConsole,
    demo::{self, Demo},
    entry::{self, Entry},
    lifecycle, presets,
    router::router,
    session::Sessions,
    ssr,
    state::{AppState, Shared},
    store::SqliteStore,
    world::Worlds,
};

/// The server, ready to answer: from here a program listens, and a test asks the router.
pub struct Server {
    state: AppState,
    store: SqliteStore,
    tasks: TaskTracker,
    shutdown: CancellationToken,
    _demo: Option<Demo>,
}

impl Server {
    /// Opens the database, marks what a dead process left over as interrupted, and begins to
    /// connect to authentik. Whether that succeeds is for the pages to say.
    ///
    /// # Errors
    /// When the database cannot be opened, or a setting cannot be used.
    pub async fn start(mut config: Config) -> anyhow::Result<Self> {
        let demo = if config.demo {
            Some(demo::start(&mut config).await?)
        } else {
            None
        };
        let store = match config.database() {
            Some(path) => SqliteStore::open(path).await?,
            None => SqliteStore::in_memory().await?,
        };
        let connector = Connector::new(config.authentik.transport()?, demo.is_some());
        let worlds = Worlds::new(connector.clone());
        let (tasks, shutdown) = (TaskTracker::new(), CancellationToken::new());
        let changes = Changes::new(
            store.clone(),
            connector.clone(),
            worlds.clone(),
            tasks.clone(),
            shutdown.clone(),
        );
        changes.interrupt_left_over().await?;
        let console = ServerConsole {
            connector: connector.clone(),
            worlds,
            changes: changes.clone(),
        };
        let state = AppState::new(Shared {
            changes,
            connector: connector.clone(),
            console: Arc::new(console),
            entry: Arc::new(Entry::default()),
            sessions: Sessions::default(),
            leptos: leptos_options(&config),
        });
        tokio::spawn(async move {
            if let Err(error) = connector.get().await {
                tracing::warn!(%error, "authentik");
            }
        });
        tokio::task::spawn_blocking(presets::library);
        Ok(Self {
            state,
            store,
            tasks,
            shutdown,
            _demo: demo,
        })
    }

    /// The whole server as a router.
    pub fn router(&self) -> Router {
        router(self.state.clone())
    }

    /// Path and query of a new link that opens the console once; links made before open nothing any
    /// more.
    pub fn entry_link(&self) -> String {
        entry::link(&self.state.entry.renew())
    }

    /// Serves on `listener` until SIGTERM or SIGINT. Prints the link.
    ///
    /// # Errors
    /// When the listener or the standard output fails.
    pub async fn run(self, listener: TcpListener) -> anyhow::Result<()> {
        let address = listener.local_addr()?;
        let (entry, shutdown) = (self.state.entry.clone(), self.shutdown.clone());
        lifecycle::follow_signals(address, entry, shutdown.clone())?;
        let listener = listener.tap_io(|stream| {
            if let Err(error) = stream.set_nodelay(true) {
                tracing::debug!(%error, "TCP_NODELAY");
            }
        });
        let ended = shutdown.clone().cancelled_owned();
        let serving = axum::serve(listener, self.router()).with_graceful_shutdown(ended);
        let serving = tokio::spawn(serving.into_future());
        lifecycle::print_link(address, &self.state.entry).context("the link cannot be printed")?;
        tracing::info!(%address, "ready");
        shutdown.cancelled().await;
        lifecycle::finish_work(&self.tasks).await;
        if timeout(lifecycle::CONNECTIONS, serving).await.is_err() {
            tracing::info!("connections that are still open are cut");
        }
        self.store.close().await;
        Ok(())
    }
}

/// What the pages have to know of the build: the names of its files.
fn leptos_options(config: &Config) -> LeptosOptions {
    LeptosOptions::builder()
        .output_name("console")
        .site_root(config.site_root.to_string_lossy().as_ref())
        .site_addr(config.listen)
        .hash_files(ssr::has_hashes())
        .build()
}
