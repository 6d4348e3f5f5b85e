//! The one thing a transport must do.

use std::future::Future;

use bytes::Bytes;

/// Sends one HTTP request to authentik and gives back its answer.
///
/// A request carries a relative URI that starts with `/` (`/api/v3/core/users/me/`,
/// `/application/o/grafana/jwks/`); the transport knows the server in front of it and adds the
/// credential — to `/api/v3/` only. The [`OperationId`](crate::OperationId) of an API call lies in
/// the request's extensions, so that a transport can name it in its traces.
///
/// An answer of any status is `Ok`: telling a refusal from a success is the client's work.
/// Redirects are not followed: the answer that redirects is the answer.
pub trait Transport: Clone + Send + Sync + 'static {
    /// Why no answer came: connection refused, time limit, answer too large …
    type Error: std::error::Error + Send + Sync + 'static;

    /// Whether an error proves that the request never reached the server: connection refused, name
    /// not found, certificate not trusted. Of a write that never arrived one may say that nothing
    /// was written.
    fn never_sent(_error: &Self::Error) -> bool {
        false
    }

    /// Executes `request`.
    fn execute(
        &self,
        request: http::Request<Bytes>,
    ) -> impl Future<Output = Result<http::Response<Bytes>, Self::Error>> + Send;
}
