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
use crate::{clock, session::Session};

/// The event that makes a token a logout token (§2.4).
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// The longest token that is looked at, in bytes.
const LONGEST: usize = 8192;
/// A token is good for so long at most, in seconds (the standard asks for two minutes, authentik gives more).
const LIFE: i64 = 300;

/// Whose sessions are over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LoggedOut {
    /// Of the one that they had at authentik; where it says none, all of the user's.
    sid: Option<String>,
    user: Option<UserPk>,
    /// Opened until then: a token that is sent again ends no later session.
    until_ms: i64,
}

impl LoggedOut {
    /// Whether it is about this session.
    pub(crate) fn is_over(&self, session: &Session) -> bool {
        let Some(account) = &session.account else {
            return false;
        };
        let is_theirs = self.user == Some(account.user);
        session.opened_ms <= self.until_ms
            && match &self.sid {
                Some(sid) if !account.sid.is_empty() => account.sid == *sid,
                _ => is_theirs,
            }
    }
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
        if token.len() > LONGEST {
            return Err(Problem::Token("it is too long".to_owned()));
        }
        let (registration, transport) = self.ready(&super::Purpose::SignIn).await?;
        let provider = self.provider(&transport, &registration).await?;
        let issuer = provider.0.issuer().as_str().to_owned();
        let now = clock::now_ms() / 1000;
        match read(token, provider.0.jwks(), &registration, &issuer, now) {
            Err(Problem::Key) => {
                let provider = self
                    .provider_again(&transport, &registration, &provider)
                    .await?;
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
    let latest = claims.iat.saturating_add(LIFE);
    let end = claims.exp.map_or(latest, |exp| exp.min(latest));
    if claims.iss != issuer {
        return Err(wrong("its issuer"));
    }
    if !for_us {
        return Err(wrong("its audience"));
    }
    if now > end.saturating_add(skew) || claims.iat > now.saturating_add(skew) {
        return Err(wrong("its time"));
    }
    if !claims.events.contains_key(EVENT) || claims.nonce.is_some() {
        return Err(wrong("it is no logout token"));
    }
    let user = claims.sub.and_then(|sub| sub.parse().ok()).map(UserPk);
    let sid = claims.sid.filter(|sid| !sid.is_empty());
    if sid.is_none() && user.is_none() {
        return Err(wrong("it names nobody"));
    }
    Ok(LoggedOut {
        sid,
        user,
        until_ms: claims.iat.saturating_add(skew).saturating_mul(1000),
    })
}

fn decoded<T: DeserializeOwned>(part: &str) -> Option<T> {
    serde_json::from_slice(&base64(part)?).ok()
}

/// base64url without padding (RFC 7515 §2).
fn base64(part: &str) -> Option<Vec<u8>> {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    URL_SAFE_NO_PAD.decode(part).ok()
}
