//! The transport itself.

use bytes::Bytes;
use gloo_net::http::RequestBuilder;
use http::{HeaderName, HeaderValue, Request, Response, StatusCode};
use js_sys::Uint8Array;
use send_wrapper::SendWrapper;
use web_sys::{AbortController, RequestRedirect, ResponseType};

use crate::address::same_origin;

/// Sends requests of the client to the page's own origin.
#[derive(Debug, Clone, Copy, Default)]
pub struct Transport;

/// Why no answer came.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The request names another origin than the page's.
    #[error("only paths of this console can be asked")]
    Address,
    /// The server redirects: the session has ended.
    #[error("the session has ended; reload the page to sign in again")]
    Redirected,
    /// The browser could not reach the server, or the answer broke off.
    #[error("the console's server cannot be reached: {message}")]
    Network {
        /// The browser's words.
        message: String,
    },
}

impl Transport {
    /// The transport of this page.
    pub const fn new() -> Self {
        Self
    }
}

impl authentik_api::Transport for Transport {
    type Error = Error;

    fn execute(
        &self,
        request: Request<Bytes>,
    ) -> impl Future<Output = Result<Response<Bytes>, Error>> + Send {
        // There is one thread in the page: what is not `Send` stays on it.
        SendWrapper::new(fetch(request))
    }
}

/// Aborts the `fetch` when the future that waits for it goes away.
struct AbortOnDrop(AbortController);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        // After the answer has come there is nothing left to abort.
        self.0.abort();
    }
}

async fn fetch(request: Request<Bytes>) -> Result<Response<Bytes>, Error> {
    let (parts, body) = request.into_parts();
    let url = same_origin(&parts.uri).ok_or(Error::Address)?;
    let controller = AbortController::new().map_err(|error| Error::Network {
        message: error.as_string().unwrap_or_default(),
    })?;
    let guard = AbortOnDrop(controller);
    let mut builder = RequestBuilder::new(&url)
        .method(parts.method)
        .redirect(RequestRedirect::Manual)
        .abort_signal(Some(&guard.0.signal()));
    for (name, value) in &parts.headers {
        if let Ok(value) = value.to_str() {
            builder = builder.header(name.as_str(), value);
        }
    }
    let request = if body.is_empty() {
        builder.build()
    } else {
        builder.body(Uint8Array::from(body.as_ref()))
    };
    let answer = request.map_err(network)?.send().await.map_err(network)?;
    if answer.type_() == ResponseType::Opaqueredirect {
        return Err(Error::Redirected);
    }
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = StatusCode::from_u16(answer.status()).map_err(|_| Error::Network {
        message: format!("status {}", answer.status()),
    })?;
    for (name, value) in answer.headers().entries() {
        if let (Ok(name), Ok(value)) = (
            HeaderName::try_from(name.as_str()),
            HeaderValue::try_from(value.as_str()),
        ) {
            response.headers_mut().append(name, value);
        }
    }
    *response.body_mut() = Bytes::from(answer.binary().await.map_err(network)?);
    Ok(response)
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn network(error: gloo_net::Error) -> Error {
    Error::Network {
        message: error.to_string(),
    }
}
