//! Gives the layers that refuse without a word, such as CSRF protection and the catcher of panics,
//! an answer in the reader's form.

use std::any::Any;

use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use http::StatusCode;
use tower_http_csrf::csrf::ProtectionError;

use super::{Audience, NotAllowed};

/// Marks the answer of a handler that panicked.
#[derive(Debug, Clone, Copy)]
struct Panicked;

/// Puts an explanation in the place of an empty refusal.
pub(crate) async fn explain(request: Request, next: Next) -> Response {
    let audience = Audience::of(request.uri(), request.headers());
    let response = next.run(request).await;
    if response.extensions().get::<ProtectionError>().is_some() {
        audience.refuse(NotAllowed::Foreign)
    } else if response.status() == StatusCode::PAYLOAD_TOO_LARGE {
        audience.refuse(NotAllowed::TooLarge)
    } else if response.extensions().get::<Panicked>().is_some() {
        audience.refuse(NotAllowed::Failed)
    } else {
        response
    }
}

/// What is left of a handler that panicked: a line in the log. It costs its own request, nothing
/// else.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the signature that the layer calls"
)]
pub(crate) fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let text = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message");
    tracing::error!(panic = text, "a handler panicked");
    let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
    response.extensions_mut().insert(Panicked);
    response
}

#[cfg(test)]
mod tests {
    use axum::{Router, body::Body, middleware::from_fn, routing::get};
    use tower::{ServiceBuilder, ServiceExt as _};
    use tower_http::catch_panic::CatchPanicLayer;

    use super::*;

    #[tokio::test]
    async fn panic_becomes_an_answer_that_says_nothing_about_it() {
        let router: Router = Router::new()
            .route("/api/x", get(async || -> &'static str { panic!("hush") }))
            .layer(
                ServiceBuilder::new()
                    .layer(from_fn(explain))
                    .layer(CatchPanicLayer::custom(panicked)),
            );
        let request = Request::get("/api/x").body(Body::empty()).unwrap();
        let response = router.oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let body = axum::body::to_bytes(response.into_body(), 10_000)
            .await
            .unwrap();
        let body = String::from_utf8(body.to_vec()).unwrap();
        assert!(
            body.contains("internal") && !body.contains("hush"),
            "{body}"
        );
    }
}
