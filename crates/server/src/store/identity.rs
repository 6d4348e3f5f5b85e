//! Who may come in and who is in: the administrator, sessions, known browsers.

use std::future::Future;

use app::model::Role;
use authentik_api::UserPk;
use sqlx::{FromRow, query, query_as, query_scalar};

use super::{SqliteStore, StoreError};
use crate::{
    random::Digest,
    session::{Account, Session},
};

type Result<T> = std::result::Result<T, StoreError>;

/// The local administrator.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub(crate) struct Administrator {
    /// What they sign in with.
    pub(crate) name: String,
    /// PHC string of their passphrase.
    pub(crate) passphrase: String,
    /// Whether they come in with authentik only.
    pub(crate) closed: bool,
}

/// Keeps the administrator and the browsers that people have signed in from.
pub(crate) trait IdentityStore: Send + Sync {
    /// The administrator; none before the first run.
    fn administrator(&self) -> impl Future<Output = Result<Option<Administrator>>> + Send;

    /// Keeps the first administrator. `false` where there is one already.
    fn create_administrator(
        &self,
        administrator: &Administrator,
        at_ms: i64,
    ) -> impl Future<Output = Result<bool>> + Send;

    /// Gives the administrator another passphrase.
    fn set_passphrase(
        &self,
        passphrase: &str,
        at_ms: i64,
    ) -> impl Future<Output = Result<()>> + Send;

    /// Whether the administrator's passphrase lets nobody in any more.
    fn set_passphrase_closed(&self, closed: bool) -> impl Future<Output = Result<()>> + Send;

    /// Removes the administrator with everything that was signed in by a passphrase: the next start is a
    /// first run. Whether there was one.
    fn remove_administrator(&self) -> impl Future<Output = Result<bool>> + Send;

    /// Marks a browser as one that `name` has signed in from, and forgets those that nobody has since
    /// `since_ms`.
    fn remember_device(
        &self,
        digest: &Digest,
        name: &str,
        at_ms: i64,
        since_ms: i64,
    ) -> impl Future<Output = Result<()>> + Send;

    /// Whether `name` has signed in from that browser since `since_ms`.
    fn is_device(
        &self,
        digest: &Digest,
        name: &str,
        since_ms: i64,
    ) -> impl Future<Output = Result<bool>> + Send;
}

/// Keeps sessions.
pub(crate) trait SessionStore: Send + Sync {
    /// All of them.
    fn sessions(&self) -> impl Future<Output = Result<Vec<Session>>> + Send;

    /// Keeps a new one.
    fn create_session(&self, session: &Session) -> impl Future<Output = Result<()>> + Send;

    /// Keeps a session in the place of the one with that digest.
    fn replace_session(
        &self,
        old: &Digest,
        session: &Session,
    ) -> impl Future<Output = Result<()>> + Send;

    /// Notes that one was used.
    fn touch_session(
        &self,
        digest: &Digest,
        used_ms: i64,
    ) -> impl Future<Output = Result<()>> + Send;

    /// Gives some of them another role, in one go.
    fn set_session_role(
        &self,
        digests: &[Digest],
        role: Role,
    ) -> impl Future<Output = Result<()>> + Send;

    /// Removes some, in one go.
    fn remove_sessions(&self, digests: &[Digest]) -> impl Future<Output = Result<()>> + Send;
}

impl IdentityStore for SqliteStore {
    async fn administrator(&self) -> Result<Option<Administrator>> {
        let row = query_as("SELECT name, passphrase, closed FROM administrator")
            .fetch_optional(&self.pool)
            .await?;
        Ok(row)
    }

    async fn create_administrator(
        &self,
        administrator: &Administrator,
        at_ms: i64,
    ) -> Result<bool> {
        let done = query(
            "INSERT INTO administrator (only, name, passphrase, updated_ms) VALUES (1, ?, ?, ?) \
             ON CONFLICT DO NOTHING",
        )
        .bind(&administrator.name)
        .bind(&administrator.passphrase)
        .bind(at_ms)
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    async fn set_passphrase(&self, passphrase: &str, at_ms: i64) -> Result<()> {
        let mut transaction = self.write().await?;
        query("UPDATE administrator SET passphrase = ?, updated_ms = ?")
            .bind(passphrase)
            .bind(at_ms)
            .execute(&mut *transaction)
            .await?;
        // Somebody else may have known the old one.
        query("DELETE FROM devices")
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(())
    }

    async fn set_passphrase_closed(&self, closed: bool) -> Result<()> {
        query("UPDATE administrator SET closed = ?")
            .bind(closed)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    async fn remove_administrator(&self) -> Result<bool> {
        let mut transaction = self.write().await?;
        let done = query("DELETE FROM administrator")
            .execute(&mut *transaction)
            .await?;
        query("DELETE FROM sessions WHERE method = 'passphrase'")
            .execute(&mut *transaction)
            .await?;
        query("DELETE FROM devices")
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(done.rows_affected() == 1)
    }

    async fn remember_device(
        &self,
        digest: &Digest,
        name: &str,
        at_ms: i64,
        since_ms: i64,
    ) -> Result<()> {
        query("DELETE FROM devices WHERE used_ms < ?")
            .bind(since_ms)
            .execute(&self.pool)
            .await?;
        query(
            "INSERT INTO devices (digest, name, used_ms) VALUES (?, ?, ?) \
             ON CONFLICT (digest) DO UPDATE SET name = excluded.name, used_ms = excluded.used_ms",
        )
        .bind(digest.as_slice())
        .bind(name)
        .bind(at_ms)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    async fn is_device(&self, digest: &Digest, name: &str, since_ms: i64) -> Result<bool> {
        let found: Option<i64> = query_scalar(
            "SELECT used_ms FROM devices WHERE digest = ? AND name = ? AND used_ms >= ?",
        )
        .bind(digest.as_slice())
        .bind(name)
        .bind(since_ms)
        .fetch_optional(&self.pool)
        .await?;
        Ok(found.is_some())
    }
}

#[derive(FromRow)]
struct SessionRow {
    digest: Vec<u8>,
    id: String,
    name: String,
    role: String,
    method: String,
    opened_ms: i64,
    used_ms: i64,
    proven_until_ms: i64,
    address: String,
    agent: String,
    authentik_user: Option<i64>,
    sid: String,
}

impl SessionRow {
    /// The session; none where a later version wrote a role or a way in that this one does not know:
    /// whoever it belongs to signs in again.
    fn read(self) -> Option<Session> {
        Some(Session {
            digest: self.digest.try_into().ok()?,
            id: self.id,
            name: self.name,
            role: self.role.parse().ok()?,
            method: self.method.parse().ok()?,
            opened_ms: self.opened_ms,
            used_ms: self.used_ms,
            proven_until_ms: self.proven_until_ms,
            address: self.address,
            agent: self.agent,
            account: self.authentik_user.map(|user| Account {
                user: UserPk(user),
                sid: self.sid,
            }),
        })
    }
}

impl SessionStore for SqliteStore {
    async fn sessions(&self) -> Result<Vec<Session>> {
        let rows: Vec<SessionRow> = query_as(
            "SELECT digest, id, name, role, method, opened_ms, used_ms, proven_until_ms, address, agent, \
             authentik_user, sid FROM sessions",
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.into_iter().filter_map(SessionRow::read).collect())
    }

    async fn create_session(&self, session: &Session) -> Result<()> {
        self.replace_session(&session.digest, session).await
    }

    async fn replace_session(&self, old: &Digest, session: &Session) -> Result<()> {
        let mut transaction = self.write().await?;
        query("DELETE FROM sessions WHERE digest = ?")
            .bind(old.as_slice())
            .execute(&mut *transaction)
            .await?;
        query(
            "INSERT INTO sessions (digest, id, name, role, method, opened_ms, used_ms, \
             proven_until_ms, address, agent, authentik_user, sid) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(session.digest.as_slice())
        .bind(&session.id)
        .bind(&session.name)
        .bind(session.role.as_str())
        .bind(session.method.as_str())
        .bind(session.opened_ms)
        .bind(session.used_ms)
        .bind(session.proven_until_ms)
        .bind(&session.address)
        .bind(&session.agent)
        .bind(session.account.as_ref().map(|account| account.user.0))
        .bind(session.account.as_ref().map_or("", |account| &account.sid))
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(())
    }

    async fn touch_session(&self, digest: &Digest, used_ms: i64) -> Result<()> {
        query("UPDATE sessions SET used_ms = ? WHERE digest = ?")
            .bind(used_ms)
            .bind(digest.as_slice())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    async fn set_session_role(&self, digests: &[Digest], role: Role) -> Result<()> {
        let mut transaction = self.write().await?;
        for digest in digests {
            query("UPDATE sessions SET role = ? WHERE digest = ?")
                .bind(role.as_str())
                .bind(digest.as_slice())
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    async fn remove_sessions(&self, digests: &[Digest]) -> Result<()> {
        if digests.is_empty() {
            return Ok(());
        }
        let mut transaction = self.write().await?;
        for digest in digests {
            query("DELETE FROM sessions WHERE digest = ?")
                .bind(digest.as_slice())
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(())
    }
}
