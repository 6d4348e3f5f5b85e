//! From the signals to the end of the process.

use std::{io::Write as _, net::SocketAddr, sync::Arc, time::Duration};

use anyhow::Context as _;
use tokio::{
    signal::unix::{SignalKind, signal},
    time::timeout,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::entry::{self, Entry};

/// So long work under way may take to finish.
const WORK: Duration = Duration::from_secs(20);
/// So long connections may take to end after that.
pub(crate) const CONNECTIONS: Duration = Duration::from_secs(3);

/// Prints the link that opens the console once: the only thing on the standard output.
pub(crate) fn print_link(address: SocketAddr, entry: &Entry) -> std::io::Result<()> {
    let link = entry::link(&entry.renew());
    let mut out = std::io::stdout().lock();
    writeln!(out, "Open http://{address}{link}")?;
    out.flush()
}

/// Follows the signals: SIGTERM and SIGINT cancel `shutdown`, SIGHUP prints a new link.
///
/// # Errors
/// When signals cannot be followed.
pub(crate) fn follow_signals(
    address: SocketAddr,
    entry: Arc<Entry>,
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
                    if let Err(error) = print_link(address, &entry) {
                        tracing::warn!(%error, "the link cannot be printed");
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
