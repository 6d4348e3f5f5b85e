//! Sessions: an opaque id in a cookie, its digest in memory. They end with the process.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use axum_extra::extract::{
    CookieJar,
    cookie::{Cookie, SameSite},
};

use crate::random::{self, Digest};

/// Name of the cookie.
pub(crate) const COOKIE: &str = "ostiary_session";
/// A session that is not used for so long is over.
const IDLE: Duration = Duration::from_hours(12);

/// The sessions that are open.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    used: Mutex<HashMap<Digest, Instant>>,
}

impl Sessions {
    /// Opens a session and gives its cookie.
    pub(crate) fn open(&self) -> Cookie<'static> {
        let id = self.open_at(Instant::now());
        // Not `Secure`: the server speaks plain HTTP, to the machine it runs on.
        Cookie::build((COOKIE, id))
            .path("/")
            .http_only(true)
            .same_site(SameSite::Strict)
            .build()
    }

    /// Whether the cookies hold an open session, which is used by that.
    pub(crate) fn admits(&self, cookies: &CookieJar) -> bool {
        cookies
            .get(COOKIE)
            .is_some_and(|cookie| self.used_at(cookie.value(), Instant::now()))
    }

    fn open_at(&self, now: Instant) -> String {
        let id = random::secret();
        let mut used = self.lock();
        used.retain(|_, last| now.duration_since(*last) < IDLE);
        used.insert(digest(&id), now);
        id
    }

    fn used_at(&self, id: &str, now: Instant) -> bool {
        let mut used = self.lock();
        match used.get_mut(&digest(id)) {
            Some(last) if now.duration_since(*last) < IDLE => {
                *last = now;
                true
            }
            _ => false,
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Digest, Instant>> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn digest(id: &str) -> Digest {
    random::digest(&[id.as_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn session_lives_while_it_is_used() {
        let sessions = Sessions::default();
        let start = Instant::now();
        let id = sessions.open_at(start);
        let almost = IDLE.checked_sub(Duration::from_secs(1)).unwrap();
        assert!(sessions.used_at(&id, start + almost));
        assert!(
            sessions.used_at(&id, start + almost * 2),
            "using it begins the time anew"
        );
        assert!(!sessions.used_at(&id, start + almost * 2 + IDLE));
        assert!(!sessions.used_at("another", start));
    }

    #[test]
    fn old_sessions_are_forgotten() {
        let sessions = Sessions::default();
        let start = Instant::now();
        sessions.open_at(start);
        sessions.open_at(start + IDLE);
        assert_eq!(sessions.lock().len(), 1);
    }

    #[test]
    fn cookie_is_out_of_reach_of_scripts_and_other_sites() {
        let cookie = Sessions::default().open().to_string();
        assert!(
            cookie.ends_with("; HttpOnly; SameSite=Strict; Path=/"),
            "{cookie}"
        );
        assert_eq!(
            cookie.split(';').next().map(str::len),
            Some("ostiary_session=".len() + 64)
        );
    }
}
