//! From the relative URI of a request to the address that is called.

use http::{HeaderValue, Uri};
use url::Url;

use crate::{BuildError, Error};

/// The part of authentik's addresses that the token is for.
const API: &str = "/api/v3/";

/// Where authentik is: scheme, host, port, and the path of an installation below a path.
#[derive(Debug, Clone)]
pub(crate) struct Base {
    url: Url,
    /// `https://host:port/path`, without a slash at the end.
    text: String,
}

/// What a request asks for.
#[derive(Debug)]
pub(crate) struct Target {
    /// The address to call.
    pub(crate) url: Url,
    /// Whether the token goes along.
    pub(crate) is_api: bool,
}

impl Base {
    /// Takes an `http` or `https` address that has a host and nothing behind its path.
    pub(crate) fn new(url: Url) -> Result<Self, BuildError> {
        check(&url).map_err(BuildError::BaseUrl)?;
        let text = url.as_str().trim_end_matches('/').to_owned();
        Ok(Self { url, text })
    }

    pub(crate) fn url(&self) -> &Url {
        &self.url
    }

    pub(crate) fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// `host` or `host:port`, for messages.
    pub(crate) fn host(&self) -> String {
        authority(&self.url)
    }

    /// Joins a relative URI to the base.
    ///
    /// The address that is called must have exactly the path of the request: what a URL parser
    /// would rewrite (dot segments, backslashes) is refused, so that no spelling of another path
    /// passes for one below the API.
    pub(crate) fn join(&self, uri: &Uri) -> Result<Target, Error> {
        let refused = |reason| Error::Address { reason };
        if uri.scheme().is_some() || uri.authority().is_some() {
            return Err(refused(
                "the transport knows the host; a request names a path only",
            ));
        }
        let path = uri.path();
        if !path.starts_with('/') {
            return Err(refused("the path must begin with a slash"));
        }
        let mut text = format!("{}{path}", self.text);
        if let Some(query) = uri.query() {
            text.push('?');
            text.push_str(query);
        }
        let url = Url::parse(&text).map_err(|_| refused("it is not a valid URL"))?;
        let same_host = url.origin() == self.url.origin();
        let same_path = url
            .path()
            .strip_prefix(self.url.path().trim_end_matches('/'));
        if !same_host || same_path != Some(path) {
            return Err(refused(
                "the path has dot segments or characters that must be encoded",
            ));
        }
        Ok(Target {
            url,
            is_api: path.starts_with(API),
        })
    }
}

/// How people reach authentik, where that differs from how the transport does.
#[derive(Debug, Clone)]
pub(crate) struct Public {
    pub(crate) url: Url,
    /// For `Host` and `X-Forwarded-Host`.
    pub(crate) host: HeaderValue,
    /// For `X-Forwarded-Proto`.
    pub(crate) scheme: HeaderValue,
}

impl Public {
    pub(crate) fn new(url: Url) -> Result<Self, BuildError> {
        check(&url).map_err(BuildError::PublicUrl)?;
        let header = |text: &str| {
            HeaderValue::from_str(text)
                .map_err(|_| BuildError::PublicUrl("its host cannot stand in a header"))
        };
        Ok(Self {
            host: header(&authority(&url))?,
            scheme: header(url.scheme())?,
            url,
        })
    }
}

/// `host`, with the port where it is not the scheme's own.
fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port()
        .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

fn check(url: &Url) -> Result<(), &'static str> {
    if !matches!(url.scheme(), "http" | "https") {
        Err("it must begin with http:// or https://")
    } else if url.host_str().is_none_or(str::is_empty) {
        Err("it has no host")
    } else if !url.username().is_empty() || url.password().is_some() {
        Err("it must not hold a user name or password")
    } else if url.query().is_some() || url.fragment().is_some() {
        Err("it must end with its path: no question mark, no hash sign")
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn join(base: &str, uri: &str) -> Result<(String, bool), String> {
        let base = Base::new(base.parse().unwrap()).unwrap();
        let target = base.join(&uri.parse().map_err(|e| format!("{e}"))?);
        target
            .map(|t| (t.url.to_string(), t.is_api))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn join_keeps_path_and_query_below_any_base() {
        let users = "/api/v3/core/users/?search=a%20b&page=2";
        for (base, start) in [
            ("https://auth.example.com", "https://auth.example.com"),
            ("https://auth.example.com/", "https://auth.example.com"),
            (
                "https://auth.example.com:9443/",
                "https://auth.example.com:9443",
            ),
            ("https://example.com/auth", "https://example.com/auth"),
            ("https://example.com/auth/", "https://example.com/auth"),
            ("http://[::1]:9000/a/b/", "http://[::1]:9000/a/b"),
        ] {
            assert_eq!(join(base, users), Ok((format!("{start}{users}"), true)));
        }
    }

    #[test]
    fn join_tells_the_api_from_other_paths() {
        for (path, is_api) in [
            ("/api/v3/admin/version/", true),
            ("/api/v3/core/tokens/a%2Fb/", true),
            ("/application/o/grafana/jwks/", false),
            ("/api/v3", false),
            ("/api/v30/core/users/", false),
            ("/API/v3/core/users/", false),
            ("//api/v3/core/users/", false),
            ("/", false),
        ] {
            let (url, found) = join("https://example.com/auth/", path).unwrap();
            assert_eq!(
                (url, found),
                (format!("https://example.com/auth{path}"), is_api)
            );
        }
    }

    #[test]
    fn join_refuses_what_would_become_another_path() {
        for uri in [
            "/api/v3/../../application/o/",
            "/api/v3/%2e%2e/%2E%2e/application/o/",
            "/application/../api/v3/core/users/",
            "/api/v3/./core/users/",
            "/api\\v3/core/users/",
            "/\\elsewhere.example/api/v3/",
            "https://elsewhere.example/api/v3/core/users/",
            "elsewhere.example:443",
            "*",
        ] {
            let refused = join("https://example.com/auth/", uri);
            assert!(refused.is_err(), "{uri}: {refused:?}");
        }
    }

    #[test]
    fn base_refuses_addresses_that_cannot_be_one() {
        for url in [
            "ftp://example.com/",
            "file:///etc/passwd",
            "data:text/html,x",
            "https://user@example.com/",
            "https://:secret@example.com/",
            "https://example.com/?next=/",
            "https://example.com/#/",
        ] {
            assert!(Base::new(url.parse().unwrap()).is_err(), "{url}");
            assert!(Public::new(url.parse().unwrap()).is_err(), "{url}");
        }
    }

    #[test]
    fn public_tells_host_with_port_where_it_is_needed() {
        for (url, host, scheme) in [
            ("https://auth.example.com/", "auth.example.com", "https"),
            ("https://auth.example.com:443/", "auth.example.com", "https"),
            (
                "http://auth.example.com:9000/",
                "auth.example.com:9000",
                "http",
            ),
            ("https://bücher.example/", "xn--bcher-kva.example", "https"),
        ] {
            let public = Public::new(url.parse().unwrap()).unwrap();
            assert_eq!(
                (public.host.as_bytes(), public.scheme.as_bytes()),
                (host.as_bytes(), scheme.as_bytes())
            );
        }
    }
}
