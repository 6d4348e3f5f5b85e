//! `ostiary`: the command.

use clap::Parser as _;
use server::cli::Cli;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    server::run(Cli::parse().command).await
}
