//! The transport itself.

use std::{fmt, sync::Arc, time::Duration};

use authentik_api::OperationId;
use bytes::{Bytes, BytesMut};
use futures_util::{Stream, TryStreamExt, stream};
use http::{
    HeaderMap, HeaderValue, Request, Response, Uri,
    header::{AUTHORIZATION, HOST},
    request::Parts,
};
use secrecy::{ExposeSecret, SecretString};
use tokio::time::{Instant, sleep};
use tracing::{Instrument, Span, field::Empty};
use url::Url;

use crate::{
    Builder, Error,
    address::{Base, Public},
    circuit::{Circuit, CircuitState, Outcome, Pass},
    guard::classify,
    retry,
    trail::Trail,
};

/// Sends requests of the client to one authentik. Cheap to clone.
///
/// The token is in here and cannot be read out again; `Debug` does not show it.
///
/// Every answer has the [`Kind`](crate::guard::Kind) of place that it came from in its extensions.
#[derive(Clone)]
pub struct Transport {
    inner: Arc<Inner>,
    /// What its calls are made for, where that is not the trail of the task.
    trail: Option<Trail>,
}

struct Inner {
    http: reqwest::Client,
    base: Base,
    /// The base's host, for messages.
    host: String,
    public: Option<Public>,
    token: Option<SecretString>,
    timeout: Duration,
    max_response_bytes: u64,
    retries: u32,
    user_agent: String,
    circuit: Circuit,
}

impl Transport {
    /// Begins a transport to the authentik at `base_url`, which may lie below a path.
    pub fn builder(base_url: Url) -> Builder {
        Builder::new(base_url)
    }

    pub(crate) fn new(
        http: reqwest::Client,
        base: Base,
        public: Option<Public>,
        settings: Builder,
    ) -> Self {
        let inner = Inner {
            http,
            host: base.host(),
            base,
            public,
            token: settings.token,
            timeout: settings.timeout,
            max_response_bytes: settings.max_response_bytes,
            retries: settings.retries,
            user_agent: settings.user_agent,
            circuit: Circuit::default(),
        };
        Self {
            inner: Arc::new(inner),
            trail: None,
        }
    }

    /// The same transport for calls of one trail, in whatever task they are made.
    #[must_use]
    pub fn with_trail(mut self, trail: Option<Trail>) -> Self {
        self.trail = trail;
        self
    }

    /// Where authentik is called.
    pub fn base_url(&self) -> &Url {
        self.inner.base.url()
    }

    /// Where people reach authentik: the public address if one was given, else the base address.
    pub fn public_url(&self) -> &Url {
        self.inner
            .public
            .as_ref()
            .map_or(self.base_url(), |public| &public.url)
    }

    /// Path and query, below the base, of an address that authentik gave out: it writes down its public address,
    /// and where that is another one than the base address, the transport reaches it by the base. Nothing for any
    /// other server's address.
    pub fn within(&self, url: &Url) -> Option<Uri> {
        [self.public_url(), self.base_url()]
            .into_iter()
            .find_map(|base| below(base, url))
    }

    /// Whether authentik is asked at all: after several calls without an answer it is left alone for
    /// a while. Clones of a transport share this.
    pub fn circuit(&self) -> CircuitState {
        self.inner.circuit.state()
    }

    /// Ends such a while: the next call is made to find out whether authentik answers again.
    pub fn try_now(&self) {
        self.inner.circuit.hurry();
    }

    /// Sends `request` and hands the body on as it comes, for proxies: limits and token are as in
    /// [`execute`](authentik_api::Transport::execute).
    ///
    /// # Errors
    /// When no answer comes. An error later than that is an item of the stream, its last.
    pub async fn stream(
        &self,
        request: Request<Bytes>,
    ) -> Result<Response<impl Stream<Item = Result<Bytes, Error>> + Send + use<>>, Error> {
        let pass = self.pass()?;
        let span = span(&request);
        let started = Instant::now();
        let answer = self.send(request, started).instrument(span.clone()).await;
        pass.end(outcome(answer.as_ref().map(reqwest::Response::status)));
        finish(
            &span,
            started,
            answer.as_ref().map(reqwest::Response::status),
        );
        Ok(self.response(answer?))
    }

    async fn collect(&self, request: Request<Bytes>) -> Result<Response<Bytes>, Error> {
        let pass = self.pass()?;
        let span = span(&request);
        let started = Instant::now();
        let answer = async {
            let response = self.response(self.send(request, started).await?);
            let (parts, body) = response.into_parts();
            let mut body = std::pin::pin!(body);
            let mut bytes = BytesMut::new();
            while let Some(chunk) = body.try_next().await? {
                bytes.extend_from_slice(&chunk);
            }
            Ok(Response::from_parts(parts, bytes.freeze()))
        };
        let answer = answer.instrument(span.clone()).await;
        pass.end(outcome(answer.as_ref().map(Response::status)));
        finish(&span, started, answer.as_ref().map(Response::status));
        answer
    }

    /// Lets a call through, unless authentik is left alone.
    fn pass(&self) -> Result<Pass, Error> {
        let circuit = &self.inner.circuit;
        circuit.admit().map_err(|retry_in| Error::LeftAlone {
            to: self.inner.host.clone(),
            retry_in,
        })
    }

    /// Sends the request, reads again; gives the answer's head.
    async fn send(
        &self,
        request: Request<Bytes>,
        started: Instant,
    ) -> Result<reqwest::Response, Error> {
        let (parts, body) = request.into_parts();
        let target = self.inner.base.join(&parts.uri)?;
        let trail = self.trail.clone().or_else(Trail::current);
        let headers = self.headers(&parts, target.is_api, trail.as_ref());
        let deadline = started + self.inner.timeout;
        let mut failed = 0;
        loop {
            let mut request = reqwest::Request::new(parts.method.clone(), target.url.clone());
            *request.headers_mut() = headers.clone();
            *request.timeout_mut() = Some(deadline - Instant::now());
            if !body.is_empty() {
                *request.body_mut() = Some(body.clone().into());
            }
            let answer = self
                .inner
                .http
                .execute(request)
                .await
                .map_err(|error| self.error(error));
            if let (Some(trail), Ok(answer)) = (&trail, &answer) {
                trail.note(&parts.method, answer.headers());
            }
            let again = match &answer {
                Ok(answer) => retry::is_gateway_error(answer.status()),
                Err(error) => error.is_connect(),
            };
            failed += 1;
            if !again || failed > self.inner.retries || !retry::is_repeatable(&parts.method) {
                return answer;
            }
            let pause = retry::pause(failed);
            if Instant::now() + pause >= deadline {
                return answer;
            }
            tracing::debug!(failed, "sent again");
            sleep(pause).await;
        }
    }

    fn headers(&self, parts: &Parts, is_api: bool, trail: Option<&Trail>) -> HeaderMap {
        let mut headers = parts.headers.clone();
        if is_api {
            // A credential of the caller's never takes the place of the transport's.
            headers.remove(AUTHORIZATION);
            if let Some(token) = self.authorization() {
                headers.insert(AUTHORIZATION, token);
            }
        }
        if let Some(public) = &self.inner.public {
            headers.insert(HOST, public.host.clone());
            headers.insert("x-forwarded-host", public.host.clone());
            headers.insert("x-forwarded-proto", public.scheme.clone());
        }
        if let Some(trail) = trail {
            trail.mark(&self.inner.user_agent, &mut headers);
        }
        headers
    }

    fn authorization(&self) -> Option<HeaderValue> {
        let token = self.inner.token.as_ref()?;
        // The builder made sure that the token can stand in a header.
        let mut value = HeaderValue::from_str(&format!("Bearer {}", token.expose_secret())).ok()?;
        value.set_sensitive(true);
        Some(value)
    }

    /// The answer with a body that ends with an error at the limit.
    fn response(
        &self,
        mut answer: reqwest::Response,
    ) -> Response<impl Stream<Item = Result<Bytes, Error>> + Send + use<>> {
        let mut response = Response::new(());
        *response.status_mut() = answer.status();
        *response.headers_mut() = std::mem::take(answer.headers_mut());
        if let Some(peer) = answer.remote_addr() {
            response.extensions_mut().insert(classify(peer.ip()));
        }
        let limit = self.inner.max_response_bytes;
        let left = match answer.content_length() {
            Some(length) if length > limit => None,
            _ => Some(limit),
        };
        let transport = self.clone();
        let body = stream::try_unfold((answer, left), move |(mut answer, left)| {
            let transport = transport.clone();
            async move {
                let left = left.ok_or(Error::TooLarge { limit })?;
                let chunk = answer
                    .chunk()
                    .await
                    .map_err(|error| transport.error(error))?;
                let Some(chunk) = chunk else { return Ok(None) };
                let length = u64::try_from(chunk.len()).unwrap_or(u64::MAX);
                let left = left.checked_sub(length).ok_or(Error::TooLarge { limit })?;
                Ok(Some((chunk, (answer, Some(left)))))
            }
        });
        response.map(|()| body)
    }

    fn error(&self, error: reqwest::Error) -> Error {
        Error::classify(error, &self.inner.host, self.inner.timeout)
    }
}

/// What stands behind `base` in `url`.
fn below(base: &Url, url: &Url) -> Option<Uri> {
    if url.origin() != base.origin() {
        return None;
    }
    let path = url.path().strip_prefix(base.path().trim_end_matches('/'))?;
    let query = url.query().map(|query| format!("?{query}"));
    format!("{path}{}", query.unwrap_or_default()).parse().ok()
}

/// What the end of a call says about the server.
fn outcome(status: Result<http::StatusCode, &Error>) -> Outcome {
    match status {
        Ok(status) if retry::is_gateway_error(status) => Outcome::Silence,
        Ok(_) | Err(Error::TooLarge { .. }) => Outcome::Answer,
        Err(error) if error.is_silence() => Outcome::Silence,
        Err(_) => Outcome::Nothing,
    }
}

/// The span of one call: what was called, never where or with what.
fn span(request: &Request<Bytes>) -> Span {
    let operation = request.extensions().get::<OperationId>();
    tracing::info_span!(
        "authentik",
        operation = operation.map(|operation| operation.get().id),
        method = request.method().as_str(),
        status = Empty,
        elapsed_ms = Empty,
    )
}

/// Writes the outcome to the span and to the log.
fn finish(span: &Span, started: Instant, status: Result<http::StatusCode, &Error>) {
    let elapsed = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    span.record("elapsed_ms", elapsed);
    let _inside = span.enter();
    match status {
        Ok(status) => {
            span.record("status", status.as_u16());
            tracing::debug!("authentik answered");
        }
        Err(error) => tracing::warn!(%error, "no answer from authentik"),
    }
}

impl authentik_api::Transport for Transport {
    type Error = Error;

    /// A TLS error is left out: it may also break an exchange that has begun.
    fn never_sent(error: &Error) -> bool {
        error.is_connect()
            || matches!(
                error,
                Error::Address { .. } | Error::Refused(_) | Error::LeftAlone { .. }
            )
    }

    async fn execute(&self, request: Request<Bytes>) -> Result<Response<Bytes>, Error> {
        self.collect(request).await
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &self.inner;
        f.debug_struct("Transport")
            .field("base_url", &inner.base.url().as_str())
            .field(
                "public_url",
                &inner.public.as_ref().map(|public| public.url.as_str()),
            )
            .field("has_token", &inner.token.is_some())
            .field("timeout", &inner.timeout)
            .field("max_response_bytes", &inner.max_response_bytes)
            .field("retries", &inner.retries)
            .finish_non_exhaustive()
    }
}
