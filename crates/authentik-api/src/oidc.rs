//! What authentik offers to applications: discovery, keys and the authorization endpoint. These
//! are public addresses outside `/api/v3/`; no credential goes along.

use bytes::Bytes;
use http::{Request, Response, header::LOCATION};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Transport;

/// OpenID Connect Discovery 1.0, the part that the checks look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discovery {
    /// Issuer, compared character by character by clients.
    pub issuer: String,
    /// Authorization endpoint.
    pub authorization_endpoint: String,
    /// Token endpoint.
    pub token_endpoint: String,
    /// Address of the key set.
    pub jwks_uri: String,
    /// Algorithms that ID tokens are signed with.
    #[serde(default)]
    pub id_token_signing_alg_values_supported: Vec<String>,
    /// Scopes that the provider grants.
    #[serde(default)]
    pub scopes_supported: Vec<String>,
}

/// A key of a JSON Web Key Set (RFC 7517).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jwk {
    /// Key type: `RSA`, `EC`.
    pub kty: String,
    /// Algorithm: `RS256`, `ES256` …
    #[serde(default)]
    pub alg: Option<String>,
    /// Key id.
    #[serde(default)]
    pub kid: Option<String>,
}

/// A JSON Web Key Set; authentik answers `{}` when the provider has no signing key (trap T18).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Jwks {
    /// The keys.
    #[serde(default)]
    pub keys: Vec<Jwk>,
}

/// What the authorization endpoint makes of a request before anybody signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Authorize {
    /// It goes on: to a flow of authentik's, or back to the application.
    Accepted {
        /// Where it sends the browser.
        location: String,
    },
    /// It shows an error page: client or redirect URI unknown.
    Refused {
        /// HTTP status.
        status: u16,
    },
}

/// Path of the discovery document of an application.
pub fn discovery_path(slug: &str) -> String {
    format!(
        "/application/o/{}/.well-known/openid-configuration",
        encode(slug)
    )
}

/// Path of the key set of an application.
pub fn jwks_path(slug: &str) -> String {
    format!("/application/o/{}/jwks/", encode(slug))
}

/// Path and query of an authorization request with the code flow.
pub fn authorize_path(client_id: &str, redirect_uri: &str) -> String {
    let query = [
        ("client_id", client_id),
        ("response_type", "code"),
        ("redirect_uri", redirect_uri),
        ("scope", "openid"),
        ("state", "ostiary-check"),
    ]
    .iter()
    .map(|(name, value)| format!("{name}={}", encode(value)))
    .collect::<Vec<_>>()
    .join("&");
    format!("/application/o/authorize/?{query}")
}

fn encode(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// What a public address answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Where it redirects to.
    pub location: Option<String>,
    /// The body, when it is JSON.
    pub json: Option<Value>,
}

/// Gets a public address of authentik, without credential; `path` starts with `/`.
///
/// # Errors
/// When no answer came. An answer of any status is a success.
pub async fn fetch<T: Transport>(transport: &T, path: &str) -> Result<Answer, T::Error> {
    let mut request = Request::new(Bytes::new());
    if let Ok(uri) = path.parse() {
        *request.uri_mut() = uri;
    }
    let response: Response<Bytes> = transport.execute(request).await?;
    Ok(Answer {
        status: response.status().as_u16(),
        location: response
            .headers()
            .get(LOCATION)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned),
        json: serde_json::from_slice(response.body()).ok(),
    })
}

impl Answer {
    /// The answer of the authorization endpoint. A redirect back to the application with an
    /// `error` in its query is an acceptance of the redirect URI: only a known one is redirected to.
    pub fn authorize(&self) -> Authorize {
        match (&self.location, self.status) {
            (Some(location), 300..=399) => Authorize::Accepted {
                location: location.clone(),
            },
            (_, status) => Authorize::Refused { status },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_escape_what_they_are_given() {
        assert_eq!(jwks_path("a/b"), "/application/o/a%2Fb/jwks/");
        let path = authorize_path("id", "https://x.example.org/cb?a=1&b=ü");
        assert!(
            path.contains("redirect_uri=https%3A%2F%2Fx%2Eexample%2Eorg%2Fcb%3Fa%3D1%26b%3D%C3%BC")
        );
        assert!(path.parse::<http::Uri>().is_ok());
    }

    #[test]
    fn jwks_without_key_is_an_empty_object() {
        assert_eq!(serde_json::from_str::<Jwks>("{}").unwrap(), Jwks::default());
    }

    #[test]
    fn authorize_tells_a_redirect_from_an_error_page() {
        let answer = |status, location: Option<&str>| Answer {
            status,
            location: location.map(str::to_owned),
            json: None,
        };
        assert!(matches!(
            answer(302, Some("/if/flow/x/")).authorize(),
            Authorize::Accepted { .. }
        ));
        assert_eq!(
            answer(400, None).authorize(),
            Authorize::Refused { status: 400 }
        );
    }
}
