//! What a program around the sandbox can do about sign-in.

use crate::Sandbox;
use crate::clock::Clock;
use crate::grants::Logout;
use crate::rows::row;
use crate::state::Table;
use axum::body::Body;
use http::{Request, StatusCode, header};
use hyper_util::rt::TokioIo;
use serde_json::json;
use std::time::Duration;
use tokio::net::TcpStream;
use url::{Host, Url};

/// How long an application may take to hear of a logout.
const PATIENCE: Duration = Duration::from_secs(5);

impl Sandbox {
    /// Lends the sandbox a clock (seconds since 1970) for everything about sign-in: what tokens, codes and `auth_time`
    /// say. A client that verifies tokens by its own clock needs this. What the API shows still counts from the seed.
    pub fn set_clock(&self, seconds: impl Fn() -> i64 + Send + Sync + 'static) {
        self.state().clock = Some(Clock::new(seconds));
    }

    /// Lets time pass on the sandbox's own clock; a lent one is not touched.
    pub fn advance(&self, seconds: i64) {
        self.state().mint.advance(seconds);
    }

    /// Stores another key pair (RSA), as if it had been imported, and gives its primary key. A provider that gets it as
    /// its `signing_key` signs with another key than before, under another `kid`.
    pub fn add_key_pair(&self, name: &str) -> String {
        self.add_pair(name, "second")
    }

    /// Like [`Sandbox::add_key_pair`], for signing by ES256. Its signatures are the only thing here that is random.
    pub fn add_ec_key_pair(&self, name: &str) -> String {
        self.add_pair(name, "curve")
    }

    fn add_pair(&self, name: &str, pair: &str) -> String {
        let columns = row(json!({
            "name": name,
            "private_key_available": true,
            "managed": null,
            "pair": pair,
        }));
        let pk = self.state().insert(Table::Keys, columns);
        pk.as_str().unwrap_or_default().to_owned()
    }

    /// The logout tokens that wait to be sent, oldest first; they are the caller's now.
    pub fn take_logouts(&self) -> Vec<Logout> {
        std::mem::take(&mut self.state().grants.logouts)
    }

    /// Sends logout tokens to the applications as sessions end, for as long as the future is polled. Only applications
    /// on this machine are told (`http` and a loopback address): a simulation bothers nobody else. What cannot be
    /// delivered is lost, as it is with authentik once it has given up.
    pub async fn deliver_logouts(self) {
        loop {
            for logout in self.take_logouts() {
                match tokio::time::timeout(PATIENCE, post(&logout)).await {
                    Ok(Ok(status)) => tracing::info!(uri = logout.uri, %status, "logout token"),
                    Ok(Err(reason)) => {
                        tracing::warn!(uri = logout.uri, reason, "logout token not sent");
                    }
                    Err(_) => tracing::warn!(uri = logout.uri, "no answer to the logout token"),
                }
            }
            self.0.ended.notified().await;
        }
    }
}

/// Whether an address is `http` on this machine.
fn is_local(url: &Url) -> bool {
    let local = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    local && url.scheme() == "http"
}

/// Posts one token; fails with the reason in words.
async fn post(logout: &Logout) -> Result<StatusCode, String> {
    let url = Url::parse(&logout.uri).map_err(|error| error.to_string())?;
    if !is_local(&url) {
        return Err("it is not on this machine".to_owned());
    }
    let address = url
        .socket_addrs(|| None)
        .map_err(|error| error.to_string())?;
    let stream = TcpStream::connect(address.as_slice())
        .await
        .map_err(|error| error.to_string())?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|error| error.to_string())?;
    let driver = tokio::spawn(connection);
    let body = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("logout_token", &logout.token)
        .finish();
    let target = url::Position::BeforePath..url::Position::AfterQuery;
    let authority = url::Position::BeforeHost..url::Position::AfterPort;
    let request = Request::post(&url[target])
        .header(header::HOST, &url[authority])
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body))
        .map_err(|error| error.to_string())?;
    let answer = sender.send_request(request).await;
    driver.abort();
    Ok(answer.map_err(|error| error.to_string())?.status())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_local_takes_loopback_over_http_alone() {
        let local = |text: &str| Url::parse(text).is_ok_and(|url| is_local(&url));
        for good in [
            "http://127.0.0.1:3000/x",
            "http://[::1]/",
            "http://localhost:1/",
        ] {
            assert!(local(good), "{good}");
        }
        for bad in [
            "https://127.0.0.1/",
            "http://192.0.2.1/",
            "http://localhost.example.org/",
            "http://127.0.0.1@example.org/",
            "http://[::ffff:192.0.2.1]/",
            "mailto:x@127.0.0.1",
        ] {
            assert!(!local(bad), "{bad}");
        }
    }
}
