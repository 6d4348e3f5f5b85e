//! Sessions: an opaque id in a cookie, its digest here and in the database.
//!
//! The process holds all open sessions in memory, since every request asks for one; what must survive
//! a restart is written through. A session ends when it is not used for a while, at its latest hour,
//! or when somebody ends it.

mod cookie;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use app::{
    error::AppError,
    model::{Role, SessionRow, SignInMethod, Visitor},
};
use authentik_api::UserPk;

pub(crate) use self::cookie::Cookies;
use crate::{
    clock,
    random::{self, Digest},
    store::{Database, SessionStore as _},
};

/// A use is written down at most so often.
const WRITE_MS: i64 = 60 * 1000;

/// How long sessions last, all in milliseconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Without being used.
    pub(crate) idle: i64,
    /// In all.
    pub(crate) absolute: i64,
    /// So long it may do what is dangerous once its owner has proven who they are.
    pub(crate) proof: i64,
}

/// Somebody who is signed in, in one browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Session {
    /// Digest of the cookie's value.
    pub(crate) digest: Digest,
    /// Names the session to people: no secret.
    pub(crate) id: String,
    /// Who.
    pub(crate) name: String,
    /// What they may do.
    pub(crate) role: Role,
    /// How they came in.
    pub(crate) method: SignInMethod,
    pub(crate) opened_ms: i64,
    pub(crate) used_ms: i64,
    /// Until when it may do what is dangerous: they have proven who they are.
    pub(crate) proven_until_ms: i64,
    /// Network address that it was opened from.
    pub(crate) address: String,
    /// What the browser called itself, shortened.
    pub(crate) agent: String,
    /// Who they are in authentik, where they came in with it.
    pub(crate) account: Option<Account>,
}

/// Somebody's account in authentik, and the session there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Account {
    /// authentik's key of the user, which is the `sub` of their tokens.
    pub(crate) user: UserPk,
    /// `sid` of the ID token: the session that they have at authentik. Empty where it says none.
    pub(crate) sid: String,
}

/// What a new session is made of.
#[derive(Debug, Clone)]
pub(crate) struct NewSession {
    pub(crate) name: String,
    pub(crate) role: Role,
    pub(crate) method: SignInMethod,
    pub(crate) address: String,
    pub(crate) agent: String,
    pub(crate) account: Option<Account>,
    /// When they last proved who they are.
    pub(crate) proven_ms: i64,
}

impl Session {
    /// What pages are told about it.
    pub(crate) fn visitor(&self, now_ms: i64) -> Visitor {
        Visitor {
            session: self.id.clone(),
            name: self.name.clone(),
            role: self.role,
            method: self.method,
            stepped_up: self.is_stepped_up(now_ms),
        }
    }

    /// What the list of sessions shows of it.
    pub(crate) fn row(&self) -> SessionRow {
        SessionRow {
            id: self.id.clone(),
            name: self.name.clone(),
            role: self.role,
            method: self.method,
            opened_at: clock::rfc3339(self.opened_ms),
            used_at: clock::rfc3339(self.used_ms),
            address: self.address.clone(),
            agent: self.agent.clone(),
        }
    }

    /// Whether its owner proved a moment ago who they are. Whoever came in by the one-time link has
    /// nothing else to prove it with.
    pub(crate) fn is_stepped_up(&self, now_ms: i64) -> bool {
        self.method == SignInMethod::Link || now_ms < self.proven_until_ms
    }

    /// Whether its owner may end another session: an administrator any, everybody their own.
    pub(crate) fn may_end(&self, other: &Self) -> bool {
        self.role == Role::Admin || self.is_same_person(other)
    }

    /// Whether both belong to one person: in authentik by their account, since names change hands.
    pub(crate) fn is_same_person(&self, other: &Self) -> bool {
        let user = |session: &Self| session.account.as_ref().map(|account| account.user);
        user(self) == user(other)
            && (self.account.is_some() || (self.method == other.method && self.name == other.name))
    }

    fn is_open(&self, limits: Limits, now_ms: i64) -> bool {
        now_ms - self.used_ms < limits.idle && now_ms - self.opened_ms < limits.absolute
    }
}

/// The sessions that are open. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Sessions {
    store: Database,
    limits: Limits,
    open: Arc<Mutex<HashMap<Digest, Known>>>,
}

#[derive(Debug)]
struct Known {
    session: Arc<Session>,
    written_ms: i64,
}

impl Sessions {
    /// The sessions that were open when the process before ended, of those who came in by one of the `ways`
    /// that there are now.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn load(
        store: Database,
        limits: Limits,
        ways: &[SignInMethod],
    ) -> Result<Self, AppError> {
        let now_ms = clock::now_ms();
        let known = store.sessions().await?.into_iter();
        let fits =
            |session: &Session| ways.contains(&session.method) && session.is_open(limits, now_ms);
        let (known, over): (Vec<Session>, Vec<Session>) = known.partition(fits);
        let over: Vec<Digest> = over.iter().map(|session| session.digest).collect();
        store.remove_sessions(&over).await?;
        let known = known.into_iter();
        let known = known.map(|session| (session.digest, Known::of(session)));
        Ok(Self {
            open: Arc::new(Mutex::new(known.collect())),
            store,
            limits,
        })
    }

    /// Opens a session; the value for its cookie, which is kept nowhere here.
    ///
    /// # Errors
    /// When the database fails: then there is no session.
    pub(crate) async fn open(&self, new: NewSession) -> Result<String, AppError> {
        let now_ms = clock::now_ms();
        let secret = random::secret();
        let session = Session {
            digest: digest(&secret),
            id: random::id(),
            name: new.name,
            role: new.role,
            method: new.method,
            opened_ms: now_ms,
            used_ms: now_ms,
            proven_until_ms: new.proven_ms + self.limits.proof,
            address: new.address,
            agent: new.agent,
            account: new.account,
        };
        self.keep(session).await?;
        Ok(secret)
    }

    /// The open session that a cookie's value belongs to, while nobody does anything: it is not used by that.
    pub(crate) fn peek(&self, secret: &str) -> Option<Arc<Session>> {
        let open = self.lock();
        let known = open.get(&digest(secret))?;
        let is_open = known.session.is_open(self.limits, clock::now_ms());
        is_open.then(|| known.session.clone())
    }

    /// The open session that a cookie's value belongs to. It is used by that.
    pub(crate) fn find(&self, secret: &str) -> Option<Arc<Session>> {
        let (session, write) = self.used_at(secret, clock::now_ms())?;
        if write {
            let (store, session) = (self.store.clone(), session.clone());
            tokio::spawn(async move {
                if let Err(error) = store.touch_session(&session.digest, session.used_ms).await {
                    tracing::warn!(%error, "the use of a session was not written down");
                }
            });
        }
        Some(session)
    }

    /// The owner has proven who they are. The session gets a new value for its cookie: whoever had
    /// got hold of the old one gains nothing.
    ///
    /// # Errors
    /// [`AppError::SignedOut`] when it ended meanwhile, or the database's.
    pub(crate) async fn step_up(&self, session: &Session) -> Result<String, AppError> {
        let now_ms = clock::now_ms();
        let secret = random::secret();
        let renewed = Session {
            digest: digest(&secret),
            proven_until_ms: now_ms + self.limits.proof,
            used_ms: now_ms,
            ..session.clone()
        };
        let digest = renewed.digest;
        {
            // In one go: whoever ends sessions finds the old one or the new one.
            let mut open = self.lock();
            if open.remove(&session.digest).is_none() {
                return Err(AppError::SignedOut);
            }
            open.insert(digest, Known::of(renewed.clone()));
        }
        self.store
            .replace_session(&session.digest, &renewed)
            .await?;
        if !self.lock().contains_key(&digest) {
            // It was ended before it was in the database.
            self.store.remove_sessions(&[digest]).await?;
            return Err(AppError::SignedOut);
        }
        Ok(secret)
    }

    /// All open sessions, the latest used first.
    pub(crate) fn all(&self) -> Vec<Arc<Session>> {
        let now_ms = clock::now_ms();
        let mut all: Vec<_> = self
            .lock()
            .values()
            .map(|known| known.session.clone())
            .filter(|session| session.is_open(self.limits, now_ms))
            .collect();
        all.sort_by_key(|session| (-session.used_ms, session.id.clone()));
        all
    }

    /// Ends the sessions that `which` names. How many.
    ///
    /// # Errors
    /// When the database fails; they are over in this process all the same.
    pub(crate) async fn end(&self, which: impl Fn(&Session) -> bool) -> Result<usize, AppError> {
        let mut ended = Vec::new();
        self.lock().retain(|digest, known| {
            let ends = which(&known.session);
            if ends {
                ended.push(*digest);
            }
            !ends
        });
        self.store.remove_sessions(&ended).await?;
        Ok(ended.len())
    }

    /// Gives everybody with an account in authentik the role that it has there now.
    ///
    /// # Errors
    /// When the database fails; in this process it holds all the same.
    pub(crate) async fn set_role(&self, user: UserPk, role: Role) -> Result<(), AppError> {
        let mut changed = Vec::new();
        for known in self.lock().values_mut() {
            let session = &known.session;
            let is_theirs = session.account.as_ref().is_some_and(|it| it.user == user);
            if is_theirs && session.role != role {
                Arc::make_mut(&mut known.session).role = role;
                changed.push(known.session.digest);
            }
        }
        if !changed.is_empty() {
            self.store.set_session_role(&changed, role).await?;
        }
        Ok(())
    }

    async fn keep(&self, session: Session) -> Result<(), AppError> {
        self.forget_old(session.opened_ms).await?;
        self.store.create_session(&session).await?;
        self.lock().insert(session.digest, Known::of(session));
        Ok(())
    }

    async fn forget_old(&self, now_ms: i64) -> Result<(), AppError> {
        let limits = self.limits;
        self.end(|session| !session.is_open(limits, now_ms)).await?;
        Ok(())
    }

    /// The session, and whether its use is to be written down.
    fn used_at(&self, secret: &str, now_ms: i64) -> Option<(Arc<Session>, bool)> {
        let mut open = self.lock();
        let known = open.get_mut(&digest(secret))?;
        if !known.session.is_open(self.limits, now_ms) {
            return None;
        }
        Arc::make_mut(&mut known.session).used_ms = now_ms;
        let write = now_ms - known.written_ms >= WRITE_MS;
        if write {
            known.written_ms = now_ms;
        }
        Some((known.session.clone(), write))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Digest, Known>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn of(session: Session) -> Self {
        Self {
            written_ms: session.used_ms,
            session: Arc::new(session),
        }
    }
}

fn digest(secret: &str) -> Digest {
    random::digest(&[secret.as_bytes()])
}

#[cfg(test)]
mod tests;
