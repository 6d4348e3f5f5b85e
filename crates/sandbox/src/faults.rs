//! Switches that make the server misbehave, for tests of clients.

use axum::body::Body;
use bytes::Bytes;
use futures_util::StreamExt as _;
use http::{Method, Response, StatusCode, header};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The answer comes later.
    Latency(Duration),
    /// An unhandled error before anything is done: 500 with an HTML page on reads, the empty 405 on writes.
    ServerError,
    /// A proxy in front answers: 502 with an HTML page, nothing is done.
    BadGateway,
    /// The connection breaks before anything is done and without an answer.
    Reset,
    /// The call is carried out, but the connection breaks in the middle of the body.
    Truncate,
    /// A call of `core/transactional/applications` answers 200 with `applied: false`, and nothing is done (T26). The
    /// recordings never show this answer; its form follows the schema.
    NotApplied,
    /// The call is carried out, but an HTML page comes instead of JSON, with status 200.
    Html,
    /// Nothing is done and no answer comes, until the switch is removed.
    HangBefore,
    /// The call is carried out, but no answer comes until the switch is removed.
    HangAfter,
}

#[derive(Debug)]
struct Switch {
    fault: Fault,
    method: Option<Method>,
    prefix: String,
    /// How often it still strikes.
    left: AtomicU32,
    hits: AtomicU32,
    arrived: Notify,
    removed: AtomicBool,
    release: Notify,
}

/// All switches of a sandbox.
#[derive(Debug, Default)]
pub struct Faults {
    switches: Mutex<Vec<Arc<Switch>>>,
}

/// One switch. Dropping it leaves the switch on; [`FaultHandle::remove`] or [`Faults::clear`] take it away.
#[derive(Debug, Clone)]
pub struct FaultHandle(Arc<Switch>);

impl Faults {
    /// From now on, calls of `method` (any where absent) whose path starts with `prefix` meet the fault, `times` times
    /// (for ever where absent). The oldest fitting switch strikes first.
    pub fn set(
        &self,
        fault: Fault,
        method: Option<Method>,
        prefix: &str,
        times: Option<u32>,
    ) -> FaultHandle {
        let switch = Arc::new(Switch {
            fault,
            method,
            prefix: prefix.to_owned(),
            left: AtomicU32::new(times.unwrap_or(u32::MAX)),
            hits: AtomicU32::new(0),
            arrived: Notify::new(),
            removed: AtomicBool::new(false),
            release: Notify::new(),
        });
        self.lock().push(Arc::clone(&switch));
        FaultHandle(switch)
    }

    /// Takes every switch away; hanging calls go on.
    pub fn clear(&self) {
        for switch in self.lock().drain(..) {
            FaultHandle(switch).remove();
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Arc<Switch>>> {
        self.switches.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The switch that a call meets, if any; counts it.
    pub(crate) fn strike(&self, method: &Method, path: &str) -> Option<FaultHandle> {
        let mut switches = self.lock();
        switches.retain(|switch| {
            !switch.removed.load(Ordering::SeqCst) && switch.left.load(Ordering::SeqCst) > 0
        });
        let switch = switches.iter().find(|s| {
            s.method.as_ref().is_none_or(|wanted| wanted == method) && path.starts_with(&s.prefix)
        })?;
        if switch.left.load(Ordering::SeqCst) != u32::MAX {
            switch.left.fetch_sub(1, Ordering::SeqCst);
        }
        Some(FaultHandle(Arc::clone(switch)))
    }
}

impl FaultHandle {
    /// Takes the switch away; calls that hang in it go on.
    pub fn remove(&self) {
        self.0.removed.store(true, Ordering::SeqCst);
        self.0.release.notify_waiters();
    }

    /// How many calls have met it. With [`Fault::HangAfter`] a call counts once it has been carried out.
    pub fn hits(&self) -> u32 {
        self.0.hits.load(Ordering::SeqCst)
    }

    /// Waits until a call has met it, once per call. A call that came before the wait counts.
    pub async fn arrived(&self) {
        self.0.arrived.notified().await;
    }

    pub(crate) fn fault(&self) -> Fault {
        self.0.fault
    }

    pub(crate) fn announce(&self) {
        self.0.hits.fetch_add(1, Ordering::SeqCst);
        self.0.arrived.notify_one();
    }

    /// Waits until the switch is removed.
    pub(crate) async fn hang(&self) {
        let released = self.0.release.notified();
        if !self.0.removed.load(Ordering::SeqCst) {
            released.await;
        }
    }
}

/// Marks a response whose connection is to be broken off instead of answered.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BreakOff;

/// Ends a body in the middle, or a connection before its answer.
#[derive(Debug)]
pub(crate) struct Broken;

impl From<std::convert::Infallible> for Broken {
    fn from(never: std::convert::Infallible) -> Self {
        match never {}
    }
}

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("connection broken off by a fault switch")
    }
}

impl std::error::Error for Broken {}

/// An answer that never comes: the body fails at once, and [`crate::Sandbox::serve`] closes the connection.
pub(crate) fn broken_off() -> Response<Body> {
    let mut response = Response::new(failing(Bytes::new()));
    response.extensions_mut().insert(BreakOff);
    response
}

/// The same answer with half its body.
pub(crate) fn truncated(response: Response<Body>, body: &Bytes) -> Response<Body> {
    let (mut parts, _) = response.into_parts();
    parts
        .headers
        .insert(header::CONTENT_LENGTH, body.len().into());
    Response::from_parts(parts, failing(body.slice(..body.len() / 2)))
}

fn failing(first: Bytes) -> Body {
    let pieces: Vec<Result<Bytes, Broken>> = if first.is_empty() {
        vec![Err(Broken)]
    } else {
        vec![Ok(first), Err(Broken)]
    };
    // A pause before the failure lets the first half go out.
    Body::from_stream(futures_util::stream::iter(pieces).then(async |piece| {
        if piece.is_err() {
            tokio::task::yield_now().await;
        }
        piece
    }))
}

/// A page instead of the answer.
pub(crate) fn html(status: StatusCode, title: &str) -> Response<Body> {
    crate::reply::Reply::page(status, title, "A fault switch is on.").into_response()
}
