//! `crypto/certificatekeypairs`, reading only, and the keys behind it.

use crate::call::Call;
use crate::fields::Field;
use crate::mint;
use crate::resource::Resource;
use crate::rows::{Columns, Row, pick};
use crate::state::{State, Table};
use crate::version::Version;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, SHA512, digest};
use ring::rand::SystemRandom;
use ring::rsa::PublicKeyComponents;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::{Value, json};
use std::sync::OnceLock;

/// An RSA key of 2,048 bits with its certificate. Both keys were made for the sandbox and are public, like all of this
/// file: what they sign proves nothing outside a simulation.
#[derive(Debug)]
pub(crate) struct Pair {
    /// DER.
    certificate: &'static [u8],
    /// PKCS #8, DER.
    private: &'static [u8],
    parsed: OnceLock<Option<RsaKeyPair>>,
}

static FIRST: Pair = Pair::new(
    include_bytes!("../keys/first.cert.der"),
    include_bytes!("../keys/first.key.der"),
);
static SECOND: Pair = Pair::new(
    include_bytes!("../keys/second.cert.der"),
    include_bytes!("../keys/second.key.der"),
);

impl Pair {
    const fn new(certificate: &'static [u8], private: &'static [u8]) -> Self {
        Self {
            certificate,
            private,
            parsed: OnceLock::new(),
        }
    }

    /// The key behind a row.
    pub(crate) fn of(row: &Row) -> &'static Self {
        if row.flag("second") { &SECOND } else { &FIRST }
    }

    fn key(&self) -> Option<&RsaKeyPair> {
        self.parsed
            .get_or_init(|| RsaKeyPair::from_pkcs8(self.private).ok())
            .as_ref()
    }

    /// The signature of RS256. Its padding is not random, so it is the same every time.
    pub(crate) fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        let key = self.key()?;
        let mut signature = vec![0; key.public().modulus_len()];
        key.sign(
            &RSA_PKCS1_SHA256,
            &SystemRandom::new(),
            message,
            &mut signature,
        )
        .ok()?;
        Some(signature)
    }

    /// The modulus, base64url.
    pub(crate) fn modulus(&self) -> String {
        self.key().map_or_else(String::new, |key| {
            let public = PublicKeyComponents::<Vec<u8>>::from(key.public());
            URL_SAFE_NO_PAD.encode(public.n)
        })
    }

    /// The certificate as JWKS shows it.
    pub(crate) fn certificate(&self) -> String {
        STANDARD.encode(self.certificate)
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
fn colons(bytes: &[u8]) -> String {
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

pub(crate) struct Keys;

impl Resource for Keys {
    const TABLE: Table = Table::Keys;
    const MODEL: &'static str = "CertificateKeyPair";

    fn fields(_: &State) -> Vec<Field> {
        Vec::new()
    }

    fn filter(_: &State, call: &Call, row: &Row) -> bool {
        call.switch("has_key")
            .is_none_or(|wanted| row.flag("private_key_available") == wanted)
            && ["name", "managed"].iter().all(|column| {
                call.param(column)
                    .is_none_or(|wanted| row.text(column) == wanted)
            })
    }

    fn render(state: &State, call: &Call, row: &Row) -> Value {
        let mut key = pick(row, &["pk", "name", "private_key_available", "managed"]);
        let details =
            state.since(Version::V2026_5) || call.switch("include_details") != Some(false);
        let (name, pair) = (row.text("name"), Pair::of(row));
        for (column, value) in [
            ("fingerprint_sha256", json!(colons(&pair.sha256()))),
            ("fingerprint_sha1", json!(colons(&pair.sha1()))),
            ("cert_expiry", json!("2036-11-19T13:28:53Z")),
            (
                "cert_subject",
                json!(format!("OU=Self-signed,O=authentik,CN={name}")),
            ),
        ] {
            key.insert(column.to_owned(), if details { value } else { Value::Null });
        }
        let kind = if row.flag("private_key_available") {
            json!("rsa")
        } else {
            Value::Null
        };
        let column = if state.since(Version::V2026_5) {
            "key_type"
        } else {
            "private_key_type"
        };
        key.insert(column.to_owned(), kind);
        for what in ["certificate", "private_key"] {
            let url = format!(
                "/api/v3/crypto/certificatekeypairs/{}/view_{what}/?download",
                row.text("pk")
            );
            key.insert(format!("{what}_download_url"), json!(url));
        }
        Value::Object(key)
    }
}
