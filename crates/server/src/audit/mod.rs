//! The audit log: who did what, from where, and what became of it.
//!
//! Entries are only ever added. Each carries a digest over the one before it, so that an entry that is
//! changed, exchanged or taken out later is found (`ostiary audit verify`). Whoever can write the
//! database could make a whole new chain; therefore each digest is in the process's log as well.

mod export;

use std::net::IpAddr;

use app::{
    error::AppError,
    model::{AuditEntry, AuditOutcome, AuditPage, AuditQuery, Audited},
};

pub(crate) use self::export::{csv, json_lines};
use crate::{
    clock,
    random::{self, Digest},
    session::Session,
    store::{AuditFilter, AuditRow, AuditStore as _, ChainEnd, Database, StoreError},
};

/// Entries on a page.
const PAGE: u32 = 50;
/// Entries that are verified at once.
const BATCH: u32 = 1000;

/// Who does something.
#[derive(Debug, Clone)]
pub(crate) struct Actor {
    name: String,
    role: String,
    session: String,
    address: String,
}

impl Actor {
    /// Whoever has a session, in a request from `address`.
    pub(crate) fn of(session: &Session, address: IpAddr) -> Self {
        Self {
            name: session.name.clone(),
            role: session.role.to_string(),
            session: session.id.clone(),
            address: address.to_string(),
        }
    }

    /// Somebody without a session, under the name that they give.
    pub(crate) fn stranger(name: &str, address: IpAddr) -> Self {
        Self {
            name: name.chars().take(64).collect(),
            role: String::new(),
            session: String::new(),
            address: address.to_string(),
        }
    }

    /// Ostiary itself.
    pub(crate) fn process() -> Self {
        Self {
            name: "ostiary".to_owned(),
            role: "process".to_owned(),
            session: String::new(),
            address: String::new(),
        }
    }
}

/// Something that is done.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    action: Audited,
    about: String,
    outcome: AuditOutcome,
    detail: String,
    change: String,
    digest: String,
}

impl Event {
    /// An action that is done, to the thing of this name.
    pub(crate) fn done(action: Audited, about: impl Into<String>) -> Self {
        Self {
            action,
            about: about.into(),
            outcome: AuditOutcome::Done,
            detail: String::new(),
            change: String::new(),
            digest: String::new(),
        }
    }

    /// What became of it otherwise.
    pub(crate) fn with(mut self, outcome: AuditOutcome, detail: impl Into<String>) -> Self {
        self.outcome = outcome;
        self.detail = detail.into();
        self
    }

    /// The change set that it is about, and the digest of what it holds.
    pub(crate) fn change(mut self, id: &str, digest: Digest) -> Self {
        id.clone_into(&mut self.change);
        self.digest = random::hex(&digest);
        self
    }
}

/// What a verification found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verified {
    /// Every entry follows from the one before it.
    Whole {
        /// How many.
        count: u64,
        /// Number and digest of the last.
        end: ChainEnd,
        /// Whether the digest that was noted before is among them.
        noted: bool,
    },
    /// This entry does not: it, or what stood before it, was changed or taken out.
    Broken {
        /// Its number.
        number: i64,
    },
}

/// The audit log. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Audit {
    store: Database,
}

impl Audit {
    pub(crate) fn new(store: Database) -> Self {
        Self { store }
    }

    /// Writes down that somebody does something.
    ///
    /// # Errors
    /// When it cannot be written: then it must not be done either.
    pub(crate) async fn record(&self, actor: &Actor, event: Event) -> Result<(), AppError> {
        let at_ms = clock::now_ms();
        let entry = AuditEntry {
            number: 0,
            at: String::new(),
            name: actor.name.clone(),
            role: actor.role.clone(),
            session: actor.session.clone(),
            address: actor.address.clone(),
            action: event.action,
            about: event.about,
            outcome: event.outcome,
            detail: event.detail,
            change: event.change,
            digest: event.digest,
        };
        let text = serde_json::to_string(&entry)
            .map_err(|error| AppError::Internal(format!("the audit log: {error}")))?;
        let seal = |before: ChainEnd, number| {
            link(&before.digest, number, at_ms, event.action.as_str(), &text)
        };
        let end = self
            .store
            .append_audit(at_ms, event.action.as_str(), &text, seal)
            .await?;
        tracing::info!(
            audit = end.number,
            digest = random::hex(&end.digest),
            name = entry.name,
            action = event.action.as_str(),
            outcome = entry.outcome.as_str(),
            "audit"
        );
        Ok(())
    }

    /// A page of the log, the latest first.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn page(&self, wanted: &AuditQuery) -> Result<AuditPage, AppError> {
        let offset = wanted.page.saturating_sub(1).saturating_mul(PAGE);
        let (rows, count) = self.store.audit(&filter(wanted), offset, PAGE).await?;
        Ok(AuditPage {
            entries: rows.iter().filter_map(read).collect(),
            count,
            per_page: PAGE,
        })
    }

    /// Everything that fits, the latest first.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn all(&self, wanted: &AuditQuery) -> Result<Vec<AuditEntry>, AppError> {
        let rows = self.store.audit(&filter(wanted), 0, u32::MAX).await?.0;
        Ok(rows.iter().filter_map(read).collect())
    }

    /// Follows the chain from its beginning, and looks for a digest that was noted before.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn verify(&self, noted: Option<&str>) -> Result<Verified, StoreError> {
        let (mut end, _) = self.store.audit_chain(0, 0).await?;
        let is_noted =
            |digest: &Digest| noted.is_none_or(|noted| random::hex(digest) == noted.trim());
        let mut found = is_noted(&end.digest);
        let mut count = 0;
        loop {
            let (_, rows) = self.store.audit_chain(end.number, BATCH).await?;
            if rows.is_empty() {
                return Ok(Verified::Whole {
                    count,
                    end,
                    noted: found,
                });
            }
            for row in rows {
                let digest = link(&end.digest, row.number, row.at_ms, &row.action, &row.entry);
                if row.number != end.number + 1 || row.digest != digest {
                    return Ok(Verified::Broken { number: row.number });
                }
                end = ChainEnd {
                    number: row.number,
                    digest,
                };
                found |= is_noted(&digest);
                count += 1;
            }
        }
    }

    /// Takes out what is older than so many days.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn shorten(&self, days: u32) -> Result<u64, StoreError> {
        let before_ms = clock::now_ms() - i64::from(days) * 24 * 60 * 60 * 1000;
        self.store.shorten_audit(before_ms).await
    }
}

/// The digest of an entry, bound to all before it.
fn link(before: &Digest, number: i64, at_ms: i64, action: &str, entry: &str) -> Digest {
    random::digest(&[
        b"ostiary audit 1",
        before,
        &number.to_be_bytes(),
        &at_ms.to_be_bytes(),
        action.as_bytes(),
        entry.as_bytes(),
    ])
}

fn filter(wanted: &AuditQuery) -> AuditFilter {
    AuditFilter {
        action: wanted.action.map(|action| action.as_str().to_owned()),
        text: wanted.text.trim().to_owned(),
    }
}

/// An entry; nothing where a later version wrote what this one cannot read.
fn read(row: &AuditRow) -> Option<AuditEntry> {
    let mut entry: AuditEntry = serde_json::from_str(&row.entry).ok()?;
    entry.number = row.number;
    entry.at = clock::rfc3339(row.at_ms);
    Some(entry)
}

#[cfg(test)]
mod tests;
