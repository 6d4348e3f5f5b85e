//! Logs: to the standard error, for people or as JSON.

use std::io::IsTerminal as _;

use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt as _, util::SubscriberInitExt as _};

use crate::config::{Config, LogFormat};

/// Starts logging, once per process.
///
/// # Errors
/// When the filter cannot be read, or logging was started before.
pub(crate) fn start(config: &Config) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&config.log)
        .map_err(|error| anyhow::anyhow!("log: `{}` is no filter: {error}", config.log))?;
    let registry = tracing_subscriber::registry().with(filter);
    match config.log_format {
        LogFormat::Text => {
            let colours = std::io::stderr().is_terminal();
            registry
                .with(fmt::layer().with_ansi(colours).with_writer(std::io::stderr))
                .try_init()?;
        }
        LogFormat::Json => {
            registry
                .with(fmt::layer().json().with_writer(std::io::stderr))
                .try_init()?;
        }
    }
    Ok(())
}
