//! The keys that sign, with their certificates.
//!
//! They were made for the sandbox and are public, like everything here: what they sign proves nothing outside a
//! simulation.

use crate::mint;
use crate::rows::{Columns, Row, row};
use crate::state::State;
use crate::version::Version;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, SHA512, digest};
use ring::rand::SystemRandom;
use ring::rsa::PublicKeyComponents;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair,
};
use serde_json::{Value, json};
use std::sync::OnceLock;

/// A key with its certificate.
#[derive(Debug)]
pub(crate) struct Pair {
    /// DER.
    certificate: &'static [u8],
    /// PKCS #8, DER.
    private: &'static [u8],
    curve: bool,
    expiry: &'static str,
    parsed: OnceLock<Option<Key>>,
}

#[derive(Debug)]
enum Key {
    /// 2,048 bits.
    Rsa(RsaKeyPair),
    /// P-256.
    Curve(EcdsaKeyPair),
}

static FIRST: Pair = Pair {
    certificate: include_bytes!("../keys/first.cert.der"),
    private: include_bytes!("../keys/first.key.der"),
    curve: false,
    expiry: "2036-11-19T13:28:53Z",
    parsed: OnceLock::new(),
};
static SECOND: Pair = Pair {
    certificate: include_bytes!("../keys/second.cert.der"),
    private: include_bytes!("../keys/second.key.der"),
    curve: false,
    expiry: "2036-11-19T13:28:53Z",
    parsed: OnceLock::new(),
};
static CURVE: Pair = Pair {
    certificate: include_bytes!("../keys/curve.cert.der"),
    private: include_bytes!("../keys/curve.key.der"),
    curve: true,
    expiry: "2036-11-19T13:50:06Z",
    parsed: OnceLock::new(),
};

impl Pair {
    /// The key behind a row.
    pub(crate) fn of(row: &Row) -> &'static Self {
        match row.text("pair") {
            "second" => &SECOND,
            "curve" => &CURVE,
            _ => &FIRST,
        }
    }

    fn key(&self) -> Option<&Key> {
        let parse = || {
            if self.curve {
                let kind = &ECDSA_P256_SHA256_FIXED_SIGNING;
                let key = EcdsaKeyPair::from_pkcs8(kind, self.private, &SystemRandom::new());
                key.ok().map(Key::Curve)
            } else {
                RsaKeyPair::from_pkcs8(self.private).ok().map(Key::Rsa)
            }
        };
        self.parsed.get_or_init(parse).as_ref()
    }

    /// The kind of key as the API calls it.
    pub(crate) const fn kind(&self) -> &'static str {
        if self.curve { "ec" } else { "rsa" }
    }

    /// When the certificate ends.
    pub(crate) const fn expiry(&self) -> &'static str {
        self.expiry
    }

    /// What tokens call the way of signing.
    pub(crate) const fn algorithm(&self) -> &'static str {
        if self.curve { "ES256" } else { "RS256" }
    }

    /// Signs; nothing where the key cannot. RS256 gives the same every time, ES256 never does.
    pub(crate) fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        let random = SystemRandom::new();
        match self.key()? {
            Key::Rsa(key) => {
                let mut signature = vec![0; key.public().modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature)
                    .ok()?;
                Some(signature)
            }
            Key::Curve(key) => Some(key.sign(&random, message).ok()?.as_ref().to_vec()),
        }
    }

    /// The numbers of the public key as JWKS shows them.
    fn numbers(&self) -> Value {
        match self.key() {
            Some(Key::Rsa(key)) => {
                let public = PublicKeyComponents::<Vec<u8>>::from(key.public());
                json!({
                    "kty": "RSA",
                    "n": URL_SAFE_NO_PAD.encode(public.n),
                    "e": URL_SAFE_NO_PAD.encode(public.e),
                })
            }
            Some(Key::Curve(key)) => {
                // One byte that says "both in full", then both.
                let point = key.public_key().as_ref();
                let (x, y) = point
                    .get(1..)
                    .unwrap_or_default()
                    .split_at(32.min(point.len() / 2));
                json!({
                    "kty": "EC",
                    "crv": "P-256",
                    "x": URL_SAFE_NO_PAD.encode(x),
                    "y": URL_SAFE_NO_PAD.encode(y),
                })
            }
            None => Value::Null,
        }
    }

    /// SHA-1 of the certificate.
    pub(crate) fn sha1(&self) -> Vec<u8> {
        digest(&SHA1_FOR_LEGACY_USE_ONLY, self.certificate)
            .as_ref()
            .to_vec()
    }

    /// SHA-256 of the certificate.
    pub(crate) fn sha256(&self) -> Vec<u8> {
        digest(&SHA256, self.certificate).as_ref().to_vec()
    }
}

/// Bytes as fingerprints show them.
pub(crate) fn colons(bytes: &[u8]) -> String {
    let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    pairs.join(":")
}

/// The identifier of a key: as long and in the letters that the version gives it.
pub(crate) fn id(state: &State, row: &Row) -> String {
    let pk = row.text("pk");
    if state.since(Version::V2026_5) {
        return URL_SAFE_NO_PAD.encode(digest(&SHA512, pk.as_bytes()));
    }
    mint::derived(pk).replace('-', "")
}

/// A key of the table, as JWKS shows it.
pub(crate) fn published(state: &State, key: &Row) -> Value {
    let pair = Pair::of(key);
    let mut jwk = row(pair.numbers());
    jwk.extend(row(json!({
        "alg": pair.algorithm(),
        "kid": id(state, key),
        "use": "sig",
        "x5c": [STANDARD.encode(pair.certificate)],
        "x5t": URL_SAFE_NO_PAD.encode(pair.sha1()),
        "x5t#S256": URL_SAFE_NO_PAD.encode(pair.sha256()),
    })));
    Value::Object(jwk)
}
