//! Remembers what was expensive to find out.

use std::{
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use app::error::AppError;
use authentik_reqwest::Trail;
use futures_util::{
    FutureExt as _,
    future::{BoxFuture, Shared},
};

type Attempt<T> = Shared<BoxFuture<'static, Result<T, AppError>>>;

/// A value that is loaded when it is needed and remembered for a while. A failure is not
/// remembered. Callers who come while it is being loaded wait for the same attempt, which goes on
/// when they go away.
#[derive(Clone)]
pub(crate) struct Memo<T> {
    keep: Duration,
    slot: Arc<Mutex<Slot<T>>>,
}

struct Slot<T> {
    value: Option<Kept<T>>,
    attempt: Option<Attempt<T>>,
    /// Counts what was forgotten, so that an older attempt is not remembered.
    generation: u64,
}

struct Kept<T> {
    since: Instant,
    value: T,
    /// It is not taken for good any more; it may be shown where nothing newer is to be had.
    expired: bool,
}

impl<T> Kept<T> {
    fn now(value: T) -> Self {
        Self {
            since: Instant::now(),
            value,
            expired: false,
        }
    }

    fn is_fresh(&self, keep: Duration) -> bool {
        !self.expired && self.since.elapsed() < keep
    }
}

impl<T: Clone + Send + Sync + 'static> Memo<T> {
    /// Remembers for `keep`.
    pub(crate) fn new(keep: Duration) -> Self {
        let slot = Slot {
            value: None,
            attempt: None,
            generation: 0,
        };
        Self {
            keep,
            slot: Arc::new(Mutex::new(slot)),
        }
    }

    fn slot(&self) -> MutexGuard<'_, Slot<T>> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The value, however old it is, and whether it is still fresh; nothing where it has expired.
    pub(crate) fn peek(&self) -> Option<(T, bool)> {
        let slot = self.slot();
        let kept = slot.value.as_ref().filter(|kept| !kept.expired)?;
        Some((kept.value.clone(), kept.is_fresh(self.keep)))
    }

    /// The last value, expired or not, and how old it is.
    pub(crate) fn last(&self) -> Option<(T, Duration)> {
        let slot = self.slot();
        let kept = slot.value.as_ref()?;
        Some((kept.value.clone(), kept.since.elapsed()))
    }

    /// The fresh value, or what `load` gives.
    pub(crate) async fn get<F>(&self, load: impl FnOnce() -> F) -> Result<T, AppError>
    where
        F: Future<Output = Result<T, AppError>> + Send + 'static,
    {
        let attempt = {
            let mut slot = self.slot();
            if let Some(kept) = &slot.value
                && kept.is_fresh(self.keep)
            {
                return Ok(kept.value.clone());
            }
            match &slot.attempt {
                Some(attempt) => attempt.clone(),
                None => self.start(&mut slot, load()),
            }
        };
        attempt.await
    }

    fn start<F>(&self, slot: &mut Slot<T>, load: F) -> Attempt<T>
    where
        F: Future<Output = Result<T, AppError>> + Send + 'static,
    {
        let memo = self.clone();
        let generation = slot.generation;
        let load = Trail::carried(load);
        let task = tokio::spawn(async move {
            let result = load.await;
            let mut slot = memo.slot();
            if slot.generation == generation {
                slot.attempt = None;
                if let Ok(value) = &result {
                    slot.value = Some(Kept::now(value.clone()));
                }
            }
            result
        });
        let attempt = async move {
            task.await
                .unwrap_or_else(|error| Err(AppError::Internal(error.to_string())))
        };
        let attempt = attempt.boxed().shared();
        slot.attempt = Some(attempt.clone());
        attempt
    }

    /// Takes the value for good no more; an attempt that is under way is waited for.
    pub(crate) fn expire(&self) {
        if let Some(kept) = &mut self.slot().value {
            kept.expired = true;
        }
    }

    /// Puts what `amend` makes of the fresh value in its place, as old as it was; where it makes nothing, the value is
    /// forgotten. Whoever asks meanwhile, or has asked before, gets what is loaded anew.
    pub(crate) async fn amend<F>(&self, amend: impl FnOnce(T) -> F)
    where
        F: Future<Output = Option<T>> + Send,
    {
        let (generation, value) = {
            let mut slot = self.slot();
            slot.generation += 1;
            slot.attempt = None;
            (slot.generation, slot.value.take())
        };
        let Some(kept) = value.filter(|kept| kept.is_fresh(self.keep)) else {
            return;
        };
        if let Some(value) = amend(kept.value).await {
            let mut slot = self.slot();
            if slot.generation == generation && slot.value.is_none() {
                slot.value = Some(Kept {
                    since: kept.since,
                    value,
                    expired: false,
                });
            }
        }
    }

    /// Forgets the value; an attempt that is under way is not remembered either.
    pub(crate) fn forget(&self) {
        let mut slot = self.slot();
        slot.generation += 1;
        slot.attempt = None;
        slot.value = None;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use tokio::sync::Notify;

    use super::*;

    /// Has it remember something else.
    async fn put(memo: &Memo<u32>, value: u32) {
        memo.forget();
        assert_eq!(memo.get(|| async move { Ok(value) }).await, Ok(value));
    }

    fn failure() -> AppError {
        AppError::Internal("no".into())
    }

    #[tokio::test]
    async fn callers_share_one_attempt_and_success_is_remembered() {
        let memo: Memo<u32> = Memo::new(Duration::from_mins(1));
        let (calls, gate) = (Arc::new(AtomicU32::new(0)), Arc::new(Notify::new()));
        let load = || {
            let (calls, gate) = (calls.clone(), gate.clone());
            async move {
                gate.notified().await;
                Ok(calls.fetch_add(1, Ordering::SeqCst))
            }
        };
        let (first, second, ()) = tokio::join!(memo.get(load), memo.get(load), async {
            gate.notify_one();
        });
        assert_eq!((first, second), (Ok(0), Ok(0)));
        assert_eq!(memo.get(load).await, Ok(0));
        assert_eq!(memo.peek(), Some((0, true)));
    }

    #[tokio::test]
    async fn failure_is_not_remembered() {
        let memo: Memo<u32> = Memo::new(Duration::from_mins(1));
        assert_eq!(memo.get(|| async { Err(failure()) }).await, Err(failure()));
        assert_eq!(memo.get(|| async { Ok(1) }).await, Ok(1));
    }

    #[tokio::test]
    async fn old_value_is_loaded_again_and_can_be_peeked_at() {
        let memo: Memo<u32> = Memo::new(Duration::ZERO);
        assert_eq!(memo.get(|| async { Ok(1) }).await, Ok(1));
        assert_eq!(memo.peek(), Some((1, false)));
        assert_eq!(memo.get(|| async { Ok(2) }).await, Ok(2));
    }

    #[tokio::test]
    async fn expired_value_is_loaded_again_by_one_attempt() {
        let memo: Memo<u32> = Memo::new(Duration::from_mins(1));
        assert_eq!(memo.get(|| async { Ok(1) }).await, Ok(1));
        memo.expire();
        let gate = Arc::new(Notify::new());
        let wait = gate.clone();
        let first = memo.get(move || async move {
            wait.notified().await;
            Ok(2)
        });
        let (first, second) = tokio::join!(first, async {
            memo.expire();
            let second = memo.get(|| async { Ok(3) });
            gate.notify_one();
            second.await
        });
        assert_eq!((first, second), (Ok(2), Ok(2)));
    }

    #[tokio::test]
    async fn expired_value_is_the_last_one_until_another_comes() {
        let memo: Memo<u32> = Memo::new(Duration::from_mins(1));
        put(&memo, 1).await;
        memo.expire();
        assert_eq!(memo.peek(), None);
        assert_eq!(memo.get(|| async { Err(failure()) }).await, Err(failure()));
        assert_eq!(memo.last().map(|(value, _)| value), Some(1));
        assert_eq!(memo.get(|| async { Ok(2) }).await, Ok(2));
        assert_eq!(memo.last().map(|(value, _)| value), Some(2));
        memo.expire();
        memo.amend(|value| async move { Some(value) }).await;
        assert_eq!(memo.last(), None, "what has expired is not amended");
        put(&memo, 3).await;
        memo.forget();
        assert_eq!(memo.last(), None);
    }

    #[tokio::test]
    async fn amended_value_takes_the_place_of_the_old_one_unless_something_newer_is_there() {
        let memo: Memo<u32> = Memo::new(Duration::from_mins(1));
        memo.amend(|_| async { Some(9) }).await;
        assert_eq!(memo.peek(), None, "there was nothing to amend");
        put(&memo, 1).await;
        memo.amend(|value| async move { Some(value + 1) }).await;
        assert_eq!(memo.peek(), Some((2, true)));
        memo.amend(|_| async { None }).await;
        assert_eq!(memo.peek(), None);
        put(&memo, 1).await;
        let newer = memo.clone();
        memo.amend(|value| async move {
            put(&newer, 7).await;
            Some(value + 1)
        })
        .await;
        assert_eq!(memo.peek(), Some((7, true)));
        let old: Memo<u32> = Memo::new(Duration::ZERO);
        put(&old, 1).await;
        old.amend(|value| async move { Some(value) }).await;
        assert_eq!(old.peek(), None, "too old to be amended");
    }

    #[tokio::test]
    async fn forgotten_attempt_does_not_come_back() {
        let memo: Memo<u32> = Memo::new(Duration::from_mins(1));
        let gate = Arc::new(Notify::new());
        let wait = gate.clone();
        let slow = memo.get(move || async move {
            wait.notified().await;
            Ok(1)
        });
        let (slow, ()) = tokio::join!(slow, async {
            memo.forget();
            gate.notify_one();
        });
        assert_eq!(slow, Ok(1));
        assert_eq!(memo.peek(), None);
        assert_eq!(memo.get(|| async { Ok(2) }).await, Ok(2));
        put(&memo, 3).await;
        assert_eq!(memo.peek(), Some((3, true)));
    }
}
