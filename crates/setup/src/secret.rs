//! A text that must not be shown by accident.

use serde::{Deserialize, Serialize};

/// A secret that a person typed. `Debug` and `Display` hide it; it is serialized in clear, since
/// the draft that holds it has to survive a restart.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// What is shown in a secret's place.
    pub const MASK: &'static str = "••••••••";

    /// Wraps a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(Self::MASK)
    }
}
