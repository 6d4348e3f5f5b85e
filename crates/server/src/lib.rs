#![doc = include_str!("../README.md")]

mod api;
mod api_key;
mod app_side;
mod assets;
mod audit;
mod changes;
mod checks;
pub mod cli;
mod clock;
mod commands;
pub mod config;
mod connection;
mod console;
mod demo;
mod enter;
mod forward_auth;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
mod gate;
mod health;
mod icons;
mod identity;
mod lifecycle;
mod limits;
mod log;
mod memo;
mod middleware;
mod oidc;
mod pages;
mod presets;
mod privilege;
mod proxy;
mod random;
mod refusal;
mod router;
mod scope;
mod serve;
mod server;
mod session;
mod settings;
mod snapshots;
mod ssr;
mod state;
mod store;
mod theme;
mod vault;
mod visit;
mod world;

pub use self::server::Server;

use anyhow::Context as _;
use tokio::net::TcpListener;

use self::{
    cli::{AdministratorCommand, AuditCommand, Command, KeysCommand, TokenCommand},
    config::{Config, ServeFlags},
};

/// Does what the command line says.
///
/// # Errors
/// What keeps it from being done.
pub async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Serve(flags) => serve(&flags).await,
        Command::Keys { command } => match command {
            KeysCommand::Rotate(flags) => commands::rotate_keys(&flags).await,
            KeysCommand::Forget(flags) => commands::forget_sealed(&flags).await,
        },
        Command::Token { command } => match command {
            TokenCommand::Check(flags) => commands::check_token(&flags).await,
        },
        Command::Audit { command } => match command {
            AuditCommand::Verify { noted, flags } => {
                commands::verify_audit(&flags, noted.as_deref()).await
            }
        },
        Command::Administrator { command } => match command {
            AdministratorCommand::Reset(flags) => commands::reset_administrator(&flags).await,
        },
    }
}

/// Serves the console until SIGTERM or SIGINT.
///
/// # Errors
/// When the configuration is wrong, or the port or the database cannot be had.
async fn serve(flags: &ServeFlags) -> anyhow::Result<()> {
    let config = Config::load(flags)?;
    log::start(&config)?;
    let listener = TcpListener::bind(config.listen).await;
    let listener = listener.with_context(|| format!("cannot listen on {}", config.listen))?;
    Server::start(config).await?.run(listener).await
}
