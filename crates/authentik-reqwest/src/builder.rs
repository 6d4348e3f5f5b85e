//! Settings of a transport.

use std::{fmt, time::Duration};

use http::HeaderValue;
use reqwest::{Certificate, redirect::Policy};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::{
    Transport,
    address::{Base, Public},
    guard::{Guard, Reach, Refused},
};

/// Makes a [`Transport`]; from [`Transport::builder`].
#[must_use]
pub struct Builder {
    pub(crate) base_url: Url,
    pub(crate) public_url: Option<Url>,
    pub(crate) token: Option<SecretString>,
    pub(crate) connect_timeout: Duration,
    pub(crate) timeout: Duration,
    pub(crate) max_response_bytes: u64,
    pub(crate) retries: u32,
    pub(crate) user_agent: String,
    pub(crate) guard: Guard,
    ca_pem: Option<Vec<u8>>,
    accept_invalid_certs: bool,
}

/// Why a transport could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The base address cannot be one.
    #[error("the address of authentik cannot be used: {0}")]
    BaseUrl(&'static str),
    /// The public address cannot be one.
    #[error("the public address of authentik cannot be used: {0}")]
    PublicUrl(&'static str),
    /// The base address leads where no connection is made.
    #[error("the address of authentik cannot be used: {0}")]
    Refused(#[from] Refused),
    /// The token has characters that a header cannot have, or none at all.
    #[error("the token is empty, or has spaces or characters that a token does not have")]
    Token,
    /// The file with certificate authorities holds none.
    #[error("there is no certificate in the file of certificate authorities (PEM is expected)")]
    NoCertificate,
    /// TLS could not be set up.
    #[error(
        "TLS could not be set up; where the system has no certificate authorities (package \
         ca-certificates), name a file of them"
    )]
    Tls(#[source] reqwest::Error),
}

impl Builder {
    pub(crate) fn new(base_url: Url) -> Self {
        Self {
            base_url,
            public_url: None,
            token: None,
            connect_timeout: Duration::from_secs(5),
            timeout: Duration::from_secs(30),
            max_response_bytes: 16 * 1024 * 1024,
            retries: 2,
            user_agent: concat!("ostiary/", env!("CARGO_PKG_VERSION")).to_owned(),
            guard: Guard::new(Reach::default()),
            ca_pem: None,
            accept_invalid_certs: false,
        }
    }

    /// An API token of authentik's (intent `api`), sent to `/api/v3/` only. Without one the API
    /// is asked anonymously.
    pub fn token(mut self, token: SecretString) -> Self {
        self.token = Some(token);
        self
    }

    /// How long looking up the name, connecting and the TLS handshake may take together; 5 s
    /// when not set.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = limit;
        self
    }

    /// How long a whole call may take, with all attempts and the body; 30 s when not set.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = limit;
        self
    }

    /// The largest body that is read, in bytes; 16 MiB when not set.
    pub fn max_response_bytes(mut self, limit: u64) -> Self {
        self.max_response_bytes = limit;
        self
    }

    /// Certificate authorities to trust besides the system's: the contents of a PEM file.
    pub fn ca_file_pem(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.ca_pem = Some(pem.into());
        self
    }

    /// Whether to accept any certificate, of anybody. Only for trying things out: whoever sits on
    /// the way can read the token then.
    pub fn accept_invalid_certs(mut self, accept: bool) -> Self {
        self.accept_invalid_certs = accept;
        self
    }

    /// The address under which people reach authentik, where that is not the base address.
    ///
    /// authentik builds links (setup URLs, recovery links) from the `Host` of the call (trap T32),
    /// so calls carry this name in `Host`, `X-Forwarded-Host` and `X-Forwarded-Proto`. HTTP/1.1 is
    /// used then: with HTTP/2 the name belongs to the connection.
    pub fn public_url(mut self, url: Url) -> Self {
        self.public_url = Some(url);
        self
    }

    /// How many times a read that found no server is sent again; 2 when not set.
    pub fn retries(mut self, retries: u32) -> Self {
        self.retries = retries;
        self
    }

    /// The name of the program in `User-Agent`; `ostiary/VERSION` when not set.
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.user_agent = name.into();
        self
    }

    /// Where connections may go, and how names are resolved; [`Reach::Networks`] and the system when
    /// not set. There is no way without a guard.
    pub fn guard(mut self, guard: Guard) -> Self {
        self.guard = guard;
        self
    }

    /// Makes the transport. Nothing is sent yet.
    ///
    /// # Errors
    /// When an address, the token or the certificates cannot be used, or the guard refuses the
    /// address.
    pub fn build(self) -> Result<Transport, BuildError> {
        let base = Base::new(self.base_url.clone())?;
        self.guard.examine(base.url())?;
        let public = self.public_url.clone().map(Public::new).transpose()?;
        if let Some(token) = &self.token {
            let text = token.expose_secret();
            if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
                return Err(BuildError::Token);
            }
        }
        let http = self.client(base.is_https(), public.is_some())?;
        Ok(Transport::new(http, base, public, self))
    }

    fn client(&self, is_https: bool, has_public_name: bool) -> Result<reqwest::Client, BuildError> {
        // Fails where the program has chosen a provider already: then that one is used.
        rustls::crypto::ring::default_provider()
            .install_default()
            .ok();
        let mut client = reqwest::Client::builder()
            .connect_timeout(self.connect_timeout)
            .redirect(Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .no_proxy()
            .dns_resolver(self.guard.clone());
        if let Ok(name) = HeaderValue::from_str(&self.user_agent) {
            client = client.user_agent(name);
        }
        if has_public_name {
            client = client.http1_only();
        }
        if !is_https {
            // Else the system's authorities would be read from disk for nothing, and be required.
            client = client.tls_certs_only(Vec::new());
        } else if self.accept_invalid_certs {
            client = client.tls_danger_accept_invalid_certs(true);
        } else if let Some(pem) = &self.ca_pem {
            let certificates =
                Certificate::from_pem_bundle(pem).map_err(|_| BuildError::NoCertificate)?;
            if certificates.is_empty() {
                return Err(BuildError::NoCertificate);
            }
            client = client.tls_certs_merge(certificates);
        }
        client.build().map_err(BuildError::Tls)
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("base_url", &self.base_url.as_str())
            .field("has_token", &self.token.is_some())
            .finish_non_exhaustive()
    }
}
