use serde::{Deserialize, Serialize};

/// Where a change set stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Planned; nothing was written.
    Planned,
    /// Being applied.
    Applying,
    /// Applied.
    Applied,
    /// A step failed, and what the steps before had created was taken back.
    FailedAndUndone,
    /// The process died, or a failed step could not be taken back: something may be left.
    Interrupted,
    /// Being undone.
    Undoing,
    /// Undone.
    Undone,
}

impl State {
    /// The state as text, as in JSON and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Applying => "applying",
            Self::Applied => "applied",
            Self::FailedAndUndone => "failed_and_undone",
            Self::Interrupted => "interrupted",
            Self::Undoing => "undoing",
            Self::Undone => "undone",
        }
    }

    /// All states.
    pub const ALL: [Self; 7] = [
        Self::Planned,
        Self::Applying,
        Self::Applied,
        Self::FailedAndUndone,
        Self::Interrupted,
        Self::Undoing,
        Self::Undone,
    ];

    /// The state of a text.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// The state for people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Planned => "Planned",
            Self::Applying => "Being applied",
            Self::Applied => "Applied",
            Self::FailedAndUndone => "Failed, nothing left behind",
            Self::Interrupted => "Interrupted",
            Self::Undoing => "Being undone",
            Self::Undone => "Undone",
        }
    }

    /// Whether work is going on.
    pub const fn is_running(self) -> bool {
        matches!(self, Self::Applying | Self::Undoing)
    }

    /// Whether it may be applied, for the first time or again after an interruption.
    pub const fn can_apply(self) -> bool {
        matches!(self, Self::Planned | Self::Interrupted)
    }

    /// Whether there may be something to undo.
    pub const fn can_undo(self) -> bool {
        matches!(self, Self::Applied | Self::Interrupted)
    }
}
