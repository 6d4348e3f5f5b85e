use std::sync::Arc;

use anyhow::Context as _;
use app::model::{ConnectionSource, SignInMethod};
use axum::Router;
use leptos::config::LeptosOptions;
use tokio::{net::TcpListener, time::timeout};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    api_key::ApiKeys,
    audit::Audit,
    changes::Changes,
    clock,
    config::{self, Config, ConfigError},
    connection::{Connector, Stored, Target},
    demo::{self, Demo},
    enter,
    forward_auth::ForwardAuth,
    identity::{Identity, OneTimeCode},
    lifecycle::{self, Invitation},
    oidc::Oidc,
    presets,
    router::router,
    serve::{HEAD, serve},
    session::{Cookies, Sessions},
    ssr,
    state::{AppState, Shared},
    store::SqliteStore,
    vault::Vault,
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
        let vault = Vault::open(store.clone(), config.key_source()?).await?;
        let connector = Connector::new(target(&config, &vault, demo.is_some()).await?);
        let worlds = Worlds::new(connector.clone());
        let audit = Audit::new(store.clone());
        if config.audit_days > 0 {
            let count = audit.shorten(config.audit_days).await?;
            tracing::info!(count, "audit entries whose time is over were taken out");
        }
        let (tasks, shutdown) = (TaskTracker::new(), CancellationToken::new());
        let changes = Changes::new(
            store.clone(),
            connector.clone(),
            worlds.clone(),
            tasks.clone(),
            shutdown.clone(),
            audit.clone(),
        );
        changes.interrupt_left_over().await?;
        if config.is_https() && config.trusted_proxies.is_empty() {
            tracing::warn!(
                "trusted_proxies is empty: behind a proxy all browsers look like one, so somebody who guesses makes \
                 every new one wait"
            );
        }
        let ways: &[SignInMethod] = match config.entry() {
            config::Entry::Link => &[SignInMethod::Link],
            config::Entry::SignIn => &[
                SignInMethod::Passphrase,
                SignInMethod::Authentik,
                SignInMethod::ForwardAuth,
            ],
        };
        let oidc = Oidc::load(
            vault.clone(),
            store.clone(),
            connector.clone(),
            worlds.clone(),
        )
        .await?;
        let state = AppState::new(Shared {
            changes,
            connector: connector.clone(),
            worlds,
            vault,
            audit,
            public_url: config.public_url.clone(),
            csp_report_uri: config.csp_report_uri.clone(),
            way_in: config.entry(),
            link: OneTimeCode::default(),
            identity: Identity::new(store.clone()),
            oidc: Arc::new(oidc),
            standings: Arc::default(),
            sessions: Sessions::load(store.clone(), config.session_limits(), ways).await?,
            api_keys: ApiKeys::load(store.clone()).await?,
            cookies: Cookies::new(config.is_https()),
            trusted_proxies: config.trusted_proxies.clone(),
            forward_auth: ForwardAuth::of(&config)?,
            authentik: config.authentik.without_connection(),
            leptos: leptos_options(&config),
        });
        if connector.settings().source != ConnectionSource::Nowhere {
            tokio::spawn(async move {
                if let Err(error) = connector.get().await {
                    tracing::warn!(%error, "authentik");
                }
            });
        }
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

    /// What the handlers share.
    #[cfg(test)]
    pub(crate) fn state(&self) -> &AppState {
        &self.state
    }

    /// Path and query of a new link that opens the console once; links made before open nothing any
    /// more.
    pub fn entry_link(&self) -> String {
        enter::link(&self.state)
    }

    /// A new code for the first account; codes made before are good for nothing any more.
    pub fn setup_code(&self) -> String {
        self.state.identity.code.for_setup(clock::now_ms())
    }

    /// Serves on `listener` until SIGTERM or SIGINT. Prints the way in: the one-time link,
    /// the code for the first account, or where to sign in.
    ///
    /// # Errors
    /// When the listener or the standard output fails.
    pub async fn run(self, listener: TcpListener) -> anyhow::Result<()> {
        let address = listener.local_addr()?;
        let shutdown = self.shutdown.clone();
        let invitation = Invitation::new(self.state.clone(), address);
        lifecycle::follow_signals(invitation.clone(), shutdown.clone())?;
        let serving = serve(listener, router(self.state.clone()), shutdown.clone(), HEAD);
        let serving = tokio::spawn(serving);
        invitation.print().await.context("nothing can be printed")?;
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

/// The authentik of the settings, else of the vault.
pub(crate) async fn target(config: &Config, vault: &Vault, demo: bool) -> anyhow::Result<Target> {
    let (stored, source) = match config.authentik.given()? {
        Some(given) if demo => (given, ConnectionSource::Demo),
        Some(given) => (given, ConnectionSource::Configuration),
        None => match Stored::load(vault).await? {
            Some(stored) => (stored, ConnectionSource::Vault),
            None => return Ok(Target::nowhere()),
        },
    };
    let transport = config.authentik.transport(&stored);
    let transport = transport.map_err(ConfigError::from)?;
    Ok(Target::new(transport, &stored, source))
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
