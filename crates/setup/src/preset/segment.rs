//! Rendered text whose secrets can be masked.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What is shown instead of a secret.
pub const MASK: &str = "••••••••";

/// A piece of rendered text.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Segment {
    /// Text that anybody may see.
    Text(String),
    /// A secret, written as it has to appear at this place (quoted and escaped).
    Secret {
        /// The placeholder it came from, such as `client_secret`.
        name: String,
        /// The escaped value.
        value: String,
    },
}

impl fmt::Debug for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.debug_tuple("Text").field(text).finish(),
            Self::Secret { name, .. } => f.debug_tuple("Secret").field(name).finish(),
        }
    }
}

/// The text with its secrets, for copying and downloading.
pub fn plain_text(segments: &[Segment]) -> String {
    segments
        .iter()
        .map(|segment| match segment {
            Segment::Text(text) => text.as_str(),
            Segment::Secret { value, .. } => value.as_str(),
        })
        .collect()
}

/// The text with [`MASK`] in place of every secret.
pub fn masked_text(segments: &[Segment]) -> String {
    segments
        .iter()
        .map(|segment| match segment {
            Segment::Text(text) => text.as_str(),
            Segment::Secret { .. } => MASK,
        })
        .collect()
}
