//! Starting the console.

use std::{ffi::OsString, process::Command};

use anyhow::{Result, bail};
use clap::Args;

use crate::{
    build::{self, Profile},
    process::say,
    tools::{self, Need},
    workspace,
};

/// Options of `demo`.
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Version of authentik that the sandbox acts as.
    #[arg(long, default_value = "2026.5", value_parser = ["2023.10", "2025.10", "2026.5"])]
    version: String,
    /// More options for `ostiary serve`, after `--`.
    #[arg(last = true)]
    more: Vec<OsString>,
}

/// Options of `run`.
#[derive(Debug, Args)]
pub(crate) struct Run {
    /// More options for `ostiary serve`, after `--`.
    #[arg(last = true)]
    more: Vec<OsString>,
}

/// The console against the embedded sandbox.
///
/// # Errors
/// When it cannot be built, or ends badly.
pub(crate) fn demo(options: &Demo) -> Result<()> {
    let mut arguments = vec![OsString::from(format!("--demo={}", options.version))];
    arguments.extend(options.more.iter().cloned());
    serve(&arguments)
}

/// The console against a real authentik, named by the environment.
///
/// # Errors
/// When it cannot be built, or ends badly.
pub(crate) fn run(options: &Run) -> Result<()> {
    serve(&options.more)
}

fn serve(arguments: &[OsString]) -> Result<()> {
    tools::install(Need::Build)?;
    let program = build::console(Profile::Dev)?;
    say("Starting. Ctrl-C ends it.\n");
    let mut server = Command::new(program);
    server
        .arg("serve")
        .args(arguments)
        .current_dir(workspace::root());
    // Ctrl-C reaches the server too: it is in the same process group, and ends in good order.
    let status = server.status()?;
    if !status.success() && status.code().is_some() {
        bail!("the console ended with {status}");
    }
    Ok(())
}
