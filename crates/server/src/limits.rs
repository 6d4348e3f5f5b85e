//! How many reads of authentik go on at once: one session, or all together, cannot take every
//! connection of the server and of authentik.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use http::StatusCode;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use crate::refusal::Refusal;

/// From so many sessions on, those that are not reading are forgotten.
const MANY_SESSIONS: usize = 64;

/// The numbers of [`Limits`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Numbers {
    /// Reads of one session at once.
    pub(crate) of_session: usize,
    /// Reads of one session that wait for their turn besides.
    pub(crate) waiting: usize,
    /// Reads of all sessions at once.
    pub(crate) of_all: usize,
    /// How long a read waits for its turn.
    pub(crate) patience: Duration,
}

impl Default for Numbers {
    fn default() -> Self {
        Self {
            of_session: 16,
            waiting: 64,
            of_all: 64,
            patience: Duration::from_secs(10),
        }
    }
}

/// Gives out turns.
#[derive(Debug)]
pub(crate) struct Limits {
    numbers: Numbers,
    all: Arc<Semaphore>,
    sessions: Mutex<HashMap<String, Arc<Own>>>,
}

/// What one session has.
#[derive(Debug)]
struct Own {
    /// Places for those who read and those who wait.
    places: Arc<Semaphore>,
    /// Places for those who read.
    turns: Arc<Semaphore>,
}

/// A turn; it ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Turn {
    _place: OwnedSemaphorePermit,
    _own: OwnedSemaphorePermit,
    _all: OwnedSemaphorePermit,
    /// Keeps the session from being forgotten.
    _session: Arc<Own>,
}

impl Limits {
    pub(crate) fn new(numbers: Numbers) -> Self {
        Self {
            numbers,
            all: Arc::new(Semaphore::new(numbers.of_all)),
            sessions: Mutex::default(),
        }
    }

    /// Waits for a turn. `session` is any text that is the session's own.
    ///
    /// # Errors
    /// When the session has too many reads waiting (429), or its turn did not come in time (429, or
    /// 503 where others are in the way).
    pub(crate) async fn enter(&self, session: &str) -> Result<Turn, Refusal> {
        let own = self.own(session);
        let Ok(place) = own.places.clone().try_acquire_owned() else {
            return Err(too_many());
        };
        let turn = timeout(self.numbers.patience, own.turns.clone().acquire_owned()).await;
        let Ok(Ok(turn)) = turn else {
            return Err(too_many());
        };
        let all = timeout(self.numbers.patience, self.all.clone().acquire_owned()).await;
        let Ok(Ok(all)) = all else {
            return Err(Refusal::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "busy",
                "Too many reads are going on. Try again in a moment.",
            ));
        };
        Ok(Turn {
            _place: place,
            _own: turn,
            _all: all,
            _session: own,
        })
    }

    fn own(&self, session: &str) -> Arc<Own> {
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = sessions.get(session) {
            return own.clone();
        }
        if sessions.len() >= MANY_SESSIONS {
            sessions.retain(|_, own| Arc::strong_count(own) > 1);
        }
        let Numbers {
            of_session,
            waiting,
            ..
        } = self.numbers;
        let own = Arc::new(Own {
            places: Arc::new(Semaphore::new(of_session + waiting)),
            turns: Arc::new(Semaphore::new(of_session)),
        });
        sessions.insert(session.to_owned(), own.clone());
        own
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::new(Numbers::default())
    }
}

fn too_many() -> Refusal {
    Refusal::new(
        StatusCode::TOO_MANY_REQUESTS,
        "too_many_requests",
        "This session has too many reads going on at once. Wait for their answers.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(of_session: usize, waiting: usize, of_all: usize) -> Limits {
        let patience = Duration::from_millis(20);
        Limits::new(Numbers {
            of_session,
            waiting,
            of_all,
            patience,
        })
    }

    #[tokio::test]
    async fn session_waits_for_its_own_reads_and_not_for_others() {
        let limits = limits(2, 1, 10);
        let first = limits.enter("a").await.unwrap();
        let _second = limits.enter("a").await.unwrap();
        let refused = limits.enter("a").await.unwrap_err();
        assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(limits.enter("b").await.is_ok());
        drop(first);
        assert!(limits.enter("a").await.is_ok());
    }

    #[tokio::test]
    async fn too_many_who_wait_are_refused_at_once() {
        let limits = Limits::new(Numbers {
            of_session: 1,
            waiting: 1,
            of_all: 10,
            patience: Duration::from_hours(1),
        });
        let _first = limits.enter("a").await.unwrap();
        let second = limits.enter("a");
        let mut second = std::pin::pin!(second);
        assert!(futures_util::poll!(&mut second).is_pending());
        let refused = limits.enter("a").await.unwrap_err();
        assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    }

    #[tokio::test]
    async fn all_together_have_a_limit() {
        let limits = limits(2, 0, 3);
        let mut turns = Vec::new();
        for session in ["a", "b", "c"] {
            turns.push(limits.enter(session).await.unwrap());
        }
        let refused = limits.enter("d").await.unwrap_err();
        assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
        turns.pop();
        assert!(limits.enter("d").await.is_ok());
    }

    #[tokio::test]
    async fn sessions_that_do_not_read_are_forgotten() {
        let limits = limits(1, 0, 10);
        let kept = limits.enter("kept").await.unwrap();
        for session in 0..MANY_SESSIONS * 3 {
            limits.enter(&session.to_string()).await.unwrap();
        }
        assert!(limits.sessions.lock().unwrap().len() <= MANY_SESSIONS);
        assert!(limits.enter("kept").await.is_err(), "its read still counts");
        drop(kept);
    }
}
