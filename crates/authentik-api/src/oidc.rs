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
    /// It goes on with a flow of authentik's: the sign-in.
    Accepted,
    /// It sends the browser back to the application with an error (RFC 6749 §4.1.2.1).
    Error {
        /// The code, `invalid_request`.
        code: String,
    },
    /// It shows its error page: client or redirect URI unknown. Status 400 on every recorded version.
    Refused,
    /// Something else: a gateway's error, a redirect to another scheme or host.
    Unexpected {
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
    /// The answer of the authorization endpoint to a request for `redirect_uri`.
    pub fn authorize(&self, redirect_uri: &str) -> Authorize {
        let status = self.status;
        let Some(location) = &self.location else {
            return if status == 400 {
                Authorize::Refused
            } else {
                Authorize::Unexpected { status }
            };
        };
        if !(300..400).contains(&status) {
            return Authorize::Unexpected { status };
        }
        if let Some(query) = location.strip_prefix(redirect_uri) {
            let code = query
                .split(['?', '&'])
                .find_map(|pair| pair.strip_prefix("error="));
            return match code {
                Some(code) => Authorize::Error {
                    code: code.to_owned(),
                },
                None => Authorize::Accepted,
            };
        }
        let path = location.split('?').next().unwrap_or_default();
        if path.contains("/if/flow/") || path.contains("/flows/-/") {
            Authorize::Accepted
        } else {
            Authorize::Unexpected { status }
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
    fn authorize_tells_the_sign_in_from_errors_and_from_gateways() {
        let uri = "https://x.example.org/cb";
        let of = |status, location: Option<&str>| {
            Answer {
                status,
                location: location.map(str::to_owned),
                json: None,
            }
            .authorize(uri)
        };
        for flow in [
            "/if/flow/default/?next=x",
            "/flows/-/default/authentication/?next=x",
            "/sso/if/flow/x/",
        ] {
            assert_eq!(of(302, Some(flow)), Authorize::Accepted);
        }
        let error = "https://x.example.org/cb?error=invalid_request&state=s";
        assert_eq!(
            of(302, Some(error)),
            Authorize::Error {
                code: "invalid_request".into()
            }
        );
        assert_eq!(of(400, None), Authorize::Refused);
        assert_eq!(of(502, None), Authorize::Unexpected { status: 502 });
        assert_eq!(
            of(301, Some("https://auth.example.com/")),
            Authorize::Unexpected { status: 301 }
        );
    }
}
