//! The command line.

use clap::{Parser, Subcommand};

use crate::config::{ServeFlags, VARIABLES_HELP};

/// Guided set-up console for authentik.
#[derive(Debug, Parser)]
#[command(name = "ostiary", version, about, arg_required_else_help = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the program can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serves the console.
    #[command(after_help = VARIABLES_HELP)]
    Serve(Box<ServeFlags>),
}

/// The help of `ostiary serve`.
#[cfg(test)]
pub(crate) fn serve_help() -> String {
    use clap::CommandFactory as _;
    let mut command = Cli::command();
    let serve = command.find_subcommand_mut("serve").unwrap();
    serve.render_long_help().to_string()
}
