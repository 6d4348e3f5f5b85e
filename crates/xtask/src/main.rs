//! Tasks of the workspace: `cargo xtask tools | demo | run | test | e2e | fuzz | load | bench`.

mod bench;
mod build;
mod counts;
mod e2e;
mod fuzz;
mod load;
mod process;
mod serve;
mod size;
mod test;
mod tools;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Tasks of the workspace. `demo` is the one to start with.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Install what is missing: wasm target, cargo-leptos, wasm-bindgen, cargo-nextest, npm packages, Chromium.
    Tools,
    /// Build and start the console against the embedded sandbox, and print one URL to open.
    Demo(serve::Demo),
    /// Build and start the console against the authentik that the environment names.
    Run(serve::Run),
    /// Everything that must hold before a change lands: lints, tests, documents, sizes, browser.
    Test(test::Options),
    /// The end-to-end suite alone; what follows `--` goes to Playwright.
    E2e(e2e::Options),
    /// Let the fuzz targets run for a while.
    Fuzz(fuzz::Options),
    /// Many visitors at once, while authentik is in a bad way.
    Load(load::Options),
    /// Measure the budgets: sizes, proxy against nginx, start, memory, access, upstream calls.
    Bench(bench::Options),
}

fn main() -> ExitCode {
    match task() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            process::say(format_args!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// Does what was asked for; false where what failed was said already.
fn task() -> Result<bool> {
    match Arguments::parse().task {
        Task::Tools => tools::install(tools::Need::Everything)?,
        Task::Demo(options) => serve::demo(&options)?,
        Task::Run(options) => serve::run(&options)?,
        Task::Test(options) => return Ok(test::run(&options)),
        Task::E2e(options) => e2e::run(&options)?,
        Task::Fuzz(options) => fuzz::run(&options)?,
        Task::Load(options) => load::run(&options)?,
        Task::Bench(options) => bench::run(&options)?,
    }
    Ok(true)
}
