//! Answers, in the shapes a real server gives them.

use crate::version::Version;
use axum::body::Body;
use http::{HeaderValue, Response, StatusCode, header};
use serde_json::{Value, json};

/// What a handler gives back; refusals are replies too.
pub(crate) type Outcome = Result<Reply, Reply>;

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Payload {
    Json(Value),
    Html(String),
    Empty,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) payload: Payload,
    /// `Location` of a redirect or `Allow` of a refused method.
    pub(crate) header: Option<(header::HeaderName, String)>,
    /// What else the answer says about itself: cookies, caching, authentication.
    pub(crate) also: Vec<(header::HeaderName, String)>,
}

impl Reply {
    pub(crate) const fn json(status: StatusCode, body: Value) -> Self {
        Self {
            status,
            payload: Payload::Json(body),
            header: None,
            also: Vec::new(),
        }
    }

    pub(crate) const fn ok(body: Value) -> Self {
        Self::json(StatusCode::OK, body)
    }

    pub(crate) const fn created(body: Value) -> Self {
        Self::json(StatusCode::CREATED, body)
    }

    pub(crate) const fn nothing() -> Self {
        Self {
            status: StatusCode::NO_CONTENT,
            payload: Payload::Empty,
            header: None,
            also: Vec::new(),
        }
    }

    pub(crate) const fn bad(body: Value) -> Self {
        Self::json(StatusCode::BAD_REQUEST, body)
    }

    pub(crate) fn bad_empty() -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            payload: Payload::Html(String::new()),
            header: None,
            also: Vec::new(),
        }
    }

    /// A refusal without a word, not even of its type.
    pub(crate) const fn bad_nothing() -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            payload: Payload::Empty,
            header: None,
            also: Vec::new(),
        }
    }

    /// The refusal of one field, as a list of messages.
    pub(crate) fn field(name: &str, message: &str) -> Self {
        Self::bad(json!({ name: [message] }))
    }

    pub(crate) fn detail(status: StatusCode, text: &str) -> Self {
        Self::json(status, json!({ "detail": text }))
    }

    pub(crate) fn denied() -> Self {
        Self::detail(
            StatusCode::FORBIDDEN,
            "You do not have permission to perform this action.",
        )
    }

    /// An object is missing: since Django REST framework 3.15 the answer names the model.
    pub(crate) fn missing(version: Version, model: &str) -> Self {
        if version == Version::V2023_10 {
            return Self::not_found();
        }
        Self::detail(
            StatusCode::NOT_FOUND,
            &format!("No {model} matches the given query."),
        )
    }

    pub(crate) fn not_found() -> Self {
        Self::detail(StatusCode::NOT_FOUND, "Not found.")
    }

    /// An unhandled error on a write: the error page accepts only GET, so the server says 405 with nothing in it.
    pub(crate) fn crash() -> Self {
        Self {
            status: StatusCode::METHOD_NOT_ALLOWED,
            payload: Payload::Html(String::new()),
            header: Some((header::ALLOW, "GET, HEAD, OPTIONS".to_owned())),
            also: Vec::new(),
        }
    }

    pub(crate) fn page(status: StatusCode, title: &str, text: &str) -> Self {
        Self {
            status,
            payload: Payload::Html(html(title, text)),
            header: None,
            also: Vec::new(),
        }
    }

    /// A page of the sandbox with a form or links in it; `inner` is HTML.
    pub(crate) fn form(title: &str, inner: &str) -> Self {
        Self {
            status: StatusCode::OK,
            payload: Payload::Html(html_with(title, inner)),
            header: None,
            also: Vec::new(),
        }
    }

    /// The same answer with one more header.
    pub(crate) fn with(mut self, name: header::HeaderName, value: impl Into<String>) -> Self {
        self.also.push((name, value.into()));
        self
    }

    pub(crate) fn redirect(to: String) -> Self {
        Self {
            status: StatusCode::FOUND,
            payload: Payload::Html(String::new()),
            header: Some((header::LOCATION, to)),
            also: Vec::new(),
        }
    }

    pub(crate) fn into_response(self) -> Response<Body> {
        let (kind, body) = match self.payload {
            Payload::Json(value) => (Some("application/json"), value.to_string()),
            Payload::Html(text) => (Some("text/html; charset=utf-8"), text),
            Payload::Empty => (None, String::new()),
        };
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        if let Some(kind) = kind {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        }
        headers.insert(
            header::VARY,
            HeaderValue::from_static("Accept-Language, Cookie"),
        );
        for (name, value) in self.header.into_iter().chain(self.also) {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(name, value);
            }
        }
        response
    }
}

/// A page of the sandbox itself, standing for one of authentik's.
pub(crate) fn html(title: &str, text: &str) -> String {
    html_with(title, &format!("<p>{text}</p>"))
}

fn html_with(title: &str, inner: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title} - simulated authentik</title></head>\
         <body><main><h1>{title}</h1>{inner}<p>This page comes from a simulated server.</p></main></body></html>\n"
    )
}

/// Text as it may stand between tags and in attributes.
pub(crate) fn escaped(text: &str) -> String {
    text.chars().fold(String::new(), |mut out, letter| {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            letter => out.push(letter),
        }
        out
    })
}
