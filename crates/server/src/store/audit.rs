//! The audit log: appended to, read, and shortened at its old end.

use std::future::Future;

use sqlx::{FromRow, SqliteTransaction, query, query_as};

use super::{SqliteStore, StoreError};
use crate::random::Digest;

type Result<T> = std::result::Result<T, StoreError>;

/// An entry as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub(crate) struct AuditRow {
    pub(crate) number: i64,
    pub(crate) at_ms: i64,
    /// The kind of action, which is in the entry as well: for the filter.
    pub(crate) action: String,
    /// JSON.
    pub(crate) entry: String,
    pub(crate) digest: Vec<u8>,
}

/// The end of a chain: number and digest of its last entry.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct ChainEnd {
    pub(crate) number: i64,
    pub(crate) digest: Digest,
}

/// Which entries are wanted.
#[derive(Debug, Clone, Default)]
pub(crate) struct AuditFilter {
    /// One kind of action.
    pub(crate) action: Option<String>,
    /// A text anywhere in them.
    pub(crate) text: String,
}

/// Keeps the audit log.
pub(crate) trait AuditStore: Send + Sync {
    /// Adds an entry behind the last one; `seal` makes its digest out of the end so far and its number.
    fn append_audit(
        &self,
        at_ms: i64,
        action: &str,
        entry: &str,
        seal: impl Fn(ChainEnd, i64) -> Digest + Send + Sync,
    ) -> impl Future<Output = Result<ChainEnd>> + Send;

    /// The entries that fit, the latest first, and how many there are in all.
    fn audit(
        &self,
        filter: &AuditFilter,
        offset: u32,
        limit: u32,
    ) -> impl Future<Output = Result<(Vec<AuditRow>, u64)>> + Send;

    /// Where the chain begins, and some entries behind number `after` in order.
    fn audit_chain(
        &self,
        after: i64,
        limit: u32,
    ) -> impl Future<Output = Result<(ChainEnd, Vec<AuditRow>)>> + Send;

    /// Takes out what is older than `before_ms`, at the old end only. How many.
    fn shorten_audit(&self, before_ms: i64) -> impl Future<Output = Result<u64>> + Send;
}

#[derive(FromRow)]
struct End {
    number: i64,
    digest: Vec<u8>,
}

impl End {
    /// The end; a digest that is none breaks the chain where it is verified.
    fn read(self) -> ChainEnd {
        ChainEnd {
            number: self.number,
            digest: self.digest.try_into().unwrap_or_default(),
        }
    }
}

const BASE: &str = "SELECT number, digest FROM audit_base";
const FITS: &str = "(? = '' OR action = ?) AND (? = '' OR instr(lower(entry), lower(?)) > 0)";

async fn end(transaction: &mut SqliteTransaction<'static>) -> Result<ChainEnd> {
    let last = "SELECT number, digest FROM audit_entries ORDER BY number DESC LIMIT 1";
    for sql in [last, BASE] {
        let found: Option<End> = query_as(sql).fetch_optional(&mut **transaction).await?;
        if let Some(found) = found {
            return Ok(found.read());
        }
    }
    Ok(ChainEnd::default())
}

impl AuditStore for SqliteStore {
    async fn append_audit(
        &self,
        at_ms: i64,
        action: &str,
        entry: &str,
        seal: impl Fn(ChainEnd, i64) -> Digest + Send + Sync,
    ) -> Result<ChainEnd> {
        let mut transaction = self.write().await?;
        let before = end(&mut transaction).await?;
        let number = before.number + 1;
        let digest = seal(before, number);
        query(
            "INSERT INTO audit_entries (number, at_ms, action, entry, digest) VALUES (?, ?, ?, ?, ?)",
        )
        .bind(number)
        .bind(at_ms)
        .bind(action)
        .bind(entry)
        .bind(digest.as_slice())
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(ChainEnd { number, digest })
    }

    async fn audit(
        &self,
        filter: &AuditFilter,
        offset: u32,
        limit: u32,
    ) -> Result<(Vec<AuditRow>, u64)> {
        let action = filter.action.as_deref().unwrap_or_default();
        let count = format!("SELECT count(*) FROM audit_entries WHERE {FITS}");
        let (count,): (i64,) = query_as(sqlx::AssertSqlSafe(count))
            .bind(action)
            .bind(action)
            .bind(&filter.text)
            .bind(&filter.text)
            .fetch_one(&self.pool)
            .await?;
        let rows = format!(
            "SELECT number, at_ms, action, entry, digest FROM audit_entries WHERE {FITS} \
             ORDER BY number DESC LIMIT ? OFFSET ?"
        );
        let rows = query_as(sqlx::AssertSqlSafe(rows))
            .bind(action)
            .bind(action)
            .bind(&filter.text)
            .bind(&filter.text)
            .bind(limit)
            .bind(offset)
            .fetch_all(&self.pool)
            .await?;
        Ok((rows, u64::try_from(count).unwrap_or_default()))
    }

    async fn audit_chain(&self, after: i64, limit: u32) -> Result<(ChainEnd, Vec<AuditRow>)> {
        let base: Option<End> = query_as(BASE).fetch_optional(&self.pool).await?;
        let rows = query_as(
            "SELECT number, at_ms, action, entry, digest FROM audit_entries WHERE number > ? \
             ORDER BY number LIMIT ?",
        )
        .bind(after)
        .bind(limit)
        .fetch_all(&self.pool)
        .await?;
        Ok((base.map(End::read).unwrap_or_default(), rows))
    }

    async fn shorten_audit(&self, before_ms: i64) -> Result<u64> {
        let mut transaction = self.write().await?;
        // Only what has nothing young enough before it: a clock that was set back makes no hole.
        let last: Option<End> = query_as(
            "SELECT number, digest FROM audit_entries WHERE at_ms < ?1 AND number < \
             coalesce((SELECT min(number) FROM audit_entries WHERE at_ms >= ?1), \
             9223372036854775807) ORDER BY number DESC LIMIT 1",
        )
        .bind(before_ms)
        .fetch_optional(&mut *transaction)
        .await?;
        let Some(last) = last else { return Ok(0) };
        query(
            "INSERT INTO audit_base (only, number, digest) VALUES (1, ?, ?) ON CONFLICT (only) \
             DO UPDATE SET number = excluded.number, digest = excluded.digest",
        )
        .bind(last.number)
        .bind(&last.digest)
        .execute(&mut *transaction)
        .await?;
        let done = query("DELETE FROM audit_entries WHERE number <= ?")
            .bind(last.number)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(done.rows_affected())
    }
}
