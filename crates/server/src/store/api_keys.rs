//! Keys of programs.

use std::future::Future;

use sqlx::{FromRow, query, query_as};

use super::{SqliteStore, StoreError};
use crate::{api_key::ApiKey, random::Digest};

type Result<T> = std::result::Result<T, StoreError>;

/// Keeps the keys of programs.
pub(crate) trait ApiKeyStore: Send + Sync {
    /// All of them.
    fn api_keys(&self) -> impl Future<Output = Result<Vec<ApiKey>>> + Send;

    /// Keeps a new one.
    fn create_api_key(&self, key: &ApiKey) -> impl Future<Output = Result<()>> + Send;

    /// Notes that one was used.
    fn touch_api_key(&self, digest: &Digest, at_ms: i64)
    -> impl Future<Output = Result<()>> + Send;

    /// Removes one.
    fn remove_api_key(&self, id: &str) -> impl Future<Output = Result<()>> + Send;
}

#[derive(FromRow)]
struct KeyRow {
    id: String,
    digest: Vec<u8>,
    name: String,
    role: String,
    made_by: String,
    created_ms: i64,
    expires_ms: Option<i64>,
    used_ms: Option<i64>,
}

impl KeyRow {
    /// The key; none where a later version wrote a role that this one does not know: it opens nothing.
    fn read(self) -> Option<ApiKey> {
        Some(ApiKey {
            id: self.id,
            digest: self.digest.try_into().ok()?,
            name: self.name,
            role: self.role.parse().ok()?,
            made_by: self.made_by,
            created_ms: self.created_ms,
            expires_ms: self.expires_ms,
            used_ms: self.used_ms,
        })
    }
}

impl ApiKeyStore for SqliteStore {
    async fn api_keys(&self) -> Result<Vec<ApiKey>> {
        let rows: Vec<KeyRow> = query_as(
            "SELECT id, digest, name, role, made_by, created_ms, expires_ms, used_ms FROM api_keys",
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.into_iter().filter_map(KeyRow::read).collect())
    }

    async fn create_api_key(&self, key: &ApiKey) -> Result<()> {
        query(
            "INSERT INTO api_keys (id, digest, name, role, made_by, created_ms, expires_ms, used_ms) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(&key.id)
        .bind(key.digest.as_slice())
        .bind(&key.name)
        .bind(key.role.as_str())
        .bind(&key.made_by)
        .bind(key.created_ms)
        .bind(key.expires_ms)
        .bind(key.used_ms)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    async fn touch_api_key(&self, digest: &Digest, at_ms: i64) -> Result<()> {
        query("UPDATE api_keys SET used_ms = ? WHERE digest = ?")
            .bind(at_ms)
            .bind(digest.as_slice())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    async fn remove_api_key(&self, id: &str) -> Result<()> {
        query("DELETE FROM api_keys WHERE id = ?")
            .bind(id)
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}
