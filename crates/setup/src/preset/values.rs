//! The values that placeholders are replaced by.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// Values by placeholder name. `Debug` shows the names only, because some values are secrets.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Values(BTreeMap<String, String>);

impl fmt::Debug for Values {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Values {
    /// Sets a value.
    pub fn insert(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.insert(name.into(), value.into());
    }

    /// Sets a value and returns the whole.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.insert(name, value);
        self
    }

    /// The value of a placeholder.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

impl<K: Into<String>, V: Into<String>> Extend<(K, V)> for Values {
    fn extend<T: IntoIterator<Item = (K, V)>>(&mut self, iter: T) {
        for (name, value) in iter {
            self.insert(name, value);
        }
    }
}

/// Escapes what has a meaning in a regular expression (Python's and Rust's alike).
pub(crate) fn escape_regex(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if r"\.+*?()|[]{}^$".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// `host[:port]` of an address; what follows the scheme where it is no valid URL.
fn host_and_port(address: &str) -> String {
    if let Ok(url) = url::Url::parse(address)
        && let Some(host) = url.host_str()
    {
        return match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
    }
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest.split('/').next().unwrap_or_default().to_owned()
}

/// The core values of an OpenID Connect set-up.
///
/// `authentik_url` is the public address of authentik, `base` the application's; trailing slashes of
/// both are dropped. The endpoints are authentik's: issuer, end session, JWKS and discovery belong to
/// the application (issuer mode `per_provider`), authorize, token and userinfo are common to all.
/// Without `client_secret`, a template that uses it cannot be rendered.
pub fn core_values(
    authentik_url: &str,
    slug: &str,
    base: &str,
    client_id: &str,
    client_secret: Option<&str>,
) -> Values {
    let authentik_url = authentik_url.trim_end_matches('/');
    let base = base.trim_end_matches('/');
    let common = format!("{authentik_url}/application/o");
    let issuer = format!("{common}/{slug}/");
    let mut values = Values::default()
        .with("authentik_host", host_and_port(authentik_url))
        .with("authentik_url", authentik_url)
        .with("authorize_url", format!("{common}/authorize/"))
        .with("base", base)
        .with("base_regex", escape_regex(base))
        .with("client_id", client_id)
        .with(
            "discovery_url",
            format!("{issuer}.well-known/openid-configuration"),
        )
        .with("end_session_url", format!("{issuer}end-session/"))
        .with("host", host_and_port(base))
        .with("jwks_url", format!("{issuer}jwks/"))
        .with("slug", slug)
        .with("token_url", format!("{common}/token/"))
        .with("userinfo_url", format!("{common}/userinfo/"))
        .with("issuer", issuer);
    if let Some(secret) = client_secret {
        values.insert("client_secret", secret);
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn core_values_of_an_address_with_port() {
        let values = core_values(
            "https://auth.example.com/",
            "grafana",
            "https://grafana.example.com:8443/",
            "id",
            Some("hush"),
        );
        assert_eq!(values.get("base"), Some("https://grafana.example.com:8443"));
        assert_eq!(values.get("host"), Some("grafana.example.com:8443"));
        assert_eq!(values.get("authentik_host"), Some("auth.example.com"));
        assert_eq!(
            values.get("discovery_url"),
            Some("https://auth.example.com/application/o/grafana/.well-known/openid-configuration")
        );
        assert_eq!(
            values.get("base_regex"),
            Some(r"https://grafana\.example\.com:8443")
        );
        assert!(!format!("{values:?}").contains("hush"));
    }

    #[test]
    fn core_values_without_secret_has_none() {
        let values = core_values("http://a", "s", "not an address/x", "id", None);
        assert_eq!(values.get("client_secret"), None);
        assert_eq!(values.get("host"), Some("not an address"));
    }
}
