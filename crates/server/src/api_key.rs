//! Keys of programs: an `Authorization: Bearer ostiary_…` on the JSON API, in the place of a session.
//!
//! A key is 256 random bits, shown once and kept as a digest. It has a name, a role and, unless its
//! maker wants otherwise, an end. Nobody can prove again who they are for a program, so a key counts
//! as proven: making one asks for the passphrase, and what a plan wants typed is still to be sent.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use app::{
    error::AppError,
    model::{ApiKeyRow, Role, SignInMethod},
};
use http::{HeaderMap, header::AUTHORIZATION};
use setup::FieldErrors;

use crate::{
    clock,
    random::{self, Digest},
    session::Session,
    store::{ApiKeyStore as _, Database},
};

/// What every key begins with, so that it is known for what it is where it leaks.
const PREFIX: &str = "ostiary_";
/// A use is written down at most so often.
const WRITE_MS: i64 = 60 * 1000;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// The longest name.
const LONGEST_NAME: usize = 64;
/// The most days that may be asked for.
const MOST_DAYS: i64 = 3650;

/// A key as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ApiKey {
    pub(crate) id: String,
    pub(crate) digest: Digest,
    pub(crate) name: String,
    pub(crate) role: Role,
    pub(crate) made_by: String,
    pub(crate) created_ms: i64,
    pub(crate) expires_ms: Option<i64>,
    pub(crate) used_ms: Option<i64>,
}

/// A key that somebody asks for, as it was typed.
#[derive(Debug)]
pub(crate) struct NewApiKey<'f> {
    pub(crate) name: &'f str,
    pub(crate) role: &'f str,
    /// Days until it ends; empty for never.
    pub(crate) days: &'f str,
}

/// A key that is right, and not made yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CheckedKey {
    pub(crate) name: String,
    pub(crate) role: Role,
    expires_ms: Option<i64>,
}

/// The keys. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct ApiKeys {
    store: Database,
    known: Arc<Mutex<HashMap<Digest, ApiKey>>>,
}

impl ApiKey {
    fn is_over(&self, now_ms: i64) -> bool {
        self.expires_ms.is_some_and(|end| end <= now_ms)
    }

    /// What the list shows of it.
    fn row(&self, now_ms: i64) -> ApiKeyRow {
        ApiKeyRow {
            id: self.id.clone(),
            name: self.name.clone(),
            role: self.role,
            made_by: self.made_by.clone(),
            created_at: clock::rfc3339(self.created_ms),
            expires_at: self.expires_ms.map(clock::rfc3339).unwrap_or_default(),
            used_at: self.used_ms.map(clock::rfc3339).unwrap_or_default(),
            is_over: self.is_over(now_ms),
        }
    }

    /// What a request with it is answered as.
    fn session(&self, now_ms: i64) -> Session {
        Session {
            digest: self.digest,
            id: self.id.clone(),
            name: self.name.clone(),
            role: self.role,
            method: SignInMethod::Key,
            opened_ms: self.created_ms,
            used_ms: now_ms,
            proven_until_ms: i64::MAX,
            address: String::new(),
            agent: String::new(),
            account: None,
        }
    }
}

impl ApiKeys {
    /// The keys that there are.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn load(store: Database) -> Result<Self, AppError> {
        let known = store.api_keys().await?.into_iter();
        let known = known.map(|key| (key.digest, key)).collect();
        Ok(Self {
            store,
            known: Arc::new(Mutex::new(known)),
        })
    }

    /// Makes a key: its id, and the key itself, which is kept nowhere here.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn make(
        &self,
        new: CheckedKey,
        made_by: &str,
    ) -> Result<(String, String), AppError> {
        let CheckedKey {
            name,
            role,
            expires_ms,
        } = new;
        let secret = format!("{PREFIX}{}", random::secret());
        let key = ApiKey {
            id: random::id(),
            digest: digest(&secret),
            name,
            role,
            made_by: made_by.to_owned(),
            created_ms: clock::now_ms(),
            expires_ms,
            used_ms: None,
        };
        self.store.create_api_key(&key).await?;
        let id = key.id.clone();
        self.lock().insert(key.digest, key);
        Ok((id, secret))
    }

    /// Revokes a key; its name, where there was one.
    ///
    /// # Errors
    /// When the database fails; it is over in this process all the same.
    pub(crate) async fn revoke(&self, id: &str) -> Result<Option<String>, AppError> {
        let found = {
            let mut known = self.lock();
            let digest = known
                .values()
                .find(|key| key.id == id)
                .map(|key| key.digest);
            digest.and_then(|digest| known.remove(&digest))
        };
        self.store.remove_api_key(id).await?;
        Ok(found.map(|key| key.name))
    }

    /// All keys, the latest first.
    pub(crate) fn all(&self) -> Vec<ApiKeyRow> {
        let now_ms = clock::now_ms();
        let mut all: Vec<ApiKey> = self.lock().values().cloned().collect();
        all.sort_by_key(|key| (-key.created_ms, key.id.clone()));
        all.iter().map(|key| key.row(now_ms)).collect()
    }

    /// Whether a request brings a key of ours: then it is that or nothing. Other credentials are meant
    /// for a proxy in front.
    pub(crate) fn is_brought(headers: &HeaderMap) -> bool {
        let mut all = headers.get_all(AUTHORIZATION).iter();
        all.any(|line| {
            let line = line.to_str().unwrap_or_default();
            line.split_ascii_whitespace()
                .any(|part| part.starts_with(PREFIX))
        })
    }

    /// Who a request with a key is. It is used by that.
    pub(crate) fn find(&self, headers: &HeaderMap) -> Option<Arc<Session>> {
        let mut brought = headers.get_all(AUTHORIZATION).iter();
        let (Some(brought), None) = (brought.next(), brought.next()) else {
            return None;
        };
        let (scheme, key) = brought.to_str().ok()?.split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return None;
        }
        let now_ms = clock::now_ms();
        let mut known = self.lock();
        let key = known.get_mut(&digest(key.trim()))?;
        if key.is_over(now_ms) {
            return None;
        }
        if key.used_ms.is_none_or(|used| now_ms - used >= WRITE_MS) {
            key.used_ms = Some(now_ms);
            let (store, digest) = (self.store.clone(), key.digest);
            tokio::spawn(async move {
                if let Err(error) = store.touch_api_key(&digest, now_ms).await {
                    tracing::warn!(%error, "the use of an API key was not written down");
                }
            });
        }
        Some(Arc::new(key.session(now_ms)))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Digest, ApiKey>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn digest(key: &str) -> Digest {
    random::digest(&[b"API key", key.as_bytes()])
}

impl NewApiKey<'_> {
    /// The key as it is to be.
    ///
    /// # Errors
    /// What is wrong with the form, by field.
    pub(crate) fn check(&self) -> Result<CheckedKey, FieldErrors> {
        let mut errors = FieldErrors::default();
        let name = self.name.trim();
        if name.is_empty() {
            errors.add("name", "Give it a name that says what it is for.");
        } else if name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
            errors.add(
                "name",
                format!("A name has {LONGEST_NAME} characters at most, on one line."),
            );
        }
        let role = self.role.parse::<Role>();
        if role.is_err() {
            errors.add("role", "Choose what it may do.");
        }
        let expires_ms = match self.days.trim() {
            "" => None,
            days => {
                let days = days
                    .parse::<i64>()
                    .ok()
                    .filter(|days| (1..=MOST_DAYS).contains(days));
                if days.is_none() {
                    errors.add(
                        "days",
                        format!("Say for how many days, from 1 to {MOST_DAYS}, or leave it empty."),
                    );
                }
                days.map(|days| clock::now_ms() + days * DAY_MS)
            }
        };
        match role {
            Ok(role) => errors.into_result(CheckedKey {
                name: name.to_owned(),
                role,
                expires_ms,
            }),
            Err(_) => Err(errors),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::SqliteStore;

    const NEW: NewApiKey<'_> = NewApiKey {
        name: " backup ",
        role: "viewer",
        days: "30",
    };

    async fn keys() -> ApiKeys {
        let store = SqliteStore::in_memory().await.unwrap();
        ApiKeys::load(store).await.unwrap()
    }

    fn with(lines: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(AUTHORIZATION, line.parse().unwrap());
        }
        headers
    }

    #[tokio::test]
    async fn key_opens_as_what_it_was_made_until_it_is_revoked() {
        let keys = keys().await;
        let (id, secret) = keys.make(NEW.check().unwrap(), "ada").await.unwrap();
        assert!(secret.starts_with(PREFIX) && secret.len() == PREFIX.len() + 64);
        for line in [format!("Bearer {secret}"), format!("bearer {secret}")] {
            let found = keys.find(&with(&[&line])).unwrap();
            assert_eq!((found.name.as_str(), found.role), ("backup", Role::Viewer));
        }
        let right = format!("Bearer {secret}");
        for wrong in [
            vec![secret.as_str()],
            vec!["Bearer x"],
            vec!["Basic x"],
            vec![right.as_str(), right.as_str()],
            vec!["Bearer ostiary_x"],
            vec![],
        ] {
            assert!(keys.find(&with(&wrong)).is_none(), "{wrong:?}");
        }
        let again = ApiKeys::load(keys.store.clone()).await.unwrap();
        assert!(again.find(&with(&[&right])).is_some(), "after a restart");
        for (line, expected) in [
            (right.as_str(), true),
            ("Basic YTpi", false),
            ("Bearer x", false),
        ] {
            assert_eq!(ApiKeys::is_brought(&with(&[line])), expected, "{line}");
        }
        let kept = format!("{:?}", keys.store.api_keys().await.unwrap());
        assert!(!kept.contains(&secret));
        assert_eq!(keys.revoke(&id).await, Ok(Some("backup".to_owned())));
        assert!(keys.find(&with(&[&right])).is_none());
        assert_eq!(keys.revoke(&id).await, Ok(None));
    }

    #[tokio::test]
    async fn key_ends_on_its_day() {
        let keys = keys().await;
        let (_, secret) = keys.make(NEW.check().unwrap(), "ada").await.unwrap();
        for key in keys.lock().values_mut() {
            key.expires_ms = Some(clock::now_ms() - 1);
        }
        assert!(keys.find(&with(&[&format!("Bearer {secret}")])).is_none());
        assert!(keys.all()[0].is_over);
    }

    #[test]
    fn check_names_the_field() {
        let fields = |new: NewApiKey<'_>| match new.check() {
            Err(FieldErrors(errors)) => errors.into_keys().collect::<Vec<_>>(),
            Ok(_) => Vec::new(),
        };
        assert_eq!(
            fields(NewApiKey {
                name: "",
                role: "root",
                days: "0"
            }),
            ["days", "name", "role"]
        );
        assert_eq!(fields(NewApiKey { days: "", ..NEW }), Vec::<String>::new());
        assert_eq!(
            fields(NewApiKey {
                days: "9999",
                ..NEW
            }),
            ["days"]
        );
        assert_eq!(
            fields(NewApiKey {
                name: "a\nb",
                ..NEW
            }),
            ["name"]
        );
    }
}
