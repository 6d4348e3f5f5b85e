//! Without a session there is next to nothing.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use axum_extra::extract::CookieJar;

use super::{Audience, NotAllowed};
use crate::state::AppState;

/// What is open to everybody: the way in, the health of the process, and static files.
const OPEN: [&str; 5] = [
    "/enter",
    "/favicon.svg",
    "/healthz",
    "/plain.css",
    "/readyz",
];

/// Lets a request through that has a session or needs none.
pub(crate) async fn require(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    let open = OPEN.contains(&path) || path.starts_with("/pkg/");
    if open
        || state
            .sessions
            .admits(&CookieJar::from_headers(request.headers()))
    {
        return next.run(request).await;
    }
    Audience::of(request.uri(), request.headers()).refuse(NotAllowed::SignedOut)
}
