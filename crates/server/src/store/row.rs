//! Rows of the SQLite tables, and the JSON in them.

use serde::{Serialize, de::DeserializeOwned};
use setup::change::State;
use sqlx::{FromRow, Row as _, sqlite::SqliteRow};

use super::{ChangeHead, StoreError, StoredChange, StoredDraft};

type Result<T> = std::result::Result<T, StoreError>;

/// A row of `drafts`, JSON unread.
#[derive(FromRow)]
pub(super) struct DraftRow {
    id: String,
    draft: String,
    change_id: Option<String>,
    updated_ms: i64,
}

impl DraftRow {
    pub(super) fn read(self) -> Result<StoredDraft> {
        Ok(StoredDraft {
            draft: from_json(&self.draft, || format!("draft {}", self.id))?,
            id: self.id,
            change: self.change_id,
            updated_ms: self.updated_ms,
        })
    }
}

impl FromRow<'_, SqliteRow> for ChangeHead {
    fn from_row(row: &SqliteRow) -> sqlx::Result<Self> {
        let state: String = row.try_get("state")?;
        Ok(Self {
            id: row.try_get("id")?,
            kind: row.try_get("kind")?,
            title: row.try_get("title")?,
            state: known_state(&state),
            slug: row.try_get("slug")?,
            preset: row.try_get("preset")?,
            created_ms: row.try_get("created_ms")?,
            updated_ms: row.try_get("updated_ms")?,
        })
    }
}

/// A state out of its column. With one of a later version nobody should touch the change set.
pub(super) fn known_state(text: &str) -> State {
    State::parse(text).unwrap_or(State::Interrupted)
}

/// A change set out of its row.
pub(super) fn change(row: &SqliteRow) -> Result<StoredChange> {
    let head = ChangeHead::from_row(row)?;
    let what = || format!("change set {}", head.id);
    Ok(StoredChange {
        draft_id: row.try_get("draft_id")?,
        draft: from_json(row.try_get("draft")?, what)?,
        plan: from_json(row.try_get("plan")?, what)?,
        superseded: row.try_get("superseded")?,
        head,
    })
}

pub(super) fn to_json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(StoreError::Write)
}

pub(super) fn from_json<T: DeserializeOwned>(text: &str, what: impl Fn() -> String) -> Result<T> {
    serde_json::from_str(text).map_err(|source| StoreError::Unreadable {
        what: what(),
        source,
    })
}
