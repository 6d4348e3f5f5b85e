//! The end-to-end suite in a real browser.

use std::{ffi::OsString, fs, path::PathBuf};

use anyhow::{Context as _, Result};
use clap::Args;

use crate::{
    build::{self, Profile},
    process::{command, run as run_command},
    tools::{self, Need},
    workspace,
};

/// Options of `e2e`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Options for Playwright, after `--`: file names, `--project js`, `--grep`.
    #[arg(last = true)]
    playwright: Vec<OsString>,
}

/// Builds and tests.
///
/// # Errors
/// When something does not compile or a test fails.
pub(crate) fn run(options: &Options) -> Result<()> {
    tools::install(Need::Everything)?;
    suite(&options.playwright)
}

/// Builds the console as `demo` does and runs Playwright on it.
///
/// # Errors
/// When something does not compile or a test fails.
pub(crate) fn suite(arguments: &[OsString]) -> Result<()> {
    let program = build::console(Profile::Dev)?;
    let chromium = tools::chromium().context("no Chromium: cargo xtask tools")?;
    let _ = fs::remove_file(report());
    let mut playwright = command("playwright", &["test"])?;
    playwright
        .args(arguments)
        .current_dir(workspace::root().join("end2end"))
        .env("OSTIARY_BIN", program)
        .env("OSTIARY_CHROMIUM", chromium)
        .env("OSTIARY_COUNTS", report());
    run_command(&mut playwright)
}

/// How many specs ran with and without JavaScript, as the suite's reporter wrote it.
pub(crate) fn counts() -> Vec<String> {
    fs::read_to_string(report())
        .map(|text| text.lines().map(str::to_owned).collect())
        .unwrap_or_default()
}

fn report() -> PathBuf {
    workspace::target().join("e2e/counts.txt")
}
