//! One line in the log for each request: method, route, status, time. Never a query, a header or a
//! value in the path.

use std::time::Instant;

use authentik_reqwest::Trail;
use axum::{
    extract::{MatchedPath, Request},
    middleware::Next,
    response::Response,
};
use http::{HeaderMap, Method};
use tracing::{Instrument as _, field::Empty};

/// Header with the id of a request.
pub(crate) const REQUEST_ID: &str = "x-request-id";
/// What the trail of a change set begins with.
pub(crate) const CHANGE: &str = "change-";

/// What calls are made for while this request is answered. The id may be a stranger's, who is not to pass for a
/// change set.
pub(crate) fn trail(headers: &HeaderMap) -> Trail {
    let id = headers.get(REQUEST_ID).and_then(|id| id.to_str().ok());
    Trail::new(id.unwrap_or_default().trim_start_matches(CHANGE))
}

/// Traces a request.
pub(crate) async fn trace(request: Request, next: Next) -> Response {
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map(MatchedPath::as_str);
    let id = request
        .headers()
        .get(REQUEST_ID)
        .and_then(|id| id.to_str().ok());
    let read = *request.method() == Method::GET;
    let span = tracing::info_span!(
        "request",
        id,
        method = request.method().as_str(),
        route,
        status = Empty,
        ms = Empty
    );
    let started = Instant::now();
    // What authentik is asked for this request can be found in its log.
    let answer = trail(request.headers()).scope(next.run(request));
    let response = answer.instrument(span.clone()).await;
    let status = response.status();
    span.record("status", status.as_u16());
    span.record(
        "ms",
        u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
    );
    let _inside = span.enter();
    if status.is_server_error() {
        tracing::warn!("answered");
    } else if read {
        tracing::debug!("answered");
    } else {
        tracing::info!("answered");
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trail_of_a_request_passes_for_no_change_set() {
        for (told, expected) in [
            ("a-1", "a-1"),
            ("change-change-7k2m", "7k2m"),
            ("change-", ""),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(REQUEST_ID, told.parse().unwrap());
            assert_eq!(trail(&headers).id(), expected, "{told}");
        }
    }
}
