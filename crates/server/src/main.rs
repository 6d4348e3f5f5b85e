//! `ostiary`: the command.

use clap::Parser as _;
use server::cli::{Cli, Command};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    match Cli::parse().command {
        Command::Serve(flags) => server::serve(&flags).await,
    }
}
