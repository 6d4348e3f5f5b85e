//! A browser at authentik's own pages.

use axum::body::Body;
use http::{Request, header};
use sandbox::{PASSWORD, Sandbox};
use tower::ServiceExt as _;

use super::{Answer, Upstream};

/// A browser at authentik.
pub(crate) struct AtAuthentik {
    sandbox: Sandbox,
    host: String,
    cookie: String,
}

impl AtAuthentik {
    pub(crate) fn of(upstream: &Upstream) -> Self {
        Self {
            sandbox: upstream.sandbox.clone(),
            host: upstream.address.to_string(),
            cookie: String::new(),
        }
    }

    pub(crate) async fn send(&mut self, request: http::request::Builder, body: String) -> Answer {
        let request = request
            .header(header::HOST, &self.host)
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let request = request.body(Body::from(body)).unwrap();
        let answer = self.sandbox.router().oneshot(request).await.unwrap();
        let answer = Answer::of(answer).await;
        if let Some(set) = answer.headers.get(header::SET_COOKIE) {
            let set = set.to_str().unwrap();
            set.split(';').next().unwrap().clone_into(&mut self.cookie);
        }
        answer
    }

    /// Follows an authorization from its address, signs in as `username` where it is asked to, and ends where
    /// authentik sends the browser back: path and query.
    pub(crate) async fn authorize(&mut self, address: &str, username: &str) -> String {
        let mut at = address.to_owned();
        for _ in 0..10 {
            let url = url::Url::parse(&format!("http://{}", self.host)).unwrap();
            let url = url.join(&at).unwrap();
            if url.path().starts_with("/sign-in/authentik/callback") {
                return format!("{}?{}", url.path(), url.query().unwrap_or_default());
            }
            assert_eq!(
                url.authority(),
                self.host,
                "it leads to somebody else: {url}"
            );
            let path = format!("{}?{}", url.path(), url.query().unwrap_or_default());
            let mut answer = self.send(Request::get(&path), String::new()).await;
            if answer.header(header::LOCATION).is_empty() {
                let form = url::form_urlencoded::Serializer::new(String::new())
                    .append_pair("username", username)
                    .append_pair("password", PASSWORD)
                    .finish();
                answer = self.send(Request::post(&path), form).await;
            }
            answer.header(header::LOCATION).clone_into(&mut at);
            assert!(!at.is_empty(), "{path} leads nowhere: {}", answer.text());
        }
        panic!("{address} goes round in circles");
    }
}
