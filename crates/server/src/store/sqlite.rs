//! The store in SQLite: one file, or memory.

use std::{fs::OpenOptions, path::Path, sync::Arc, time::Duration};

use setup::{
    change::{Entry, State},
    oidc_application::Draft,
};
use sqlx::{
    SqlitePool, SqliteTransaction, query, query_as, query_scalar,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{
    ChangeHead, DraftEdit, NewChange, Store, StoreError, StoredChange, StoredDraft, StoredEntry,
    Work,
    lock::{self, Lock},
    record::is_final,
    row::{DraftRow, change, from_json, known_state, to_json},
};

/// A store in SQLite. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct SqliteStore {
    pub(super) pool: SqlitePool,
    _lock: Option<Arc<Lock>>,
}

type Result<T> = std::result::Result<T, StoreError>;

impl SqliteStore {
    /// Opens a database file, which is made if there is none, readable by its owner only.
    ///
    /// # Errors
    /// When another process has it open, or it cannot be made, opened or brought up to date.
    pub(crate) async fn open(path: &Path) -> Result<Self> {
        let failed = |source| StoreError::File {
            path: path.display().to_string(),
            source,
        };
        if let Some(folder) = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
        {
            std::fs::create_dir_all(folder).map_err(failed)?;
        }
        let lock = Lock::take(path)?;
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).write(true);
        lock::private(&mut options);
        drop(options.open(path).map_err(failed)?);
        let options = SqliteConnectOptions::new()
            .filename(path)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full);
        Self::connect(options, 4, Some(Arc::new(lock))).await
    }

    /// Opens a database file for reading, also while another process uses it.
    ///
    /// # Errors
    /// When there is none, or it cannot be read.
    pub(crate) async fn read_only(path: &Path) -> Result<Self> {
        let options = SqliteConnectOptions::new().filename(path).read_only(true);
        let pool = SqlitePoolOptions::new().max_connections(1);
        Ok(Self {
            pool: pool.connect_with(options).await?,
            _lock: None,
        })
    }

    /// A database that ends with the process.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(crate) async fn in_memory() -> Result<Self> {
        Self::connect(SqliteConnectOptions::new().in_memory(true), 1, None).await
    }

    async fn connect(
        options: SqliteConnectOptions,
        connections: u32,
        lock: Option<Arc<Lock>>,
    ) -> Result<Self> {
        let options = options
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10))
            .pragma("secure_delete", "ON");
        // No `min_connections`: the pool would open one in the background at the same time, and of two
        // that switch a new file to WAL one fails as locked, whatever the timeout.
        let pool = SqlitePoolOptions::new()
            .max_connections(connections)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options)
            .await?;
        sqlx::migrate!("./migrations").run(&pool).await?;
        Ok(Self { pool, _lock: lock })
    }

    /// Ends all connections, with what is left to do for a clean file.
    pub(crate) async fn close(&self) {
        self.pool.close().await;
    }

    /// Executes a statement that no caller of the store could.
    #[cfg(test)]
    pub(crate) async fn execute_raw(&self, statement: &'static str) {
        query(statement).execute(&self.pool).await.unwrap();
    }

    /// A transaction that may write from its beginning on.
    pub(super) async fn write(&self) -> Result<SqliteTransaction<'static>> {
        Ok(self.pool.begin_with("BEGIN IMMEDIATE").await?)
    }
}

const DRAFT_COLUMNS: &str = "SELECT id, draft, change_id, updated_ms FROM drafts WHERE id = ?";
const CHANGE_COLUMNS: &str = "SELECT c.id, c.kind, c.title, c.state, c.slug, c.preset, \
     d.id AS draft_id, c.draft, c.plan, c.superseded, c.created_ms, c.updated_ms \
     FROM change_sets c LEFT JOIN drafts d ON d.id = c.draft_id WHERE c.id = ?";

/// Sets aside what was planned from a draft and not applied, with its secrets.
async fn supersede(transaction: &mut SqliteTransaction<'static>, draft_id: &str) -> Result<()> {
    query(
        "UPDATE change_sets SET superseded = 1, draft = json_remove(draft, '$.client_secret') \
         WHERE draft_id = ? AND state = 'planned'",
    )
    .bind(draft_id)
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

impl Store for SqliteStore {
    async fn create_draft(&self, id: &str, draft: &Draft, at_ms: i64) -> Result<()> {
        query("INSERT INTO drafts (id, draft, created_ms, updated_ms) VALUES (?, ?, ?, ?)")
            .bind(id)
            .bind(to_json(draft)?)
            .bind(at_ms)
            .bind(at_ms)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    async fn draft(&self, id: &str) -> Result<Option<StoredDraft>> {
        let row: Option<DraftRow> = query_as(DRAFT_COLUMNS)
            .bind(id)
            .fetch_optional(&self.pool)
            .await?;
        row.map(DraftRow::read).transpose()
    }

    async fn drafts(&self) -> Result<Vec<StoredDraft>> {
        let rows: Vec<DraftRow> = query_as(
            "SELECT id, draft, change_id, updated_ms FROM drafts ORDER BY updated_ms DESC, id",
        )
        .fetch_all(&self.pool)
        .await?;
        let read = rows.into_iter().filter_map(|row| match row.read() {
            Err(StoreError::Unreadable { what, .. }) => {
                tracing::warn!(what, "left out: made by another version");
                None
            }
            read => Some(read),
        });
        read.collect()
    }

    async fn edit_draft(
        &self,
        id: &str,
        edit: DraftEdit,
        at_ms: i64,
    ) -> Result<Option<StoredDraft>> {
        let mut transaction = self.write().await?;
        let row: Option<DraftRow> = query_as(DRAFT_COLUMNS)
            .bind(id)
            .fetch_optional(&mut *transaction)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let mut stored = row.read()?;
        edit(&mut stored.draft);
        stored.change = None;
        stored.updated_ms = at_ms;
        query("UPDATE drafts SET draft = ?, change_id = NULL, updated_ms = ? WHERE id = ?")
            .bind(to_json(&stored.draft)?)
            .bind(at_ms)
            .bind(id)
            .execute(&mut *transaction)
            .await?;
        supersede(&mut transaction, id).await?;
        transaction.commit().await?;
        Ok(Some(stored))
    }

    async fn delete_draft(&self, id: &str) -> Result<bool> {
        let mut transaction = self.write().await?;
        supersede(&mut transaction, id).await?;
        let deleted = query("DELETE FROM drafts WHERE id = ?")
            .bind(id)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(deleted.rows_affected() > 0)
    }

    async fn create_change(&self, change: &NewChange, at_ms: i64) -> Result<()> {
        let mut transaction = self.write().await?;
        if let Some(draft_id) = &change.draft_id {
            supersede(&mut transaction, draft_id).await?;
            query("UPDATE drafts SET change_id = ? WHERE id = ?")
                .bind(&change.id)
                .bind(draft_id)
                .execute(&mut *transaction)
                .await?;
        }
        query(
            "INSERT INTO change_sets (id, kind, title, state, slug, preset, draft_id, draft, plan, \
             created_ms, updated_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(&change.id)
        .bind(change.draft.kind())
        .bind(&change.plan.title)
        .bind(State::Planned.as_str())
        .bind(change.draft.slug())
        .bind(change.draft.preset())
        .bind(&change.draft_id)
        .bind(to_json(&change.draft)?)
        .bind(to_json(&change.plan)?)
        .bind(at_ms)
        .bind(at_ms)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(())
    }

    async fn change(&self, id: &str) -> Result<Option<StoredChange>> {
        let row = query(CHANGE_COLUMNS)
            .bind(id)
            .fetch_optional(&self.pool)
            .await?;
        row.as_ref().map(change).transpose()
    }

    async fn state(&self, change: &str) -> Result<Option<State>> {
        let state: Option<String> = query_scalar("SELECT state FROM change_sets WHERE id = ?")
            .bind(change)
            .fetch_optional(&self.pool)
            .await?;
        Ok(state.map(|state| known_state(&state)))
    }

    async fn changes(&self) -> Result<Vec<ChangeHead>> {
        Ok(query_as(
            "SELECT id, kind, title, state, slug, preset, created_ms, updated_ms FROM change_sets \
             WHERE superseded = 0 ORDER BY created_ms DESC, id",
        )
        .fetch_all(&self.pool)
        .await?)
    }

    async fn latest_applied(&self, slug: &str) -> Result<Option<StoredChange>> {
        let id: Option<String> = query_scalar(
            "SELECT id FROM change_sets WHERE slug = ? AND state = 'applied' \
             ORDER BY updated_ms DESC, id LIMIT 1",
        )
        .bind(slug)
        .fetch_optional(&self.pool)
        .await?;
        match id {
            Some(id) => self.change(&id).await,
            None => Ok(None),
        }
    }

    async fn entries(&self, change: &str, after: i64) -> Result<Vec<StoredEntry>> {
        let rows: Vec<(i64, i64, String)> = query_as(
            "SELECT number, at_ms, entry FROM journal_entries \
             WHERE change_id = ? AND number > ? ORDER BY number",
        )
        .bind(change)
        .bind(after)
        .fetch_all(&self.pool)
        .await?;
        let read = rows.into_iter().map(|(number, at_ms, entry)| {
            let entry = from_json(&entry, || format!("journal of change set {change}"))?;
            Ok(StoredEntry {
                number,
                at_ms,
                entry,
            })
        });
        read.collect()
    }

    async fn begin(&self, change: &str, work: Work, at_ms: i64) -> Result<bool> {
        let mut transaction = self.write().await?;
        let state: Option<String> =
            query_scalar("SELECT state FROM change_sets WHERE id = ? AND superseded = 0")
                .bind(change)
                .fetch_optional(&mut *transaction)
                .await?;
        let state = state.as_deref().and_then(State::parse);
        if !state.is_some_and(|state| work.can_begin(state)) {
            return Ok(false);
        }
        query("UPDATE change_sets SET state = ?, updated_ms = ? WHERE id = ?")
            .bind(work.running().as_str())
            .bind(at_ms)
            .bind(change)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(true)
    }

    async fn record(&self, change: &str, entry: &Entry, at_ms: i64) -> Result<StoredEntry> {
        let mut transaction = self.write().await?;
        let number: i64 = query_scalar(
            "INSERT INTO journal_entries (change_id, number, at_ms, entry) \
             SELECT ?1, COALESCE(MAX(number), 0) + 1, ?2, ?3 FROM journal_entries \
             WHERE change_id = ?1 RETURNING number",
        )
        .bind(change)
        .bind(at_ms)
        .bind(to_json(entry)?)
        .fetch_one(&mut *transaction)
        .await?;
        if let Entry::Reached { state } = entry {
            reach(&mut transaction, change, *state, at_ms).await?;
        }
        transaction.commit().await?;
        Ok(StoredEntry {
            number,
            at_ms,
            entry: entry.clone(),
        })
    }

    async fn running(&self) -> Result<Vec<String>> {
        Ok(query_scalar(
            "SELECT id FROM change_sets WHERE state IN ('applying', 'undoing') ORDER BY id",
        )
        .fetch_all(&self.pool)
        .await?)
    }

    async fn key(&self, name: &str) -> Result<[u8; 32]> {
        let new: [u8; 32] = rand::random();
        let key: Vec<u8> = query_scalar(
            "INSERT INTO meta (name, value) VALUES (?, ?) \
             ON CONFLICT (name) DO UPDATE SET name = name RETURNING value",
        )
        .bind(name)
        .bind(new.as_slice())
        .fetch_one(&self.pool)
        .await?;
        key.try_into()
            .map_err(|_| sqlx::Error::Decode("a key has 32 bytes".into()).into())
    }
}

/// Sets the state of a change set, and erases what it needs no more. SQLite writes a changed row anew
/// with the whole plan in it, so this is for states alone and not for every entry.
async fn reach(
    transaction: &mut SqliteTransaction<'static>,
    change: &str,
    state: State,
    at_ms: i64,
) -> Result<()> {
    query("UPDATE change_sets SET state = ?, updated_ms = ? WHERE id = ?")
        .bind(state.as_str())
        .bind(at_ms)
        .bind(change)
        .execute(&mut **transaction)
        .await?;
    if is_final(state) {
        query("UPDATE change_sets SET draft = json_remove(draft, '$.client_secret') WHERE id = ?")
            .bind(change)
            .execute(&mut **transaction)
            .await?;
    }
    if state == State::Applied {
        query("DELETE FROM drafts WHERE id = (SELECT draft_id FROM change_sets WHERE id = ?)")
            .bind(change)
            .execute(&mut **transaction)
            .await?;
    }
    Ok(())
}
