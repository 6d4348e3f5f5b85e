//! What browsers are told about the answers.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{
    HeaderName, HeaderValue,
    header::{
        CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY,
        STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
    },
};
use leptos::nonce::Nonce;
use url::Url;

/// What is the same for every answer.
const HEADERS: [(HeaderName, HeaderValue); 5] = [
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    // Not `no-referrer`: browsers would say `Origin: null` with our own forms, and those without
    // `Sec-Fetch-Site` could not be told from a foreign page's.
    (REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static(
            "accelerometer=(), camera=(), geolocation=(), gyroscope=(), microphone=(), payment=(), \
             usb=()",
        ),
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    ),
];

/// The policy for answers that are no pages.
const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'";

/// What stands at the end of every policy: where browsers report what it kept from happening.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reports(String);

impl Reports {
    /// To `address`, where there is one. Its characters were looked at with the configuration.
    pub(crate) fn to(address: Option<&Url>) -> Self {
        Self(address.map_or_else(String::new, |url| format!("; report-uri {url}")))
    }

    fn on(&self, policy: &str) -> HeaderValue {
        let policy = format!("{policy}{}", self.0);
        policy
            .try_into()
            .unwrap_or(HeaderValue::from_static(NOTHING))
    }
}

/// Adds the headers. Pages get a policy with a nonce of their own, which lies in the request's
/// extensions as [`Nonce`] for whoever renders them, and are never kept by caches.
pub(crate) async fn add(
    State(reports): State<Reports>,
    mut request: Request,
    next: Next,
) -> Response {
    let nonce = Nonce::new();
    request.extensions_mut().insert(nonce.clone());
    let is_api = request.uri().path().starts_with("/api");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.extend(HEADERS);
    let kind = headers.get(CONTENT_TYPE);
    if kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html")) {
        headers.insert(CONTENT_SECURITY_POLICY, reports.on(&policy(&nonce)));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    } else {
        headers.insert(CONTENT_SECURITY_POLICY, reports.on(NOTHING));
        if is_api {
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
    }
    response
}

/// Tells browsers to come back over https only, for a year, where the request came to a public
/// address that is https. Not for names below it: they may be somebody else's.
pub(crate) fn strict_transport(https: bool) -> Option<(HeaderName, HeaderValue)> {
    let value = HeaderValue::from_static("max-age=31536000");
    https.then_some((STRICT_TRANSPORT_SECURITY, value))
}

fn policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; \
         style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; \
         manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; \
         object-src 'none'"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_go_where_the_setting_says_and_nowhere_else() {
        assert_eq!(Reports::default().on(NOTHING), NOTHING);
        let url = "https://reports.example/csp?app=ostiary".parse().unwrap();
        let policy = Reports::to(Some(&url)).on(&policy("n"));
        let policy = policy.to_str().unwrap();
        assert!(
            policy.ends_with("; report-uri https://reports.example/csp?app=ostiary"),
            "{policy}"
        );
    }
}
