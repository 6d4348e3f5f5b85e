//! Signed tokens.

use crate::pair::{self, Pair};
use crate::rows::{Columns, Row};
use crate::state::{State, Table};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;
use serde_json::{Value, json};

/// Signs claims as the provider does: with its key (RS256 or ES256), or with the client's secret where it has none (T18).
/// Nothing where the key cannot sign.
pub(crate) fn sign(state: &State, provider: &Row, kind: &str, claims: &Row) -> Option<String> {
    let key = state.by_pk(Table::Keys, &provider.value("signing_key"));
    let header = key.map_or_else(
        || json!({ "alg": "HS256", "typ": kind }),
        |key| json!({ "alg": Pair::of(key).algorithm(), "kid": pair::id(state, key), "typ": kind }),
    );
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", part(&header), part(&Value::Object(claims.clone())));
    let signature = if let Some(key) = key {
        Pair::of(key).sign(message.as_bytes())?
    } else {
        let secret = provider.text("client_secret").as_bytes();
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
        hmac::sign(&key, message.as_bytes()).as_ref().to_vec()
    };
    Some(format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature)))
}
