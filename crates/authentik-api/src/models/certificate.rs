use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::CertificatePk;

/// A certificate, with or without its private key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CertificateKeyPair {
    /// Key.
    pub pk: CertificatePk,
    /// Name, unique.
    pub name: String,
    /// Whether the private key is there, so that it can sign.
    #[serde(default)]
    pub private_key_available: Option<bool>,
    /// Type of the key up to 2025.10.
    #[serde(default)]
    pub private_key_type: Option<String>,
    /// Type of the key from 2025.12 on.
    #[serde(default)]
    pub key_type: Option<String>,
    /// End of validity.
    #[serde(default)]
    pub cert_expiry: Option<Timestamp>,
    /// Subject.
    #[serde(default)]
    pub cert_subject: Option<String>,
    /// Identifier of a pair that authentik made.
    #[serde(default)]
    pub managed: Option<String>,
}

impl CertificateKeyPair {
    /// `rsa`, `ec` …, whichever way the version tells it.
    pub fn algorithm(&self) -> Option<&str> {
        self.key_type
            .as_deref()
            .or(self.private_key_type.as_deref())
    }

    /// Whether OIDC tokens can be signed with it: authentik signs with RSA and EC keys only (fact
    /// sheet §6.18).
    pub fn can_sign_tokens(&self) -> bool {
        self.private_key_available == Some(true)
            && self
                .algorithm()
                .is_none_or(|kind| matches!(kind, "rsa" | "ec"))
    }
}
