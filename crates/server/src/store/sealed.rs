//! Sealed records: the vault's matter, which is not opened here.

use std::future::Future;

use sqlx::{FromRow, query, query_as};

use super::{SqliteStore, StoreError};

type Result<T> = std::result::Result<T, StoreError>;

/// A record as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub(crate) struct SealedRow {
    pub(crate) name: String,
    /// Id of the key that opens it.
    pub(crate) key_id: String,
    pub(crate) nonce: Vec<u8>,
    /// The ciphertext with its tag.
    pub(crate) sealed: Vec<u8>,
}

/// Keeps sealed records by name.
pub(crate) trait SealedStore: Send + Sync {
    /// All of them, by name.
    fn sealed(&self) -> impl Future<Output = Result<Vec<SealedRow>>> + Send;

    /// Keeps a record in the place of the one of its name.
    fn put_sealed(&self, row: &SealedRow, at_ms: i64) -> impl Future<Output = Result<()>> + Send;

    /// Keeps all of `rows`, or none.
    fn replace_sealed(
        &self,
        rows: &[SealedRow],
        at_ms: i64,
    ) -> impl Future<Output = Result<()>> + Send;

    /// Removes a record. Whether there was one.
    fn remove_sealed(&self, name: &str) -> impl Future<Output = Result<bool>> + Send;
}

const PUT: &str = "INSERT INTO sealed_records (name, key_id, nonce, sealed, updated_ms) \
     VALUES (?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET key_id = excluded.key_id, \
     nonce = excluded.nonce, sealed = excluded.sealed, updated_ms = excluded.updated_ms";

impl SealedStore for SqliteStore {
    async fn sealed(&self) -> Result<Vec<SealedRow>> {
        let rows = query_as("SELECT name, key_id, nonce, sealed FROM sealed_records ORDER BY name")
            .fetch_all(&self.pool)
            .await?;
        Ok(rows)
    }

    async fn put_sealed(&self, row: &SealedRow, at_ms: i64) -> Result<()> {
        self.replace_sealed(std::slice::from_ref(row), at_ms).await
    }

    async fn replace_sealed(&self, rows: &[SealedRow], at_ms: i64) -> Result<()> {
        let mut transaction = self.write().await?;
        for row in rows {
            query(PUT)
                .bind(&row.name)
                .bind(&row.key_id)
                .bind(&row.nonce)
                .bind(&row.sealed)
                .bind(at_ms)
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    async fn remove_sealed(&self, name: &str) -> Result<bool> {
        let done = query("DELETE FROM sealed_records WHERE name = ?")
            .bind(name)
            .execute(&self.pool)
            .await?;
        Ok(done.rows_affected() == 1)
    }
}
