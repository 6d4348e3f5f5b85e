//! The client: an endpoint goes in, a typed answer comes out.

use std::sync::Arc;

use bytes::Bytes;
use futures_core::Stream;
use futures_util::{StreamExt, stream};
use http::{Response, header::CONTENT_TYPE};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{
    Capabilities, OperationId, Transport,
    endpoint::{BuildError, Endpoint, Parts},
    error::{Error, excerpt},
    operation::PathError,
    page::{List, PAGE_SIZE},
    problem::Problem,
};

/// More pages than this and a list is taken for endless.
const MAX_PAGES: u32 = 2_000;

/// A client of one authentik. Cheap to clone.
///
/// The [`Capabilities`] say how to talk to the connected version; [`Client::connect`] asks the
/// server for them, [`Client::new`] takes what is known already.
#[derive(Debug, Clone)]
pub struct Client<T> {
    transport: T,
    capabilities: Arc<Capabilities>,
}

impl<T: Transport> Client<T> {
    /// A client that talks to a server with these capabilities.
    pub fn new(transport: T, capabilities: Capabilities) -> Self {
        Self {
            transport,
            capabilities: Arc::new(capabilities),
        }
    }

    /// Asks the server for its version and derives the capabilities from it.
    ///
    /// # Errors
    /// When the server does not answer, refuses the credential, or is no authentik.
    pub async fn connect(transport: T) -> Result<Self, Error<T::Error>> {
        // `admin/version/` is the same in every version, so any capabilities do for asking.
        let client = Self::new(transport, Capabilities::oldest());
        let version = client.send(&crate::api::admin::RetrieveVersion).await?;
        Ok(Self::new(
            client.transport,
            Capabilities::of(version.version_current),
        ))
    }

    /// How the connected version is talked to.
    pub fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    /// The transport.
    pub fn transport(&self) -> &T {
        &self.transport
    }

    /// Executes one typed operation.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn send<E: Endpoint>(&self, endpoint: &E) -> Result<E::Output, Error<T::Error>> {
        self.execute(endpoint.parts(&self.capabilities)?).await
    }

    /// Like [`send`](Self::send), with `None` where the object does not exist.
    ///
    /// # Errors
    /// See [`Error`]; a 404 is no error here, nor a text that cannot be the object's slug or number.
    pub async fn send_opt<E: Endpoint>(
        &self,
        endpoint: &E,
    ) -> Result<Option<E::Output>, Error<T::Error>> {
        match self.send(endpoint).await {
            Ok(output) => Ok(Some(output)),
            Err(error) if error.is_not_found() => Ok(None),
            // What is no slug is no object's slug: authentik has no address to ask.
            Err(Error::Build(BuildError::Path {
                source: PathError::Parameter { .. },
                ..
            })) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Calls any operation of the catalogue, untyped.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn call(
        &self,
        operation: OperationId,
        params: &[&str],
        query: &[(&'static str, String)],
        body: Option<Value>,
    ) -> Result<Value, Error<T::Error>> {
        let params = params.iter().map(|param| (*param).to_owned()).collect();
        self.execute(Parts {
            operation,
            params,
            query: query.to_vec(),
            body,
        })
        .await
    }

    /// Executes a request that is already taken apart.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn execute<O: DeserializeOwned>(&self, parts: Parts) -> Result<O, Error<T::Error>> {
        let operation = parts.operation;
        let request = parts.into_request()?;
        let response = self
            .transport
            .execute(request)
            .await
            .map_err(Error::Transport)?;
        read(operation, &response)
    }

    /// All objects of a list, page after page, from page 1. Ends after the first error, and when the list shrinks
    /// away under the reader.
    pub fn stream<L: List>(&self, list: L) -> impl Stream<Item = Result<L::Item, Error<T::Error>>> {
        let client = self.clone();
        let first = sized(list);
        let pages = stream::unfold(Some(1), move |page| {
            let (client, list) = (client.clone(), first.clone());
            async move {
                let page = page?;
                if page > MAX_PAGES {
                    let operation = list.parts(&client.capabilities).ok()?.operation;
                    let endless = Error::Endless {
                        operation,
                        pages: MAX_PAGES,
                    };
                    return Some((stream::iter(vec![Err(endless)]), None));
                }
                let (items, next) = match client.send(&list.page(page)).await {
                    Ok(answer) => {
                        let next = answer.pagination.next;
                        let done = next <= page || answer.results.is_empty();
                        (
                            answer.results.into_iter().map(Ok).collect(),
                            (!done).then_some(next),
                        )
                    }
                    Err(error) if page > 1 && error.is_not_found() => return None,
                    Err(error) => (vec![Err(error)], None),
                };
                Some((stream::iter(items), next))
            }
        });
        StreamExt::flatten(pages)
    }

    /// All objects of a list in one vector.
    ///
    /// # Errors
    /// See [`Error`]; [`Error::Endless`] when the list does not end.
    pub async fn all<L: List>(&self, list: L) -> Result<Vec<L::Item>, Error<T::Error>> {
        let mut list = sized(list);
        let operation = list.parts(&self.capabilities)?.operation;
        let mut items = Vec::new();
        let mut page = 1;
        for _ in 0..MAX_PAGES {
            list = list.page(page);
            let answer = match self.send(&list).await {
                Ok(answer) => answer,
                Err(error) if page > 1 && error.is_not_found() => return Ok(items),
                Err(error) => return Err(error),
            };
            let empty = answer.results.is_empty();
            items.extend(answer.results);
            if answer.pagination.next <= page || empty {
                return Ok(items);
            }
            page = answer.pagination.next;
        }
        Err(Error::Endless {
            operation,
            pages: MAX_PAGES,
        })
    }
}

/// The list with a page size, the largest that every version grants unless it names one.
fn sized<L: List>(mut list: L) -> L {
    list.params_mut().page_size.get_or_insert(PAGE_SIZE);
    list
}

/// Reads an answer of `operation`.
fn read<O: DeserializeOwned, E>(
    operation: OperationId,
    response: &Response<Bytes>,
) -> Result<O, Error<E>> {
    let status = response.status().as_u16();
    let body = response.body();
    if !response.status().is_success() {
        return Err(match Problem::parse(status, body) {
            Some(problem) if status >= 400 => Error::Rejected {
                operation,
                status,
                problem,
            },
            _ => Error::Unexpected {
                operation,
                status,
                excerpt: excerpt(body),
            },
        });
    }
    let json = match kind(response) {
        Kind::Page => {
            return Err(Error::Unexpected {
                operation,
                status,
                excerpt: excerpt(body),
            });
        }
        // A download such as a certificate or a flow: its text is the value.
        Kind::Text => Bytes::from(Value::from(String::from_utf8_lossy(body)).to_string()),
        Kind::Json if body.is_empty() => Bytes::from_static(b"null"),
        Kind::Json => body.clone(),
    };
    let mut deserializer = serde_json::Deserializer::from_slice(&json);
    serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        Error::Decode {
            operation,
            // Below a key without a name there is none to show either.
            path: if path.is_empty() {
                ".".to_owned()
            } else {
                path
            },
            source: error.into_inner(),
        }
    })
}

/// What a body is.
enum Kind {
    Json,
    Text,
    Page,
}

fn kind(response: &Response<Bytes>) -> Kind {
    let content_type = response
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let first = response
        .body()
        .iter()
        .find(|byte| !byte.is_ascii_whitespace());
    match (content_type, first) {
        (Some(kind), _) if kind.starts_with("text/html") => Kind::Page,
        (None, Some(b'<')) => Kind::Page,
        (Some(kind), Some(_)) if !kind.contains("json") => Kind::Text,
        _ => Kind::Json,
    }
}
