//! Whom a proxy has signed in with authentik already (forward auth).
//!
//! Anybody can send a header. These are believed of connections that one of the named proxies opened, on which it sent
//! a secret as well that nobody else knows: a proxy that passes on what browsers send, or another process on its
//! machine, is not enough.

use std::net::IpAddr;

use http::{Extensions, HeaderMap, HeaderName};
use secrecy::{ExposeSecret as _, SecretString};

use crate::{
    config::{Config, ConfigError},
    random::{self, Digest},
    visit,
};

/// Header with the secret of the proxy.
pub(crate) const SECRET: HeaderName = HeaderName::from_static("x-ostiary-forward-auth");
/// Header with the login name, as authentik's outposts set it.
const USERNAME: HeaderName = HeaderName::from_static("x-authentik-username");
/// Where authentik's outposts sign people out, on the address of each application that they protect.
pub(crate) const SIGN_OUT: &str = "/outpost.goauthentik.io/sign_out";

/// The proxies that say who somebody is. `Debug` shows no secret: there is none but its digest.
#[derive(Debug, Clone)]
pub(crate) struct ForwardAuth {
    proxies: Vec<IpAddr>,
    secret: Digest,
}

impl ForwardAuth {
    /// The proxies of the settings; none where they name none.
    ///
    /// # Errors
    /// When the file with the secret cannot be read, or what is in it is too short.
    pub(crate) fn of(config: &Config) -> Result<Option<Self>, ConfigError> {
        let settings = &config.forward_auth;
        let Some(secret) = settings.read_secret()? else {
            return Ok(None);
        };
        Ok(Some(Self {
            proxies: settings.proxies.iter().map(IpAddr::to_canonical).collect(),
            secret: digest(&secret),
        }))
    }

    /// The login name of whoever a proxy has signed in.
    pub(crate) fn name(&self, extensions: &Extensions, headers: &HeaderMap) -> Option<String> {
        let secret = only(headers, &SECRET)?.into();
        let is_proxy = self.proxies.contains(&visit::peer(extensions));
        // Compared in any case, in the same time for every guess.
        let is_right = random::same(&digest(&secret), &self.secret);
        let name = only(headers, &USERNAME)?;
        (is_proxy && is_right).then(|| name.to_owned())
    }
}

/// The value of a header that was sent once: of two, one might be the browser's.
fn only<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    let value = std::str::from_utf8(values.next()?.as_bytes()).ok()?;
    (values.next().is_none() && !value.is_empty()).then_some(value)
}

fn digest(secret: &SecretString) -> Digest {
    random::digest(&[secret.expose_secret().as_bytes()])
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use axum::extract::ConnectInfo;

    use super::*;

    const GOOD: &str = "0123456789abcdef0123456789abcdef";

    fn name(peer: &str, headers: &[(&str, &str)]) -> Option<String> {
        let proxies = ForwardAuth {
            proxies: vec!["10.0.0.1".parse().unwrap(), "2001:db8::1".parse().unwrap()],
            secret: digest(&GOOD.into()),
        };
        let mut request = http::Request::new(());
        let peer: SocketAddr = format!("{peer}:1234").parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(peer));
        for (name, value) in headers {
            let name: HeaderName = name.parse().unwrap();
            let value = http::HeaderValue::from_bytes(value.as_bytes()).unwrap();
            request.headers_mut().append(name, value);
        }
        proxies.name(request.extensions(), request.headers())
    }

    #[test]
    fn proxy_with_the_secret_says_who_somebody_is() {
        for peer in ["10.0.0.1", "[::ffff:10.0.0.1]", "[2001:db8::1]"] {
            let told = [
                ("x-ostiary-forward-auth", GOOD),
                ("X-authentik-username", "ada"),
            ];
            assert_eq!(name(peer, &told).as_deref(), Some("ada"), "{peer}");
        }
        let umlaut = [
            ("x-ostiary-forward-auth", GOOD),
            ("x-authentik-username", "jörg"),
        ];
        assert_eq!(name("10.0.0.1", &umlaut).as_deref(), Some("jörg"));
    }

    #[test]
    fn nobody_else_does() {
        let (secret, user) = ("x-ostiary-forward-auth", "x-authentik-username");
        let upper = GOOD.to_uppercase();
        let cases: [(&str, &[(&str, &str)]); 11] = [
            ("10.0.0.2", &[(secret, GOOD), (user, "ada")]),
            ("127.0.0.1", &[(secret, GOOD), (user, "ada")]),
            // What the browser says of itself is no connection.
            (
                "192.0.2.1",
                &[
                    (secret, GOOD),
                    (user, "ada"),
                    ("x-forwarded-for", "10.0.0.1"),
                ],
            ),
            ("10.0.0.1", &[(user, "ada")]),
            ("10.0.0.1", &[(secret, ""), (user, "ada")]),
            ("10.0.0.1", &[(secret, &upper), (user, "ada")]),
            ("10.0.0.1", &[(secret, "0123456789abcdef"), (user, "ada")]),
            ("10.0.0.1", &[(secret, GOOD), (secret, GOOD), (user, "ada")]),
            (
                "10.0.0.1",
                &[(secret, GOOD), (user, "ada"), (user, "akadmin")],
            ),
            ("10.0.0.1", &[(secret, GOOD), (user, "")]),
            (
                "10.0.0.1",
                &[
                    (secret, GOOD),
                    ("x-authentik-uid", "1"),
                    ("x-remote-user", "ada"),
                ],
            ),
        ];
        for (peer, headers) in cases {
            assert_eq!(name(peer, headers), None, "{peer} {headers:?}");
        }
    }
}
