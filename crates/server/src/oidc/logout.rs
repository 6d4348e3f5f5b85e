//! Back-channel logout: authentik says that somebody's session there is over (OpenID Connect Back-Channel
//! Logout 1.0).

use std::collections::BTreeMap;

use authentik_api::UserPk;
use openidconnect::{
    JsonWebKey as _, JsonWebKeyId, SignatureVerificationError,
    core::{CoreJsonWebKeySet, CoreJwsSigningAlgorithm},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use super::{
    Oidc, Problem, Registration,
    client::{ALGORITHMS, SKEW},
};
use crate::clock;

/// The event that makes a token a logout token (§2.4).
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// The longest token that is looked at, in bytes.
const LONGEST: usize = 8192;
/// A token without an end is good for so long, in seconds.
const LIFE: i64 = 120;

/// Whose sessions are over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LoggedOut {
    /// The one that they had at authentik.
    Session(String),
    /// All of somebody.
    Person(UserPk),
}

#[derive(Deserialize)]
struct Header {
    alg: CoreJwsSigningAlgorithm,
    kid: Option<JsonWebKeyId>,
}

#[derive(Deserialize)]
struct LogoutClaims {
    iss: String,
    aud: Audience,
    iat: i64,
    exp: Option<i64>,
    sub: Option<String>,
    sid: Option<String>,
    events: BTreeMap<String, Value>,
    nonce: Option<Value>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

impl Oidc {
    /// Reads a logout token that authentik sent.
    pub(crate) async fn logged_out(&self, token: &str) -> Result<LoggedOut, Problem> {
        let (registration, transport) = self.ready(&super::Purpose::SignIn).await?;
        let provider = self.provider(&transport, &registration).await?;
        let issuer = provider.0.issuer().as_str().to_owned();
        let now = clock::now_ms() / 1000;
        match read(token, provider.0.jwks(), &registration, &issuer, now) {
            Err(Problem::Key) => {
                let provider = self.provider_again(&transport, &registration).await?;
                read(token, provider.0.jwks(), &registration, &issuer, now)
            }
            other => other,
        }
    }
}

/// Verifies a logout token (§2.6). `now` is in seconds.
fn read(
    token: &str,
    keys: &CoreJsonWebKeySet,
    registration: &Registration,
    issuer: &str,
    now: i64,
) -> Result<LoggedOut, Problem> {
    let wrong = |what: &str| Problem::Token(what.to_owned());
    if token.len() > LONGEST {
        return Err(wrong("it is too long"));
    }
    let (signed, signature) = token.rsplit_once('.').ok_or_else(|| wrong("no JWT"))?;
    let (header, claims) = signed.split_once('.').ok_or_else(|| wrong("no JWT"))?;
    let header: Header = decoded(header).ok_or_else(|| wrong("its header"))?;
    if !ALGORITHMS.contains(&header.alg) {
        return Err(wrong("its algorithm"));
    }
    let signature = base64(signature).ok_or_else(|| wrong("its signature"))?;
    let fits = keys.keys().iter().any(|key| {
        let named = header.kid.is_none() || key.key_id() == header.kid.as_ref();
        let checked: Result<(), SignatureVerificationError> = if named {
            key.verify_signature(&header.alg, signed.as_bytes(), &signature)
        } else {
            return false;
        };
        checked.is_ok()
    });
    if !fits {
        return Err(Problem::Key);
    }
    let claims: LogoutClaims = decoded(claims).ok_or_else(|| wrong("its claims"))?;
    let skew = SKEW.num_seconds();
    let for_us = match &claims.aud {
        Audience::One(aud) => *aud == registration.client_id,
        Audience::Many(auds) => auds.contains(&registration.client_id),
    };
    let end = claims.exp.unwrap_or(claims.iat + LIFE);
    if claims.iss != issuer {
        return Err(wrong("its issuer"));
    }
    if !for_us {
        return Err(wrong("its audience"));
    }
    if now > end + skew || claims.iat > now + skew {
        return Err(wrong("its time"));
    }
    if !claims.events.contains_key(EVENT) || claims.nonce.is_some() {
        return Err(wrong("it is no logout token"));
    }
    let user = claims.sub.and_then(|sub| sub.parse().ok()).map(UserPk);
    match (claims.sid.filter(|sid| !sid.is_empty()), user) {
        (Some(sid), _) => Ok(LoggedOut::Session(sid)),
        (None, Some(user)) => Ok(LoggedOut::Person(user)),
        (None, None) => Err(wrong("it names nobody")),
    }
}

fn decoded<T: DeserializeOwned>(part: &str) -> Option<T> {
    serde_json::from_slice(&base64(part)?).ok()
}

/// base64url without padding (RFC 7515 §2).
fn base64(part: &str) -> Option<Vec<u8>> {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    URL_SAFE_NO_PAD.decode(part).ok()
}
