//! What goes wrong while somebody signs in with authentik, in words.

use app::error::AppError;
use openidconnect::{ClaimsVerificationError, SignatureVerificationError};

use super::client::HttpError;
use crate::connection::no_answer;

/// Why somebody could not sign in with authentik.
#[derive(Debug, Clone)]
pub(crate) enum Problem {
    /// It is not set up, or for another authentik than the connected one.
    NotSetUp,
    /// Too many people come back at once.
    Busy,
    /// The answer belongs to no attempt of this browser, or came too late.
    Lost,
    /// authentik sent an error instead of a code.
    Denied(String),
    /// authentik did not take the code, or not the client: the error's name.
    Refused(String),
    /// authentik cannot be reached.
    Unreachable(AppError),
    /// What authentik says of itself cannot be used.
    Provider(String),
    /// No key of authentik's made the ID token's signature.
    Key,
    /// The ID token is not right.
    Token(String),
    /// They did not sign in again when they were asked to.
    NotAgain,
    /// Somebody else signed in than the session's owner.
    Other(String),
    /// None of their groups gives a role.
    NoRole(String),
    /// A proxy names somebody whom authentik does not know.
    Unknown(String),
}

impl From<HttpError> for Problem {
    fn from(error: HttpError) -> Self {
        match error {
            HttpError::Transport(error) => Self::Unreachable(no_answer(&error)),
            HttpError::Foreign(_) => Self::Provider(error.to_string()),
        }
    }
}

/// What authentik says of itself is remembered as everything else of it, whose failures are [`AppError`]s.
impl From<Problem> for AppError {
    fn from(problem: Problem) -> Self {
        match problem {
            Problem::Unreachable(error) => error,
            other => {
                let (what, detail) = other.words();
                Self::Upstream {
                    what,
                    detail,
                    status: None,
                }
            }
        }
    }
}

impl From<AppError> for Problem {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Upstream {
                detail,
                status: None,
                ..
            } => Self::Provider(detail),
            other => Self::Unreachable(other),
        }
    }
}

impl From<ClaimsVerificationError> for Problem {
    fn from(error: ClaimsVerificationError) -> Self {
        use SignatureVerificationError::{CryptoError, NoMatchingKey};
        match error {
            ClaimsVerificationError::SignatureVerification(NoMatchingKey | CryptoError(_)) => {
                Self::Key
            }
            ClaimsVerificationError::SignatureVerification(error) => Self::Token(error.to_string()),
            other => Self::Token(other.to_string()),
        }
    }
}

impl Problem {
    /// The same for an administrator, who may know where authentik is and why it cannot be reached.
    pub(crate) fn details(&self) -> (String, String) {
        match self {
            Self::Unreachable(AppError::NotConnected {
                title,
                detail,
                way_out,
            }) => (title.clone(), format!("{way_out} ({detail})")),
            Self::Unreachable(error) => ("This did not work".to_owned(), format!("{error}.")),
            other => other.words(),
        }
    }

    /// What happened, and what to do: a title and a text.
    pub(crate) fn words(&self) -> (String, String) {
        let (title, text) = match self {
            Self::NotSetUp => (
                "Signing in with authentik is not set up",
                "An administrator sets it up under Settings, Sign-in.".to_owned(),
            ),
            Self::Busy => (
                "Too many people come in at once",
                "Try again in a moment.".to_owned(),
            ),
            Self::Lost => (
                "This sign-in was not begun here",
                "It took longer than ten minutes, or another browser or address began it. Try again.".to_owned(),
            ),
            Self::Denied(error) => (
                "authentik did not let you in",
                format!("It says: {error}. Who may open the application Ostiary is set in authentik."),
            ),
            Self::Refused(error) => (
                "authentik did not accept Ostiary",
                format!(
                    "It says: {error}. Try again; if it stays so, the provider was changed in authentik, and signing in has \
                     to be set up again (Settings, Sign-in)."
                ),
            ),
            Self::Unreachable(_) => (
                "This does not work at the moment",
                "Try again later. Ostiary’s log says why, to whoever runs it.".to_owned(),
            ),
            Self::Provider(what) => (
                "authentik's answer cannot be used",
                format!(
                    "{what}. Look whether the application and its provider are still there, and whether the address that \
                     people use for authentik is right (Settings, Connection)."
                ),
            ),
            Self::Key => (
                "authentik's signature is not right",
                "The ID token was signed with none of the keys that authentik publishes. Look whether the provider has a \
                 signing key."
                    .to_owned(),
            ),
            Self::Token(what) => (
                "authentik's ID token is not right",
                format!("{what}. Look whether the clocks of both servers are right, and try again."),
            ),
            Self::NotAgain => (
                "You were not asked again",
                "authentik let you in without asking who you are, which proves nothing. Sign out there, and try again."
                    .to_owned(),
            ),
            Self::Other(name) => (
                "Somebody else signed in",
                format!("authentik knows you as {name}, but this session is somebody else's. Sign out, then sign in again."),
            ),
            Self::Unknown(name) => (
                "authentik does not know you",
                format!(
                    "The proxy in front of Ostiary says that you are {name}. The connected authentik has no active account of \
                     this name: does the proxy belong to another one?"
                ),
            ),
            Self::NoRole(name) => (
                "You have no role in Ostiary",
                format!(
                    "authentik knows you as {name}, but none of your groups there gives a role. An administrator says under \
                     Settings, Sign-in, which groups do."
                ),
            ),
        };
        (title.to_owned(), text)
    }
}
