//! No answer takes for ever.

use std::time::Duration;

use axum::{extract::Request, middleware::Next, response::Response};
use tokio::time::timeout;

use super::{Audience, NotAllowed};

/// Twice what a call to authentik may take.
const LIMIT: Duration = Duration::from_mins(1);

/// Ends a request whose answer does not begin in time.
pub(crate) async fn limit(request: Request, next: Next) -> Response {
    let audience = Audience::of(request.uri(), request.headers());
    match timeout(LIMIT, next.run(request)).await {
        Ok(response) => response,
        Err(_) => audience.refuse(NotAllowed::Slow),
    }
}
