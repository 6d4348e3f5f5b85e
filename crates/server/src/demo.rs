//! The demo: a sandbox in the same process, on a port of its own.

use std::net::Ipv4Addr;

use anyhow::Context as _;
use sandbox::{PASSWORD, Sandbox};
use tokio::{net::TcpListener, task::AbortHandle};

use crate::{clock, config::Config};

/// A running sandbox; ends when it is dropped.
#[derive(Debug)]
pub(crate) struct Demo {
    task: AbortHandle,
}

impl Drop for Demo {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Starts the sandbox with its sample data, and points the configuration at it.
///
/// # Errors
/// When there is no such version, or no port to be had.
pub(crate) async fn start(config: &mut Config) -> anyhow::Result<Demo> {
    let version = config.demo_version.parse().context("demo_version")?;
    let people = usize::try_from(config.demo_people)?;
    let sandbox = if people == 0 {
        Sandbox::with_sample_data(version, config.demo_seed)
    } else {
        Sandbox::with_company(version, config.demo_seed, people)
    };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
    let listener = listener.context("the sandbox finds no port to listen on")?;
    let address = listener.local_addr()?;
    let authentik = &mut config.authentik;
    authentik.url = Some(format!("http://{address}").parse()?);
    authentik.public_url = None;
    authentik.token = Some(sandbox.admin_token().into());
    authentik.token_file = None;
    tracing::info!(%address, %version, password = PASSWORD, "sandbox");
    // Its tokens are looked at by the clock of this machine.
    sandbox.set_clock(|| clock::now_ms() / 1000);
    let deliver = sandbox.clone().deliver_logouts();
    let task = tokio::spawn(async move {
        let served = tokio::select! {
            served = sandbox.serve(listener) => served,
            () = deliver => Ok(()),
        };
        if let Err(error) = served {
            tracing::error!(%error, "the sandbox ended");
        }
    });
    Ok(Demo {
        task: task.abort_handle(),
    })
}
