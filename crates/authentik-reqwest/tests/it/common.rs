//! What the tests share.

use authentik_api::operation::named;
use authentik_reqwest::{Builder, Transport};
use bytes::Bytes;
use http::Request;
use wiremock::MockServer;

/// The token that must not turn up anywhere.
pub(crate) const TOKEN: &str = "canary-7f3a9c21e5";

/// A transport to `server` with the canary token.
pub(crate) fn builder(server: &MockServer) -> Builder {
    builder_at(&server.uri())
}

pub(crate) fn builder_at(url: &str) -> Builder {
    Transport::builder(url.parse().unwrap()).token(TOKEN.into())
}

/// A request as the client makes it.
pub(crate) fn request(method: &str, uri: &str) -> Request<Bytes> {
    Request::builder()
        .method(method)
        .uri(uri)
        .header("accept", "application/json")
        .extension(named("core_users_list"))
        .body(Bytes::new())
        .unwrap()
}
