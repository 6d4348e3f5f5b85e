#![doc = include_str!("../README.md")]

mod api;
mod app_side;
mod assets;
mod changes;
mod checks;
pub mod cli;
mod clock;
pub mod config;
mod connection;
mod console;
mod demo;
mod enter;
mod entry;
mod health;
mod icons;
mod lifecycle;
mod limits;
mod log;
mod memo;
mod middleware;
mod pages;
mod presets;
mod proxy;
mod random;
mod refusal;
mod router;
mod server;
mod session;
mod snapshots;
mod ssr;
mod state;
mod store;
mod theme;
mod world;

pub use self::server::Server;

use anyhow::Context as _;
use tokio::net::TcpListener;

use self::config::{Config, ServeFlags};

/// Serves the console until SIGTERM or SIGINT.
///
/// # Errors
/// When the configuration is wrong, or the port or the database cannot be had.
pub async fn serve(flags: &ServeFlags) -> anyhow::Result<()> {
    let config = Config::load(flags)?;
    log::start(&config)?;
    let listener = TcpListener::bind(config.listen).await;
    let listener = listener.with_context(|| format!("cannot listen on {}", config.listen))?;
    Server::start(config).await?.run(listener).await
}
