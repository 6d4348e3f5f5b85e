//! What can go wrong with a call, and what authentik says about it.

use crate::{OperationId, endpoint::BuildError, problem::Problem};

/// Why a call gave no result. `E` is the transport's own error.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error<E> {
    /// The request could not be built; nothing was sent.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// No answer came.
    #[error("no answer from authentik")]
    Transport(#[source] E),
    /// authentik refused, and said why.
    #[error("authentik refused {operation} with status {status}: {problem}")]
    Rejected {
        /// The operation.
        operation: OperationId,
        /// HTTP status, 400 to 599.
        status: u16,
        /// The parsed body.
        problem: Problem,
    },
    /// A successful answer is not what the operation answers.
    #[error("the answer to {operation} could not be read at {path}")]
    Decode {
        /// The operation.
        operation: OperationId,
        /// Where in the JSON document, `results[3].name`; `.` is the whole.
        path: String,
        /// The deserializer's error.
        #[source]
        source: serde_json::Error,
    },
    /// An answer that authentik's API does not give: a web page, a redirect, an empty error.
    #[error("unexpected answer to {operation} with status {status}: {excerpt}")]
    Unexpected {
        /// The operation.
        operation: OperationId,
        /// HTTP status.
        status: u16,
        /// The title or the first words of the body, without markup, at most 160 characters.
        excerpt: String,
    },
    /// A list went on for more pages than a list may have.
    #[error("{operation} goes on after {pages} pages")]
    Endless {
        /// The operation.
        operation: OperationId,
        /// Pages read.
        pages: u32,
    },
}

impl<E> Error<E> {
    /// The HTTP status, when an answer came.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Rejected { status, .. } | Self::Unexpected { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// Whether authentik says that the object does not exist (or may not be seen). The 404 page of
    /// a reverse proxy, or of authentik itself for an unknown path, does not say that.
    pub fn is_not_found(&self) -> bool {
        matches!(
            self,
            Self::Rejected {
                status: 404,
                problem: Problem::Detail(_),
                ..
            }
        )
    }

    /// Whether the credential was refused or lacks a permission; authentik answers 403 for both
    /// (trap T20).
    pub fn is_forbidden(&self) -> bool {
        matches!(self.status(), Some(401 | 403))
    }

    /// Whether the credential itself is refused, whatever is asked: revoked, expired, or its owner
    /// deactivated. authentik answers 403 for that too (trap T20), and its text is what tells it from
    /// a missing permission.
    pub fn is_token_refused(&self) -> bool {
        match self {
            Self::Rejected {
                status: 403,
                problem: Problem::Detail(text),
                ..
            } => text.contains("Token invalid/expired"),
            _ => self.status() == Some(401),
        }
    }

    /// Whether the same read may succeed a little later. Says nothing about writes: those are
    /// never repeated blindly.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Transport(_) => true,
            _ => matches!(self.status(), Some(429 | 500 | 502 | 503 | 504)),
        }
    }

    /// The messages per field of a validation error, by dotted path (`provider.redirect_uris.0.url`).
    pub fn field_errors(&self) -> Option<&std::collections::BTreeMap<String, Vec<String>>> {
        match self {
            Self::Rejected {
                problem: Problem::Fields(fields),
                ..
            } => Some(fields),
            _ => None,
        }
    }
}

/// A page of HTML or text, cut down to words that may be shown: the title where there is one.
pub(crate) fn excerpt(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let lower = text.to_ascii_lowercase();
    let title = lower.find("<title>").and_then(|start| {
        let from = start + "<title>".len();
        let to = lower.get(from..)?.find("</title>")? + from;
        text.get(from..to)
    });
    let mut words = String::new();
    let mut in_tag = false;
    for c in title.unwrap_or(&text).chars() {
        match c {
            '<' => in_tag = true,
            '>' => in_tag = false,
            _ if in_tag => {}
            c if c.is_whitespace() || c.is_control() => {
                if !words.is_empty() && !words.ends_with(' ') {
                    words.push(' ');
                }
            }
            c => words.push(c),
        }
        if words.chars().count() >= 160 {
            break;
        }
    }
    let words = words.trim();
    if words.is_empty() {
        "an empty body".to_owned()
    } else {
        words.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::excerpt;

    #[test]
    fn excerpt_takes_the_title_and_drops_markup() {
        let page = b"<html><head><TITLE>\n Permission denied\n</TITLE></head><body>x</body>";
        assert_eq!(excerpt(page), "Permission denied");
        assert_eq!(excerpt(b"<b>Bad</b> <script>gateway"), "Bad gateway");
        assert_eq!(excerpt(b""), "an empty body");
        assert!(excerpt("ä".repeat(500).as_bytes()).chars().count() <= 160);
    }
}
