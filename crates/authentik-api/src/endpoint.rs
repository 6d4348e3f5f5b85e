//! An operation as a value: what to call, with which parameters, query and body.

use std::fmt::Display;

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{Capabilities, OperationId, operation::PathError};

/// Where the API lives below authentik's base address.
pub const API_ROOT: &str = "/api/v3";

/// One typed operation of the API.
///
/// An endpoint is a plain value: building the request needs no network and no clock. What depends
/// on the version of the server comes from the [`Capabilities`].
pub trait Endpoint {
    /// What a successful answer decodes to; `()` where the answer has no body.
    type Output: DeserializeOwned + Send;

    /// The parts of the request.
    ///
    /// # Errors
    /// When the connected version cannot do what is asked, or a parameter cannot stand in a path.
    fn parts(&self, capabilities: &Capabilities) -> Result<Parts, BuildError>;
}

/// Why a request could not be built. Nothing was sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// A path parameter is empty or not allowed in a path.
    #[error("the parameters of {operation} do not make a path")]
    Path {
        /// The operation.
        operation: OperationId,
        /// What is wrong with them.
        #[source]
        source: PathError,
    },
    /// The server's version has no such operation or option.
    #[error("authentik {version} cannot do this: {what}")]
    Unsupported {
        /// The connected version.
        version: crate::Version,
        /// What it lacks.
        what: &'static str,
    },
    /// The body is not representable as JSON.
    #[error("the body of {operation} is not JSON: {message}")]
    Body {
        /// The operation.
        operation: OperationId,
        /// The serializer's words.
        message: String,
    },
    /// What is known of an object is no key of its kind.
    #[error("this is no key of a {kind}")]
    Key {
        /// The kind of object.
        kind: &'static str,
    },
    /// The assembled URI was refused.
    #[error("the address of {operation} is not a valid URI")]
    Uri {
        /// The operation.
        operation: OperationId,
    },
}

/// The parts of a request: operation, path parameters, query, body.
///
/// `Debug` shows neither values of the query nor the body, which may hold secrets.
#[derive(Clone, PartialEq)]
pub struct Parts {
    /// Method and path template come from the catalogue's entry.
    pub operation: OperationId,
    /// Values for the template's parameters, in order, unescaped.
    pub params: Vec<String>,
    /// Query pairs in the order they are sent, unescaped.
    pub query: Vec<(&'static str, String)>,
    /// JSON body.
    pub body: Option<Value>,
}

impl std::fmt::Debug for Parts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&str> = self.query.iter().map(|(name, _)| *name).collect();
        f.debug_struct("Parts")
            .field("operation", &self.operation)
            .field("params", &self.params)
            .field("query", &names)
            .field("body", &self.body.is_some())
            .finish()
    }
}

impl Parts {
    /// A request of `operation` without parameters, query or body.
    pub fn new(operation: OperationId) -> Self {
        Self {
            operation,
            params: Vec::new(),
            query: Vec::new(),
            body: None,
        }
    }

    /// Adds the next path parameter.
    #[must_use]
    pub fn param(mut self, value: impl Display) -> Self {
        self.params.push(value.to_string());
        self
    }

    /// Adds a query pair for each value (`None` and an empty list add nothing).
    #[must_use]
    pub fn query(mut self, name: &'static str, value: &impl QueryValue) -> Self {
        value.append(name, &mut self.query);
        self
    }

    /// Sets the JSON body.
    ///
    /// # Errors
    /// When `body` does not serialize.
    pub fn json(mut self, body: &impl Serialize) -> Result<Self, BuildError> {
        let value = serde_json::to_value(body).map_err(|error| BuildError::Body {
            operation: self.operation,
            message: error.to_string(),
        })?;
        self.body = Some(value);
        Ok(self)
    }

    /// Path and query as sent, below the server's base address.
    ///
    /// # Errors
    /// When the parameters do not fit the operation's template.
    pub fn path_and_query(&self) -> Result<String, BuildError> {
        let params: Vec<&str> = self.params.iter().map(String::as_str).collect();
        let path = self
            .operation
            .get()
            .render(&params)
            .map_err(|source| BuildError::Path {
                operation: self.operation,
                source,
            })?;
        let mut uri = format!("{API_ROOT}{path}");
        if !self.query.is_empty() {
            let query =
                serde_urlencoded::to_string(&self.query).map_err(|error| BuildError::Body {
                    operation: self.operation,
                    message: error.to_string(),
                })?;
            uri.push('?');
            uri.push_str(&query);
        }
        Ok(uri)
    }

    /// The HTTP request, its [`OperationId`] among the extensions.
    ///
    /// # Errors
    /// When the parameters do not fit the operation's template.
    pub fn into_request(self) -> Result<http::Request<Bytes>, BuildError> {
        let operation = self.operation;
        let mut builder = http::Request::builder()
            .method(http::Method::from(operation.get().method))
            .uri(self.path_and_query()?)
            .header(ACCEPT, "application/json")
            .extension(operation);
        let body = match &self.body {
            None => Bytes::new(),
            Some(body) => {
                builder = builder.header(CONTENT_TYPE, "application/json");
                Bytes::from(body.to_string())
            }
        };
        builder
            .body(body)
            .map_err(|_| BuildError::Uri { operation })
    }
}

/// A value that can stand in a query, once or repeated.
pub trait QueryValue {
    /// Appends the pairs.
    fn append(&self, name: &'static str, query: &mut Vec<(&'static str, String)>);
}

macro_rules! query_value {
    ($($ty:ty),* $(,)?) => {$(
        impl QueryValue for $ty {
            fn append(&self, name: &'static str, query: &mut Vec<(&'static str, String)>) {
                query.push((name, self.to_string()));
            }
        }
    )*};
}

query_value!(
    String,
    &str,
    bool,
    u32,
    i64,
    crate::UserPk,
    crate::ProviderPk,
    crate::GroupPk,
    crate::TargetPk,
    crate::PolicyPk,
);

impl<T: QueryValue> QueryValue for Option<T> {
    fn append(&self, name: &'static str, query: &mut Vec<(&'static str, String)>) {
        if let Some(value) = self {
            value.append(name, query);
        }
    }
}

impl<T: QueryValue> QueryValue for Vec<T> {
    fn append(&self, name: &'static str, query: &mut Vec<(&'static str, String)>) {
        for value in self {
            value.append(name, query);
        }
    }
}
