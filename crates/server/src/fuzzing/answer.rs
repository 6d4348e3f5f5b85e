//! Answers of authentik, read by the typed client.

use std::convert::Infallible;

use authentik_api::{
    Capabilities, Client, Error, OperationId, Page, Parts, Problem, Transport, Version, models,
    operation::ParameterKind,
};
use bytes::Bytes;
use futures_util::FutureExt as _;
use http::{Request, Response, StatusCode, header::CONTENT_TYPE};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// Statuses that servers and the proxies in front of them answer with.
const STATUSES: [u16; 16] = [
    200, 201, 204, 206, 301, 302, 304, 400, 401, 403, 404, 405, 429, 500, 502, 503,
];

const TYPES: [&str; 6] = [
    "application/json",
    "application/problem+json; charset=utf-8",
    "text/html; charset=utf-8",
    "text/plain",
    "application/x-pem-file",
    "",
];

/// A transport with one answer.
#[derive(Clone)]
struct Canned(Response<Bytes>);

impl Transport for Canned {
    type Error = Infallible;

    async fn execute(&self, _: Request<Bytes>) -> Result<Response<Bytes>, Infallible> {
        Ok(self.0.clone())
    }
}

/// Any body in answer to any operation: what is read is the same when it is written and read again, and
/// what is not read is an error that says so and shows no markup.
///
/// The first five bytes choose operation, status, media type and model; the rest is the body.
///
/// # Panics
/// When it does not hold.
pub fn answer(data: &[u8]) {
    let [high, low, status, kind, model, body @ ..] = data else {
        return;
    };
    let Some(operation) = operation(u16::from_be_bytes([*high, *low])) else {
        return;
    };
    let mut response = Response::new(Bytes::copy_from_slice(body));
    if let Some(status) = pick(&STATUSES, *status).and_then(|code| StatusCode::from_u16(code).ok())
    {
        *response.status_mut() = status;
    }
    if let Some(kind) = pick(&TYPES, *kind)
        && let Ok(kind) = kind.parse()
    {
        response.headers_mut().insert(CONTENT_TYPE, kind);
    }
    let client = Client::new(Canned(response), Capabilities::oldest());
    READERS
        .get(usize::from(*model) % READERS.len())
        .inspect(|reader| reader(&client, operation));
    if let Ok(text) = std::str::from_utf8(body) {
        version(text);
    }
}

fn pick<T: Copy>(values: &[T], number: u8) -> Option<T> {
    values.get(usize::from(number) % values.len()).copied()
}

fn operation(number: u16) -> Option<OperationId> {
    let all = OperationId::all();
    let count = all.len();
    all.into_iter().nth(usize::from(number) % count)
}

type Reader = fn(&Client<Canned>, OperationId);

/// One for each thing that the client reads.
const READERS: [Reader; 30] = [
    read::<Value>,
    read::<()>,
    read::<models::ServerVersion>,
    read::<models::Settings>,
    read::<models::Config>,
    read::<models::Me>,
    read::<models::User>,
    read::<Page<models::User>>,
    read::<models::Group>,
    read::<Page<models::Group>>,
    read::<models::Application>,
    read::<Page<models::Application>>,
    read::<models::AccessResult>,
    read::<Vec<models::UsedBy>>,
    read::<models::Provider>,
    read::<Page<models::Provider>>,
    read::<models::OAuth2Provider>,
    read::<Page<models::OAuth2Provider>>,
    read::<models::SetupUrls>,
    read::<models::PropertyMappingPreview>,
    read::<models::PolicyBinding>,
    read::<Page<models::PolicyBinding>>,
    read::<models::ScopeMapping>,
    read::<Page<models::ScopeMapping>>,
    read::<Page<models::CertificateKeyPair>>,
    read::<Page<models::Flow>>,
    read::<Page<models::Outpost>>,
    read::<Page<models::Event>>,
    read::<models::CurrentBrand>,
    read::<models::TransactionResult>,
];

fn read<T: DeserializeOwned + Serialize>(client: &Client<Canned>, operation: OperationId) {
    let mut parts = Parts::new(operation);
    for parameter in operation.get().parameters() {
        parts = parts.param(match parameter.kind {
            ParameterKind::Int => "7",
            ParameterKind::Uuid => "0f7f44a9-6a4a-4d29-9d2c-3b5b7a3b1f7e",
            ParameterKind::Slug | ParameterKind::Text => "zzz",
        });
    }
    let answer = client.execute::<T>(parts).now_or_never();
    assert!(answer.is_some(), "a canned answer is there at once");
    match answer {
        Some(Ok(value)) => reads_back(&value),
        Some(Err(error)) => is_told(&error),
        None => {}
    }
}

/// What was read, written and read again, is written the same. (A client secret is never written.)
fn reads_back<T: DeserializeOwned + Serialize>(value: &T) {
    let text = serde_json::to_string(value);
    assert!(text.is_ok(), "what was read cannot be written");
    let text = text.unwrap_or_default();
    let again = serde_json::from_str::<T>(&text);
    assert!(again.is_ok(), "what was written cannot be read: {text}");
    let again = again.and_then(|again| serde_json::to_string(&again));
    assert_eq!(again.unwrap_or_default(), text);
}

fn is_told(error: &Error<Infallible>) {
    assert!(!error.to_string().is_empty());
    match error {
        Error::Rejected {
            status, problem, ..
        } => {
            assert!((400..600).contains(status));
            reads_back::<Problem>(problem);
            if let Problem::Fields(fields) = problem {
                assert!(fields.values().all(|messages| !messages.is_empty()));
            }
        }
        Error::Unexpected { excerpt, .. } => {
            assert!((1..=160).contains(&excerpt.chars().count()), "{excerpt}");
            assert!(
                !excerpt.contains(|c: char| c.is_control() || c == '<' || c == '>'),
                "{excerpt}"
            );
        }
        Error::Decode { path, .. } => assert!(!path.is_empty()),
        Error::Build(_) => assert!(error.status().is_none()),
        other => assert!(matches!(other, Error::Build(_)), "{other}"),
    }
}

/// A version that can be read is the same when it is written and read again.
fn version(text: &str) {
    let Ok(version) = text.parse::<Version>() else {
        return;
    };
    let written = version.to_string();
    assert_eq!(written.parse().as_ref(), Ok(&version), "{text} {written}");
    let line = Capabilities::of(version);
    assert!(line.page_size_max().is_none_or(|most| most > 0));
}
