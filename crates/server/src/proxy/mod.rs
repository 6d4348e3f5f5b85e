//! The read proxy: the browser's and other programs' way to read authentik's API.
//!
//! `GET /api/v3/…` for operations of class `Read` that the connected version offers; the catalogue
//! is the allow-list. The request to authentik is a new one, made from the operation, its
//! parameters and the query: nothing else of the caller's request but its id gets through, and of the answer
//! only status, content type and body.

mod answer;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod mask;
mod query;

use std::sync::Arc;

use authentik_api::{
    OperationId,
    operation::{Class, Method, PathError, match_path},
};
use axum::{
    Extension, Router,
    extract::{Request, State},
    response::{IntoResponse, Response},
    routing::any,
};
use bytes::Bytes;
use futures_util::StreamExt as _;
use http::{
    HeaderValue, StatusCode, Uri, Version,
    header::{
        ACCEPT, ALLOW, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE,
        RETRY_AFTER,
    },
    request::Parts,
};

use self::answer::{Kind, Passed, collect, silent};
use crate::{
    connection::{Connected, Connector},
    limits::{Limits, Turn},
    refusal::Refusal,
    session::Session,
    state::AppState,
};

/// Where the proxied API lives.
const ROOT: &str = "/api/v3";

/// `/api/v3` and everything below it, any method.
pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route(ROOT, any(handle))
        .route(&format!("{ROOT}/"), any(handle))
        .route(&format!("{ROOT}/{{*path}}"), any(handle))
        .layer(Extension(Arc::new(Limits::default())))
}

async fn handle(
    State(state): State<AppState>,
    Extension(limits): Extension<Arc<Limits>>,
    Extension(session): Extension<Arc<Session>>,
    request: Request,
) -> Response {
    // The body is of no interest, and is not read.
    let (parts, _) = request.into_parts();
    match pass(&state.connector, &limits, &parts, &session.id).await {
        Ok(response) => response,
        Err(refusal) => refused(refusal),
    }
}

fn refused(refusal: Refusal) -> Response {
    let more = match refusal.status {
        StatusCode::METHOD_NOT_ALLOWED => Some((ALLOW, HeaderValue::from_static("GET"))),
        StatusCode::TOO_MANY_REQUESTS => Some((RETRY_AFTER, HeaderValue::from_static("1"))),
        _ => None,
    };
    let mut response = refusal.into_response();
    let headers = response.headers_mut();
    headers.extend(more);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn pass(
    connector: &Connector,
    limits: &Limits,
    request: &Parts,
    session: &str,
) -> Result<Response, Refusal> {
    let uri = &request.uri;
    if request.method != http::Method::GET {
        return Err(Refusal::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method_not_allowed",
            "This is a read proxy: only GET. Every write is a change set, see POST /api/changes.",
        ));
    }
    // HTTP/2 has no other form.
    if request.version < Version::HTTP_2 && (uri.scheme().is_some() || uri.authority().is_some()) {
        return Err(Refusal::new(
            StatusCode::BAD_REQUEST,
            "absolute_target",
            "The request names a whole address. This is no forward proxy: send the path alone.",
        ));
    }
    let (operation, target) = target(uri)?;
    let connected = connector.get_any().await?;
    if !operation.get().offered_by(connected.line) {
        let message = format!(
            "The connected authentik {} does not offer this operation.",
            connected.connection.capabilities.version
        );
        let refusal = Refusal::new(StatusCode::NOT_FOUND, "not_offered", message);
        return Err(refusal.about(operation));
    }
    let turn = limits.enter(session).await;
    let turn = turn.map_err(|refusal| refusal.about(operation))?;
    forward(connector, &connected, operation, &target, turn)
        .await
        .map_err(|refusal| refusal.about(operation))
}

/// The read that an address asks for, and path and query as authentik gets them.
fn target(uri: &Uri) -> Result<(OperationId, String), Refusal> {
    let (operation, path) = operation(uri.path())?;
    let message = match operation.class() {
        Class::Read => {
            let query = query::check(operation, uri).map_err(|refusal| refusal.about(operation))?;
            return Ok((operation, format!("{ROOT}{path}{query}")));
        }
        Class::Secret => "This operation gives out a credential, so it is not passed on.",
        _ => "This operation changes something, so it is not passed on.",
    };
    let refusal = Refusal::new(StatusCode::FORBIDDEN, "not_a_read", message);
    Err(refusal.about(operation))
}

/// The operation behind a path, and the path as authentik gets it.
fn operation(path: &str) -> Result<(OperationId, String), Refusal> {
    let path = path.strip_prefix(ROOT).unwrap_or_default();
    let unknown = |error: PathError| match error {
        PathError::Method { .. } => Refusal::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method_not_allowed",
            "authentik's API has no GET on this path.",
        ),
        error => Refusal::new(
            StatusCode::NOT_FOUND,
            "unknown_operation",
            format!("{error}."),
        ),
    };
    let matched = match_path(Method::Get, path).map_err(unknown)?;
    // A proxy in front of authentik that decodes once more would see another path.
    if matched.params.iter().any(|value| value.contains('%')) {
        return Err(Refusal::new(
            StatusCode::NOT_FOUND,
            "unknown_operation",
            "The path has a segment that is percent-encoded twice.",
        ));
    }
    let params: Vec<&str> = matched.params.iter().map(String::as_str).collect();
    let path = matched.operation.get().render(&params).map_err(unknown)?;
    Ok((matched.operation, path))
}

async fn forward(
    connector: &Connector,
    connected: &Connected,
    operation: OperationId,
    target: &str,
    turn: Turn,
) -> Result<Response, Refusal> {
    let request = http::Request::get(target)
        .header(ACCEPT, HeaderValue::from_static("application/json"))
        .extension(operation)
        .body(Bytes::new())
        .map_err(|_| {
            Refusal::new(
                StatusCode::BAD_REQUEST,
                "bad_query",
                "This is no valid address.",
            )
        })?;
    let answer = connected
        .client
        .transport()
        .stream(request)
        .await
        .map_err(|error| {
            connector.expire();
            silent(&error)
        })?;
    let (parts, body) = answer.into_parts();
    let kind = Kind::of(parts.status, &parts.headers);
    let empty = parts.status.is_redirection() || parts.status.is_informational();
    if kind == Kind::Foreign || empty {
        return Err(Refusal::new(
            StatusCode::BAD_GATEWAY,
            "unexpected_answer",
            format!(
                "authentik, or a proxy in front of it, answered with status {} and no data.",
                parts.status.as_u16()
            ),
        ));
    }
    let masked = mask::fields(operation, connected.line);
    let Passed { body, length } = collect(body.boxed(), masked, &parts.headers, turn).await?;
    let mut response = Response::new(body);
    *response.status_mut() = parts.status;
    let headers = response.headers_mut();
    if let Some(kind) = parts.headers.get(CONTENT_TYPE) {
        headers.insert(CONTENT_TYPE, kind.clone());
    }
    if let Some(length) = length {
        headers.insert(CONTENT_LENGTH, length);
    }
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if kind == Kind::Document {
        headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
    }
    Ok(response)
}
