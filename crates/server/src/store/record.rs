use app::model::ChangeDraft;
use setup::{
    change::{Entry, Plan, State},
    oidc_application::Draft,
};

/// A draft with its secrets.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct StoredDraft {
    pub(crate) id: String,
    pub(crate) draft: Draft,
    /// The change set that was planned from it as it is now.
    pub(crate) change: Option<String>,
    pub(crate) updated_ms: i64,
}

/// A change set to keep.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct NewChange {
    pub(crate) id: String,
    pub(crate) draft_id: Option<String>,
    /// With its secrets.
    pub(crate) draft: ChangeDraft,
    pub(crate) plan: Plan,
}

/// A change set in short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ChangeHead {
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) title: String,
    pub(crate) state: State,
    pub(crate) slug: String,
    pub(crate) preset: String,
    pub(crate) created_ms: i64,
    pub(crate) updated_ms: i64,
}

/// A change set.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct StoredChange {
    pub(crate) head: ChangeHead,
    /// The draft it was planned from, while there is one.
    pub(crate) draft_id: Option<String>,
    /// With its secrets, until it is finished.
    pub(crate) draft: ChangeDraft,
    pub(crate) plan: Plan,
    /// The draft was edited or planned again before this was applied.
    pub(crate) superseded: bool,
}

/// An entry of a journal.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct StoredEntry {
    pub(crate) number: i64,
    pub(crate) at_ms: i64,
    pub(crate) entry: Entry,
}

/// What a change set is taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Work {
    /// Applying, or going on with it.
    Apply,
    /// Undoing, or going on with it.
    Undo,
}

impl Work {
    /// The state while it goes on.
    pub(crate) const fn running(self) -> State {
        match self {
            Self::Apply => State::Applying,
            Self::Undo => State::Undoing,
        }
    }

    /// The state that is wanted.
    pub(crate) const fn goal(self) -> State {
        match self {
            Self::Apply => State::Applied,
            Self::Undo => State::Undone,
        }
    }

    /// Whether it can begin in this state.
    pub(crate) const fn can_begin(self, state: State) -> bool {
        match self {
            Self::Apply => state.can_apply(),
            Self::Undo => state.can_undo(),
        }
    }
}

/// Whether nothing will happen to a change set's inputs any more.
pub(super) const fn is_final(state: State) -> bool {
    matches!(
        state,
        State::Applied | State::FailedAndUndone | State::Undone
    )
}
