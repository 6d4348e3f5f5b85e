//! The names that may stand in braces in a preset.

use std::collections::{BTreeMap, BTreeSet};

/// A placeholder that every preset may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CoreName {
    /// What stands between the braces.
    pub name: &'static str,
    /// Whether the value is shown masked.
    pub secret: bool,
}

const fn plain(name: &'static str) -> CoreName {
    CoreName {
        name,
        secret: false,
    }
}

const fn secret(name: &'static str) -> CoreName {
    CoreName { name, secret: true }
}

/// All placeholders that exist without being declared by the preset.
///
/// Addresses end without a slash, except `issuer` and the endpoints, which authentik serves with one.
pub const CORE_NAMES: &[CoreName] = &[
    plain("authentik_host"),
    plain("authentik_url"),
    plain("authorize_url"),
    plain("base"),
    plain("base_regex"),
    plain("client_id"),
    secret("client_secret"),
    plain("discovery_url"),
    plain("end_session_url"),
    plain("host"),
    plain("issuer"),
    plain("jwks_url"),
    plain("ldap_base_dn"),
    plain("ldap_bind_dn"),
    secret("ldap_bind_password"),
    plain("ldap_host"),
    secret("random_secret"),
    plain("saml_cert_fingerprint_sha256"),
    plain("saml_metadata_xml"),
    plain("saml_signing_cert"),
    plain("saml_signing_cert_body"),
    plain("slug"),
    plain("token_url"),
    plain("userinfo_url"),
];

/// What a name in braces is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// Replaced by a value.
    Plain,
    /// Replaced by a value that is shown masked.
    Secret,
    /// A token of the application itself: stays as it is.
    Literal,
}

/// The names that one template may use: the core names, the preset's variables and its literals.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    variables: BTreeMap<String, bool>,
    literals: BTreeSet<String>,
}

impl Names {
    /// The core names only.
    pub fn core() -> Self {
        Self::default()
    }

    /// Adds a variable; `secret` values are shown masked. A variable wins over a core name.
    #[must_use]
    pub fn with_variable(mut self, name: impl Into<String>, secret: bool) -> Self {
        self.variables.insert(name.into(), secret);
        self
    }

    /// Adds a name that looks like a placeholder but belongs to the application.
    #[must_use]
    pub fn with_literal(mut self, name: impl Into<String>) -> Self {
        self.literals.insert(name.into());
        self
    }

    pub(crate) fn meaning(&self, name: &str) -> Option<Meaning> {
        let of = |secret| {
            if secret {
                Meaning::Secret
            } else {
                Meaning::Plain
            }
        };
        if self.literals.contains(name) {
            return Some(Meaning::Literal);
        }
        if let Some(secret) = self.variables.get(name) {
            return Some(of(*secret));
        }
        CORE_NAMES
            .iter()
            .find(|core| core.name == name)
            .map(|core| of(core.secret))
    }
}
