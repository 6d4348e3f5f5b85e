//! Risks and remarks that a plan, a check or a page shows.

use serde::{Deserialize, Serialize};

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Good to know.
    Info,
    /// Works, with a risk or a surprise.
    Warning,
    /// Will not work, or leaves something open that should not be.
    Danger,
}

/// One risk or remark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Stable name, `no-signing-key`.
    pub id: String,
    /// How much it matters.
    pub severity: Severity,
    /// The finding in one line.
    pub title: String,
    /// Why it matters.
    pub explanation: String,
    /// What to do about it; empty when nothing needs doing.
    pub way_out: String,
}

impl Finding {
    /// A finding without a way out.
    pub fn new(
        severity: Severity,
        id: &str,
        title: impl Into<String>,
        explanation: impl Into<String>,
    ) -> Self {
        Self {
            id: id.to_owned(),
            severity,
            title: title.into(),
            explanation: explanation.into(),
            way_out: String::new(),
        }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn way_out(mut self, text: impl Into<String>) -> Self {
        self.way_out = text.into();
        self
    }
}
