//! One request, taken apart.

use crate::reply::Reply;
use crate::version::Version;
use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode, header};
use serde_json::{Value, json};
use std::collections::HashMap;

#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) method: Method,
    /// Path without the query, still percent-encoded.
    pub(crate) path: String,
    /// The query as it came.
    pub(crate) raw_query: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// Primary key of the user who calls, once known.
    pub(crate) user: Option<i64>,
    /// Primary key of the browser session that the call came with; null where it came without.
    pub(crate) session: Value,
}

impl Call {
    pub(crate) fn new(parts: &http::request::Parts, body: Bytes) -> Self {
        let raw_query = parts.uri.query().unwrap_or_default().to_owned();
        Self {
            method: parts.method.clone(),
            path: parts.uri.path().to_owned(),
            query: pairs(raw_query.as_bytes()),
            raw_query,
            headers: parts.headers.clone(),
            body,
            user: None,
            session: Value::Null,
        }
    }

    /// The same call with another query.
    pub(crate) fn asking(&self, raw_query: &str) -> Self {
        Self {
            raw_query: raw_query.to_owned(),
            query: pairs(raw_query.as_bytes()),
            ..self.clone()
        }
    }

    /// The fields of a form in the body; none where it is something else.
    pub(crate) fn form(&self) -> HashMap<String, String> {
        let kind = self
            .header(header::CONTENT_TYPE.as_str())
            .unwrap_or_default();
        if !kind.starts_with("application/x-www-form-urlencoded") {
            return HashMap::new();
        }
        pairs(&self.body).into_iter().collect()
    }

    /// The last value of a query parameter; an empty one counts as absent.
    pub(crate) fn param(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .rev()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
            .filter(|v| !v.is_empty())
    }

    pub(crate) fn params<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.query
            .iter()
            .filter(move |(key, value)| key == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// A yes/no parameter as the server's filters read it.
    pub(crate) fn switch(&self, name: &str) -> Option<bool> {
        match self.param(name)?.to_ascii_lowercase().as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Host of the call without the port, for choosing the brand.
    pub(crate) fn host(&self) -> String {
        let host = self
            .header("x-forwarded-host")
            .or_else(|| self.header("host"))
            .unwrap_or("localhost");
        host.rsplit_once(':')
            .map_or(host, |(name, _)| name)
            .to_owned()
    }

    /// Scheme and host as the caller sees them; every URL the server builds starts with it (T32).
    pub(crate) fn base(&self) -> String {
        let scheme = self.header("x-forwarded-proto").unwrap_or("http");
        let host = self
            .header("x-forwarded-host")
            .or_else(|| self.header("host"))
            .unwrap_or("localhost");
        format!("{scheme}://{host}")
    }

    /// The body as JSON; an empty body is an empty object.
    pub(crate) fn json(&self, version: Version) -> Result<Value, Reply> {
        if self.body.is_empty() {
            return Ok(json!({}));
        }
        let kind = self
            .header(header::CONTENT_TYPE.as_str())
            .unwrap_or_default();
        if !kind.starts_with("application/json") {
            return Err(Reply::detail(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                &format!("Unsupported media type \"{kind}\" in request."),
            ));
        }
        serde_json::from_slice(&self.body).map_err(|error| {
            let what = match (version, error.to_string()) {
                (Version::V2023_10, text) if text.starts_with("key must be a string") => {
                    "Expecting property name enclosed in double quotes"
                }
                (Version::V2023_10, _) => "Expecting value",
                _ => "unexpected character",
            };
            let (line, column) = (error.line(), error.column());
            let before: usize = self.body.split(|b| *b == b'\n').take(line.saturating_sub(1)).map(|l| l.len() + 1).sum();
            let at = before + column.saturating_sub(1);
            Reply::bad(json!({ "detail": format!("JSON parse error - {what}: line {line} column {column} (char {at})") }))
        })
    }
}

fn pairs(text: &[u8]) -> Vec<(String, String)> {
    url::form_urlencoded::parse(text).into_owned().collect()
}
