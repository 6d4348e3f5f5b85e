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
    /// Looks after the keys that seal what is stored of authentik. Stop `serve` first.
    Keys {
        /// What to do.
        #[command(subcommand)]
        command: KeysCommand,
    },
    /// Looks after the token of authentik. Stop `serve` first.
    Token {
        /// What to do.
        #[command(subcommand)]
        command: TokenCommand,
    },
    /// Looks after the audit log.
    Audit {
        /// What to do.
        #[command(subcommand)]
        command: AuditCommand,
    },
    /// Looks after the local administrator. Stop `serve` first.
    Administrator {
        /// What to do.
        #[command(subcommand)]
        command: AdministratorCommand,
    },
}

/// What can be done with the audit log.
#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Follows its chain of digests from the beginning, also while the console runs. Ends with 1 where an entry was
    /// changed or taken out.
    Verify {
        /// A digest that was noted before, from here or from the log: must be in the chain.
        #[arg(long, value_name = "DIGEST")]
        noted: Option<String>,
        /// Where the database is.
        #[command(flatten)]
        flags: Box<ServeFlags>,
    },
}

/// What can be done with keys.
#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// Seals everything under a new key.
    Rotate(Box<ServeFlags>),
    /// Removes what is sealed under a key that is lost: the connection to authentik is entered anew.
    Forget(Box<ServeFlags>),
}

/// What can be done with the token.
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Asks authentik whose it is and what it may do.
    Check(Box<ServeFlags>),
}

/// What can be done with the local administrator.
#[derive(Debug, Subcommand)]
pub enum AdministratorCommand {
    /// Removes them, when the passphrase is lost: the next start prints a code for a new one. All else is kept.
    Reset(Box<ServeFlags>),
}

/// The help of `ostiary serve`.
#[cfg(test)]
pub(crate) fn serve_help() -> String {
    use clap::CommandFactory as _;
    let mut command = Cli::command();
    let serve = command.find_subcommand_mut("serve").unwrap();
    serve.render_long_help().to_string()
}
