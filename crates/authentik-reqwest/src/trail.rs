//! On whose behalf a call is made, so that its line in authentik's own log can be found.

use std::{
    fmt,
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use http::{HeaderMap, HeaderName, HeaderValue, Method, header::USER_AGENT};

/// The longest id.
const LENGTH: usize = 64;
/// So many of authentik's own ids are kept.
const KEPT: usize = 1000;
/// A proxy in front of authentik may log this one.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The id that authentik itself gives to a request, in its answer.
const AUTHENTIK_ID: HeaderName = HeaderName::from_static("x-authentik-id");

tokio::task_local! {
    static CURRENT: Trail;
}

/// What calls are made for: a request to the program, or a piece of its work. Clones are the same one.
///
/// Its id goes to authentik in `User-Agent`, which authentik writes into its log and its events, and in
/// `X-Request-Id`. In the other direction it collects the ids that authentik gave to writes.
#[derive(Clone)]
pub struct Trail {
    id: Arc<str>,
    answered: Arc<Mutex<Vec<String>>>,
}

impl Trail {
    /// A trail of this id. Of the id remain ASCII letters, digits, `-`, `_` and `.`, at most 64 of
    /// them: it may be a stranger's.
    pub fn new(id: &str) -> Self {
        let plain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let id: String = id.chars().filter(plain).take(LENGTH).collect();
        Self {
            id: id.into(),
            answered: Arc::default(),
        }
    }

    /// The id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The ids that authentik gave to the writes of this trail, in order; a thousand at most.
    pub fn answered(&self) -> Vec<String> {
        self.lock().clone()
    }

    /// The trail of the task that is running.
    pub fn current() -> Option<Self> {
        CURRENT.try_with(Clone::clone).ok()
    }

    /// Makes every call of `future` one of this trail. A task that it spawns is not part of it, see
    /// [`carried`](Self::carried).
    pub async fn scope<F: Future>(self, future: F) -> F::Output {
        CURRENT.scope(self, future).await
    }

    /// `future` as part of the trail that is current now, for a task that is spawned.
    pub fn carried<F: Future>(future: F) -> impl Future<Output = F::Output> {
        let current = Self::current();
        async move {
            match current {
                Some(trail) => trail.scope(future).await,
                None => future.await,
            }
        }
    }

    /// Writes the id into the headers of a call.
    pub(crate) fn mark(&self, user_agent: &str, headers: &mut HeaderMap) {
        if self.id.is_empty() {
            return;
        }
        let agent = HeaderValue::from_str(&format!("{user_agent} ({})", self.id));
        let id = HeaderValue::from_str(&self.id);
        if let (Ok(agent), Ok(id)) = (agent, id) {
            headers.insert(USER_AGENT, agent);
            headers.insert(REQUEST_ID, id);
        }
    }

    /// Notes the id that authentik gave to a write.
    pub(crate) fn note(&self, method: &Method, answer: &HeaderMap) {
        if method.is_safe() {
            return;
        }
        let Some(id) = answer.get(AUTHENTIK_ID).and_then(|id| id.to_str().ok()) else {
            return;
        };
        let mut answered = self.lock();
        if id.len() <= LENGTH && answered.len() < KEPT {
            answered.push(id.to_owned());
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<String>> {
        self.answered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Trail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Trail").field(&self.id).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn id_of_a_stranger_is_plain_and_short() {
        let trail = Trail::new(&format!("a-1_b.c\r\nx: (y) \u{fc}{}", "z".repeat(100)));
        assert!(trail.id().starts_with("a-1_b.cxyz"), "{trail:?}");
        assert_eq!(trail.id().len(), LENGTH);
        let mut headers = HeaderMap::new();
        Trail::new("()").mark("ostiary/1", &mut headers);
        assert!(headers.is_empty(), "nothing is left of it");
    }

    #[test]
    fn ids_of_reads_and_odd_ids_are_not_kept() {
        let trail = Trail::new("a");
        let answer = |id: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(AUTHENTIK_ID, HeaderValue::from_str(id).unwrap());
            headers
        };
        trail.note(&Method::GET, &answer("read"));
        trail.note(&Method::PUT, &HeaderMap::new());
        trail.note(&Method::PUT, &answer(&"x".repeat(65)));
        for number in 0..2 * KEPT {
            trail.note(&Method::PUT, &answer(&number.to_string()));
        }
        let answered = trail.answered();
        assert_eq!((answered.len(), answered[0].as_str()), (KEPT, "0"));
    }

    #[tokio::test]
    async fn spawned_task_is_part_of_a_trail_only_where_it_is_carried() {
        let id = || Trail::current().map(|trail| trail.id().to_owned());
        assert_eq!(id(), None);
        let (carried, other) = Trail::new("a")
            .scope(async {
                let carried = tokio::spawn(Trail::carried(async move { id() }));
                let other = tokio::spawn(async move { id() });
                (carried.await.unwrap(), other.await.unwrap())
            })
            .await;
        assert_eq!((carried.as_deref(), other), (Some("a"), None));
    }
}
