//! Who reads an answer that a middleware gives: a person, a page's script, or a program.

use app::error::AppError;
use axum::{
    Json,
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, StatusCode, Uri, header::ACCEPT};

use crate::{pages::Page, refusal::Refusal};

/// Who reads the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Audience {
    /// A person with a browser: a page.
    Person,
    /// A server function's caller: [`AppError`] as JSON.
    Script,
    /// A program: the API's form of errors.
    Program,
}

/// What keeps a request from being answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotAllowed {
    /// No session.
    SignedOut,
    /// Whether the session's owner still has a role is not known: authentik does not answer.
    Unconfirmed,
    /// The session's role is not enough.
    Role,
    /// Sent by a foreign page.
    Foreign,
    /// The body is larger than bodies may be.
    TooLarge,
    /// A handler panicked.
    Failed,
    /// A handler took too long.
    Slow,
    /// The request names another server.
    Misdirected,
}

impl Audience {
    pub(crate) fn of(uri: &Uri, headers: &HeaderMap) -> Self {
        let path = uri.path();
        if path == "/api" || path.starts_with("/api/") {
            return Self::Program;
        }
        let accepts = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok());
        match accepts {
            Some(accept) if accept.contains("text/html") => Self::Person,
            // A script that calls a server function asks for JSON.
            Some(accept) if accept.contains("application/json") => Self::Script,
            _ => Self::Person,
        }
    }

    /// The answer in the reader's form.
    pub(crate) fn refuse(self, why: NotAllowed) -> Response {
        match self {
            Self::Person => why.page().with(why.status()),
            Self::Script => (why.status(), Json(why.app_error())).into_response(),
            Self::Program => why.refusal().into_response(),
        }
    }
}

impl NotAllowed {
    const fn status(self) -> StatusCode {
        match self {
            Self::SignedOut => StatusCode::UNAUTHORIZED,
            Self::Role | Self::Foreign => StatusCode::FORBIDDEN,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Failed => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Unconfirmed => StatusCode::SERVICE_UNAVAILABLE,
            Self::Slow => StatusCode::GATEWAY_TIMEOUT,
            Self::Misdirected => StatusCode::MISDIRECTED_REQUEST,
        }
    }

    const fn page(self) -> Page {
        match self {
            Self::SignedOut => Page::SignedOut,
            Self::Role => Page::Role,
            Self::Unconfirmed => Page::Unconfirmed,
            Self::Foreign => Page::Foreign,
            Self::TooLarge => Page::TooLarge,
            Self::Failed => Page::Failed,
            Self::Slow => Page::Slow,
            Self::Misdirected => Page::Misdirected,
        }
    }

    const fn text(self) -> &'static str {
        match self {
            Self::SignedOut => "There is no session, or it is over.",
            Self::Unconfirmed => {
                "authentik does not answer, so Ostiary cannot make sure that you may still be here. Nothing was done."
            }
            Self::Role => "Your role does not allow this, so nothing was done.",
            Self::Foreign => "The request was sent by a foreign page, so nothing was done.",
            Self::TooLarge => "The request is larger than 256 kB, so nothing was done.",
            Self::Failed => "Ostiary met an internal error; its log says what happened.",
            Self::Slow => "Ostiary has waited a minute for an answer. Work that was begun goes on.",
            Self::Misdirected => {
                "Ostiary does not go by the name in Host. It answers at localhost, at 127.0.0.1 and at \
                 the public address that it was given."
            }
        }
    }

    fn app_error(self) -> AppError {
        match self {
            Self::SignedOut => AppError::SignedOut,
            other => AppError::Internal(other.text().to_owned()),
        }
    }

    fn refusal(self) -> Refusal {
        let code = match self {
            Self::SignedOut => return Refusal::signed_out(),
            Self::Role => "forbidden",
            Self::Unconfirmed => "unconfirmed",
            Self::Foreign => "foreign",
            Self::TooLarge => "too_large",
            Self::Failed => "internal",
            Self::Slow => "timeout",
            Self::Misdirected => "misdirected",
        };
        Refusal::new(self.status(), code, self.text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn audience_is_told_by_path_and_accept() {
        for (path, accept, expected) in [
            ("/api/changes", "text/html", Audience::Program),
            ("/apis", "text/html", Audience::Person),
            ("/", "text/html,application/xhtml+xml", Audience::Person),
            ("/_fn/wizard/apply", "application/json", Audience::Script),
            ("/", "*/*", Audience::Person),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT, accept.parse().unwrap());
            assert_eq!(
                Audience::of(&path.parse().unwrap(), &headers),
                expected,
                "{path} {accept}"
            );
        }
    }
}
