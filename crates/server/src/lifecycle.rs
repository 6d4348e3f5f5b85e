//! From the signals to the end of the process.

use std::{io::Write as _, net::SocketAddr, time::Duration};

use anyhow::Context as _;
use app::links::FIRST_RUN;
use tokio::{
    signal::unix::{SignalKind, signal},
    time::timeout,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{clock, config, enter, state::AppState};

/// So long work under way may take to finish.
const WORK: Duration = Duration::from_secs(20);
/// So long connections may take to end after that.
pub(crate) const CONNECTIONS: Duration = Duration::from_secs(3);

/// The way in for whoever can read what the process prints: the one-time link, or before there is an
/// account the code for the first one.
#[derive(Clone)]
pub(crate) struct Invitation {
    state: AppState,
    /// Address that people open.
    base: String,
}

impl Invitation {
    pub(crate) fn new(state: AppState, address: SocketAddr) -> Self {
        let base = match &state.public_url {
            Some(url) => url.as_str().trim_end_matches('/').to_owned(),
            None => format!("http://{address}"),
        };
        Self { state, base }
    }

    /// Prints it: the only thing on the standard output.
    pub(crate) async fn print(&self) -> anyhow::Result<()> {
        let base = &self.base;
        let text = match self.state.way_in {
            config::Entry::Link => {
                format!("Open {base}{}", enter::link(&self.state))
            }
            config::Entry::SignIn if self.state.identity.is_set_up().await? => {
                format!("Open {base}/")
            }
            config::Entry::SignIn => {
                let code = self.state.identity.code.for_setup(clock::now_ms());
                format!(
                    "Open {base}{FIRST_RUN} and set Ostiary up with the code {code} (once, within 15 minutes)"
                )
            }
        };
        let mut out = std::io::stdout().lock();
        writeln!(out, "{text}")?;
        Ok(out.flush()?)
    }
}

/// Follows the signals: SIGTERM and SIGINT cancel `shutdown`, SIGHUP prints the way in anew.
///
/// # Errors
/// When signals cannot be followed.
pub(crate) fn follow_signals(
    invitation: Invitation,
    shutdown: CancellationToken,
) -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate()).context("SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("SIGINT")?;
    let mut hang_up = signal(SignalKind::hangup()).context("SIGHUP")?;
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = terminate.recv() => break,
                _ = interrupt.recv() => break,
                _ = hang_up.recv() => {
                    if let Err(error) = invitation.print().await {
                        tracing::warn!(%error, "the way in cannot be printed");
                    }
                }
            }
        }
        tracing::info!("shutting down");
        shutdown.cancel();
    });
    Ok(())
}

/// Waits until no work is under way. What is not finished in time is interrupted, and offered for
/// resumption at the next start.
pub(crate) async fn finish_work(tasks: &TaskTracker) {
    tasks.close();
    if !tasks.is_empty() {
        tracing::info!(change_sets = tasks.len(), "waiting for work under way");
    }
    if timeout(WORK, tasks.wait()).await.is_err() {
        tracing::warn!("work under way is not finished: it can be resumed after the next start");
    }
}
