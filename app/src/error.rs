//! The one error that pages see.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::JsonEncoding;
use setup::FieldErrors;

use crate::visitor::Role;

/// Why a page or an action has nothing to show. Comes back in the address when a form fails.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
pub enum AppError {
    /// authentik cannot be used at the moment: not reachable, or the token is refused.
    #[error("{title}")]
    NotConnected {
        /// What is wrong, in one line: `authentik does not answer`.
        title: String,
        /// What was asked and what came back.
        detail: String,
        /// What to do.
        way_out: String,
    },
    /// authentik does not accept the token, or no longer.
    #[error("{title}")]
    TokenRefused {
        /// That, in one line.
        title: String,
        /// What was asked and what came back.
        detail: String,
        /// What to do.
        way_out: String,
    },
    /// authentik answered a single question with an error.
    #[error("{what}: {detail}")]
    Upstream {
        /// What could not be done.
        what: String,
        /// What came back.
        detail: String,
        /// HTTP status, when an answer came.
        status: Option<u16>,
    },
    /// The token is no superuser's: authentik would answer questions about access with a part of the
    /// truth, without saying so (trap T8).
    #[error("The token belongs to “{username}”, who is no superuser")]
    NotSuperuser {
        /// Login name of the token's owner.
        username: String,
    },
    /// There is no such thing.
    #[error("There is no {0}")]
    NotFound(
        /// What was looked for, without article: `change set 12`.
        String,
    ),
    /// The draft is not complete or not right.
    #[error("{0}")]
    Invalid(FieldErrors),
    /// It cannot be done in the present state.
    #[error("{0}")]
    Conflict(
        /// Why not, and what to do.
        String,
    ),
    /// The session is over.
    #[error("Your session is over")]
    SignedOut,
    /// The visitor's role does not allow it.
    #[error("{name} is {role} here and may not do this")]
    Forbidden {
        /// Who.
        name: String,
        /// What they are.
        role: Role,
    },
    /// The visitor is an operator, and administrators chose what operators may change.
    #[error("“{step}” is not yours to do: operators may change {scope} here. Ask an administrator")]
    OutOfScope {
        /// Title of the step that goes too far.
        step: String,
        /// What they may change, in words.
        scope: String,
    },
    /// The visitor has to prove first who they are.
    #[error("Prove first that it is you")]
    StepUp,
    /// The server of the console failed.
    #[error("The console met an internal error")]
    Internal(
        /// What failed, without secrets.
        String,
    ),
}

impl AppError {
    /// Whether nobody knows what authentik would say: it does not answer, or fails. What it said before
    /// may be shown then, with its age.
    pub fn is_silence(&self) -> bool {
        match self {
            Self::NotConnected { .. } => true,
            Self::Upstream { status, .. } => matches!(status, Some(500..=599)),
            _ => false,
        }
    }
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        Self::Internal(error.to_string())
    }
}
