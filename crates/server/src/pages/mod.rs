//! The few pages that are shown without a session, or when the pages proper cannot be rendered:
//! plain files, compiled in.

use axum::response::{Html, IntoResponse as _, Response};
use http::{
    HeaderValue, StatusCode,
    header::{CACHE_CONTROL, CONTENT_TYPE},
};

/// A page of this module.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Page {
    /// The link was used, or never existed.
    LinkUsed,
    /// There is no session.
    SignedOut,
    /// Whether the session's owner may still be here is not known.
    Unconfirmed,
    /// The role is not enough.
    Role,
    /// The request came from a foreign page.
    Foreign,
    /// The form was too large.
    TooLarge,
    /// The server failed.
    Failed,
    /// The server took too long.
    Slow,
    /// The request named another server.
    Misdirected,
}

impl Page {
    const fn html(self) -> &'static str {
        match self {
            Self::LinkUsed => include_str!("link-used.html"),
            Self::SignedOut => include_str!("signed-out.html"),
            Self::Unconfirmed => include_str!("unconfirmed.html"),
            Self::Role => include_str!("role.html"),
            Self::Foreign => include_str!("foreign.html"),
            Self::TooLarge => include_str!("too-large.html"),
            Self::Failed => include_str!("failed.html"),
            Self::Slow => include_str!("slow.html"),
            Self::Misdirected => include_str!("misdirected.html"),
        }
    }

    /// The page with a status.
    pub(crate) fn with(self, status: StatusCode) -> Response {
        (status, Html(self.html())).into_response()
    }
}

/// Goes on by itself to `then`, a path of ours. Not by a redirect: on the way from another site a browser would not
/// send the new cookie along (`SameSite=Strict`).
pub(crate) fn go_on(then: &str) -> Response {
    let mut escaped = String::with_capacity(then.len());
    for character in then.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    let html = include_str!("entered.html").replace("{then}", &escaped);
    Html(html).into_response()
}

/// `/plain.css`: how these pages look.
pub(crate) async fn style() -> Response {
    let mut response = include_str!("plain.css").into_response();
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("text/css; charset=utf-8"),
    );
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}
