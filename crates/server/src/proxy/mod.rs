//! The read proxy: the browser's and other programs' way to read authentik's API.
//!
//! `GET /api/v3/…` for operations of class `Read` that the connected version offers; the catalogue
//! is the allow-list. The request to authentik is a new one, made from the operation, its
//! parameters and the query: nothing else of the caller's request gets through, and of the answer
//! only status, content type and body.

use std::pin::Pin;

use authentik_api::{
    OperationId,
    operation::{self, Class, Method, PathError, match_path},
};
use authentik_reqwest::Error as TransportError;
use axum::{
    body::Body,
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt as _, TryStreamExt as _, stream};
use http::{
    HeaderMap, HeaderValue, StatusCode, Uri,
    header::{ACCEPT, ALLOW, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE},
};
use serde_json::Value;
use setup::Secret;

use crate::{
    connection::{Connected, Connector, no_answer},
    refusal::Refusal,
    state::AppState,
};

/// Where the proxied API lives.
pub(crate) const ROOT: &str = "/api/v3";
/// Answers up to this size are read to the end before the first byte is passed on, so that a broken
/// one is an error and not half an answer.
const WHOLE: usize = 64 * 1024;
/// The longest query that is passed on.
const MAX_QUERY: usize = 8 * 1024;

/// The operations of class `Read` whose answers hold a client secret: it is masked.
const WITH_SECRET: [OperationId; 2] = [
    operation::named("providers_oauth2_list"),
    operation::named("providers_oauth2_retrieve"),
];

type Chunks = Pin<Box<dyn Stream<Item = Result<Bytes, TransportError>> + Send>>;

/// `/api/v3/{*path}`, any method.
pub(crate) async fn handle(State(state): State<AppState>, request: Request) -> Response {
    match pass(&state.connector, request.method(), request.uri()).await {
        Ok(response) => response,
        Err(refusal) => {
            let not_allowed = refusal.status == StatusCode::METHOD_NOT_ALLOWED;
            let mut response = refusal.into_response();
            if not_allowed {
                response
                    .headers_mut()
                    .insert(ALLOW, HeaderValue::from_static("GET"));
            }
            response
                .headers_mut()
                .insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
            response
        }
    }
}

async fn pass(
    connector: &Connector,
    method: &http::Method,
    uri: &Uri,
) -> Result<Response, Refusal> {
    if method != http::Method::GET {
        return Err(Refusal::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method_not_allowed",
            "This is a read proxy: only GET. Every write is a change set, see POST /api/changes.",
        ));
    }
    let (operation, path) = operation(uri.path())?;
    let row = operation.get();
    if row.class != Class::Read {
        let message = match row.class {
            Class::Secret => "This operation gives out a credential, so it is not passed on.",
            _ => "This operation changes something, so it is not passed on.",
        };
        let refusal = Refusal::new(StatusCode::FORBIDDEN, "not_a_read", message);
        return Err(refusal.about(operation));
    }
    let query = query(uri).map_err(|refusal| refusal.about(operation))?;
    let connected = connector.get_any().await?;
    if !row.offered_by(connected.line) {
        let message = format!(
            "The connected authentik {} does not offer this operation.",
            connected.connection.capabilities.version
        );
        let refusal = Refusal::new(StatusCode::NOT_FOUND, "not_offered", message);
        return Err(refusal.about(operation));
    }
    let target = format!("{ROOT}{path}{query}");
    forward(connector, &connected, operation, &target)
        .await
        .map_err(|refusal| refusal.about(operation))
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
    let params: Vec<&str> = matched.params.iter().map(String::as_str).collect();
    let path = matched.operation.get().render(&params).map_err(unknown)?;
    Ok((matched.operation, path))
}

/// The query as it came, with its question mark. Names are looked at, values are authentik's matter.
fn query(uri: &Uri) -> Result<String, Refusal> {
    let Some(query) = uri.query().filter(|query| !query.is_empty()) else {
        return Ok(String::new());
    };
    let is_name = |name: &str| {
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        !name.is_empty() && name.bytes().all(fits)
    };
    let names = query
        .split('&')
        .map(|pair| pair.split('=').next().unwrap_or_default());
    if query.len() > MAX_QUERY || !names.into_iter().all(is_name) {
        return Err(Refusal::new(
            StatusCode::BAD_REQUEST,
            "bad_query",
            "A name in the query may have lower-case letters, digits and underscores only.",
        ));
    }
    Ok(format!("?{query}"))
}

async fn forward(
    connector: &Connector,
    connected: &Connected,
    operation: OperationId,
    target: &str,
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
            connector.forget();
            silent(&error)
        })?;
    let (parts, body) = answer.into_parts();
    let html = parts
        .headers
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if html || parts.status.is_redirection() || parts.status.is_informational() {
        return Err(Refusal::new(
            StatusCode::BAD_GATEWAY,
            "unexpected_answer",
            format!(
                "authentik, or a proxy in front of it, answered with status {} and no data.",
                parts.status.as_u16()
            ),
        ));
    }
    let body = collect(
        body.boxed(),
        WITH_SECRET.contains(&operation),
        &parts.headers,
    )
    .await?;
    let mut response = Response::new(body.body);
    *response.status_mut() = parts.status;
    let headers = response.headers_mut();
    if let Some(kind) = parts.headers.get(CONTENT_TYPE) {
        headers.insert(CONTENT_TYPE, kind.clone());
    }
    if let Some(length) = body.length {
        headers.insert(CONTENT_LENGTH, length);
    }
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

struct Passed {
    body: Body,
    /// Where the body is streamed: how long authentik says that it is.
    length: Option<HeaderValue>,
}

async fn collect(mut chunks: Chunks, masked: bool, headers: &HeaderMap) -> Result<Passed, Refusal> {
    let limit = if masked { usize::MAX } else { WHOLE };
    let mut first: Vec<Bytes> = Vec::new();
    let mut size = 0;
    while let Some(chunk) = chunks.try_next().await.map_err(|error| silent(&error))? {
        size += chunk.len();
        first.push(chunk);
        if size > limit {
            let body = stream::iter(first.into_iter().map(Ok)).chain(chunks);
            let length = headers.get(CONTENT_LENGTH).cloned();
            return Ok(Passed {
                body: Body::from_stream(body),
                length,
            });
        }
    }
    let whole = match (first.pop(), first.as_slice()) {
        (None, _) => Bytes::new(),
        (Some(only), []) => only,
        (Some(last), rest) => {
            let mut whole = BytesMut::with_capacity(size);
            for chunk in rest {
                whole.extend_from_slice(chunk);
            }
            whole.extend_from_slice(&last);
            whole.freeze()
        }
    };
    let whole = if masked { mask(&whole)? } else { whole };
    Ok(Passed {
        body: Body::from(whole),
        length: None,
    })
}

/// The same JSON with every client secret masked.
fn mask(body: &Bytes) -> Result<Bytes, Refusal> {
    fn walk(value: &mut Value) {
        match value {
            Value::Object(map) => {
                for (key, value) in map {
                    if key == "client_secret" && value.is_string() {
                        *value = Value::from(Secret::MASK);
                    } else {
                        walk(value);
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(walk),
            _ => {}
        }
    }
    let mut value: Value = serde_json::from_slice(body).map_err(|_| {
        Refusal::new(
            StatusCode::BAD_GATEWAY,
            "unexpected_answer",
            "The answer is no JSON, so its secrets cannot be masked.",
        )
    })?;
    walk(&mut value);
    Ok(Bytes::from(value.to_string()))
}

/// No answer, or half of one.
fn silent(error: &TransportError) -> Refusal {
    let mut refusal = Refusal::from(no_answer(error));
    refusal.status = match error {
        TransportError::Timeout { .. } => StatusCode::GATEWAY_TIMEOUT,
        _ => StatusCode::BAD_GATEWAY,
    };
    refusal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mask_hides_client_secrets_at_any_depth() {
        let body = Bytes::from_static(
            br#"{"results":[{"client_secret":"hush","client_id":"x"}],"client_secret":null}"#,
        );
        let masked = mask(&body).unwrap();
        let masked: Value = serde_json::from_slice(&masked).unwrap();
        assert_eq!(masked["results"][0]["client_secret"], Secret::MASK);
        assert_eq!(masked["results"][0]["client_id"], "x");
        assert_eq!(masked["client_secret"], Value::Null);
        assert!(mask(&Bytes::from_static(b"<html>")).is_err());
    }

    #[test]
    fn query_names_are_checked_and_values_are_left_alone() {
        let of = |text: &str| query(&text.parse().unwrap());
        assert_eq!(of("/x"), Ok(String::new()));
        assert_eq!(of("/x?"), Ok(String::new()));
        assert_eq!(
            of("/x?search=a%26b+c&page_size=5"),
            Ok("?search=a%26b+c&page_size=5".into())
        );
        assert_eq!(of("/x?policy__isnull"), Ok("?policy__isnull".into()));
        for bad in [
            "/x?A=1",
            "/x?a%20b=1",
            "/x?a-b=1",
            "/x?=1",
            "/x?a=1&&b=2",
            "/x?a[]=1",
            "/x?a;b=1",
        ] {
            assert!(of(bad).is_err(), "{bad}");
        }
        assert!(of(&format!("/x?a={}", "1".repeat(MAX_QUERY))).is_err());
    }
}
