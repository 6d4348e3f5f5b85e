//! `crypto/`: certificates and keys.

use super::handler;
use crate::{models::CertificateKeyPair, operation::named, page::list_endpoint};

list_endpoint! {
    /// Lists certificates.
    ///
    /// | | |
    /// |---|---|
    /// | Operation | `crypto_certificatekeypairs_list`, `GET crypto/certificatekeypairs/` |
    /// | Permission | `authentik_crypto.view_certificatekeypair` |
    /// | Versions | all |
    /// | Surprises | the internal pair for JWTs is hidden |
    ListCertificateKeyPairs(|_| named("crypto_certificatekeypairs_list")) -> CertificateKeyPair {
        /// Only pairs with, or without, their private key.
        has_key: bool = "has_key",
        /// Exact name.
        name: String = "name",
    }
}

handler! {
    /// Operations on certificates.
    Crypto {
        /// Lists certificates.
        certificate_key_pairs(ListCertificateKeyPairs),
    }
}
