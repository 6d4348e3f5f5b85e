//! Which names the server answers to.
//!
//! A page of somebody else's can make its own name lead to 127.0.0.1 and call the server as its own
//! site (DNS rebinding). What it cannot change is the name that the browser sends along.

use std::{net::Ipv4Addr, sync::Arc};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{
    HeaderMap, Uri,
    header::{HOST, ORIGIN},
};
use url::{Host, Url};

use super::{Audience, NotAllowed, security_headers};

/// The names that lead here: this machine's own, and that of the public address where there is one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Site {
    public: Option<Arc<Url>>,
}

/// Under which name a request came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Name {
    Loopback,
    Public,
}

impl Site {
    /// A site that people reach at `public`, besides on this machine.
    pub(crate) fn new(public: Option<Url>) -> Self {
        Self {
            public: public.map(Arc::new),
        }
    }

    /// The name that the request came under; none where it is foreign, missing, or said in two ways.
    fn name(&self, uri: &Uri, headers: &HeaderMap) -> Option<Name> {
        let mut hosts = headers.get_all(HOST).iter();
        let host = match (hosts.next(), hosts.next()) {
            (Some(host), None) => Some(host.to_str().ok()?),
            (None, _) => None,
            (Some(_), Some(_)) => return None,
        };
        let target = uri.authority().map(http::uri::Authority::as_str);
        if let (Some(host), Some(target)) = (host, target)
            && !host.eq_ignore_ascii_case(target)
        {
            return None;
        }
        let host = host.or(target)?.to_ascii_lowercase();
        match host_of(&host)? {
            Host::Domain("localhost") => Some(Name::Loopback),
            Host::Ipv4(address) if address.is_loopback() => Some(Name::Loopback),
            Host::Ipv6(address) if address.is_loopback() => Some(Name::Loopback),
            host => {
                let public = self.public.as_ref()?.host()?;
                (public == host).then_some(Name::Public)
            }
        }
    }

    fn is_https(&self) -> bool {
        let public = self.public.as_ref();
        public.is_some_and(|public| public.scheme() == "https")
    }

    /// Whether a page of another scheme or port of the public name's has sent this: the layer against
    /// CSRF compares names alone.
    fn is_foreign(&self, headers: &HeaderMap) -> bool {
        let Some(public) = &self.public else {
            return false;
        };
        let origin = public.origin().ascii_serialization();
        headers
            .get(ORIGIN)
            .is_some_and(|sent| sent != origin.as_str())
    }
}

/// The host of `host` or `host:port`; none where it is neither.
fn host_of(authority: &str) -> Option<Host<&str>> {
    let (host, port) = if let Some(rest) = authority.strip_prefix('[') {
        let (address, port) = rest.split_once(']')?;
        (Host::Ipv6(address.parse().ok()?), port)
    } else {
        let colon = authority.find(':').unwrap_or(authority.len());
        let (name, port) = authority.split_at(colon);
        let host = match name.parse::<Ipv4Addr>() {
            Ok(address) => Host::Ipv4(address),
            Err(_) => Host::Domain(name),
        };
        (host, port)
    };
    let is_port = port.is_empty()
        || port.strip_prefix(':').is_some_and(|port| {
            (1..=5).contains(&port.len()) && port.bytes().all(|byte| byte.is_ascii_digit())
        });
    is_port.then_some(host)
}

/// Refuses requests that came under a foreign name, with 421.
pub(crate) async fn check(State(site): State<Site>, request: Request, next: Next) -> Response {
    let audience = Audience::of(request.uri(), request.headers());
    let Some(name) = site.name(request.uri(), request.headers()) else {
        return audience.refuse(NotAllowed::Misdirected);
    };
    let public = name == Name::Public;
    if public && !request.method().is_safe() && site.is_foreign(request.headers()) {
        return audience.refuse(NotAllowed::Foreign);
    }
    let mut response = next.run(request).await;
    let more = security_headers::strict_transport(public && site.is_https());
    response.headers_mut().extend(more);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(public: Option<&str>, target: &str, hosts: &[&str]) -> Option<Name> {
        let site = Site::new(public.map(|url| url.parse().unwrap()));
        let mut headers = HeaderMap::new();
        for host in hosts {
            headers.append(
                HOST,
                http::HeaderValue::from_bytes(host.as_bytes()).unwrap(),
            );
        }
        site.name(&target.parse().unwrap(), &headers)
    }

    #[test]
    fn name_is_this_machines_or_the_public_one() {
        let public = Some("https://setup.example.com/");
        for host in [
            "localhost",
            "LOCALHOST:3000",
            "127.0.0.1",
            "127.0.0.1:3000",
            "127.255.255.254:1",
            "[::1]",
            "[::1]:3000",
            "[0:0:0:0:0:0:0:1]:65535",
        ] {
            assert_eq!(name(None, "/", &[host]), Some(Name::Loopback), "{host}");
            assert_eq!(name(public, "/", &[host]), Some(Name::Loopback), "{host}");
        }
        for host in [
            "setup.example.com",
            "Setup.Example.com:443",
            "setup.example.com:8443",
        ] {
            assert_eq!(name(public, "/", &[host]), Some(Name::Public), "{host}");
            assert_eq!(name(None, "/", &[host]), None, "{host}");
        }
        let bare = Some("http://192.168.1.5:3000/");
        assert_eq!(name(bare, "/", &["192.168.1.5:3000"]), Some(Name::Public));
        assert_eq!(name(bare, "/", &["192.168.1.6:3000"]), None);
    }

    #[test]
    fn foreign_names_are_no_names() {
        for host in [
            "evil.example",
            "evil.example:3000",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "127.0.0.1.nip.io",
            "notlocalhost",
            "localhost.",
            "sub.localhost",
            "128.0.0.1",
            "0.0.0.0",
            "0.0.0.0:3000",
            "127.1",
            "2130706433",
            "0x7f.0.0.1",
            "10.0.0.1",
            "[::]",
            "[::2]",
            "[::ffff:127.0.0.1]",
            "[::1",
            "[::1]x",
            "[localhost]",
            "::1",
            "localhost:",
            "localhost:x",
            "localhost:3000:3000",
            "localhost:300000",
            "localhost@evil.example",
            "evil.example@localhost",
            "localhost evil.example",
            "localhost,evil.example",
            "localhost/evil",
            "",
            " ",
            ":3000",
            "l\u{f6}calhost",
        ] {
            assert_eq!(
                name(Some("https://setup.example.com/"), "/", &[host]),
                None,
                "{host}"
            );
        }
        assert_eq!(name(None, "/", &[]), None);
        assert_eq!(name(None, "/", &["localhost", "localhost"]), None);
        assert_eq!(name(None, "/", &["localhost", "evil.example"]), None);
        assert_eq!(name(None, "http://evil.example/", &["localhost"]), None);
        assert_eq!(name(None, "http://localhost/", &["evil.example"]), None);
        assert_eq!(
            name(None, "http://localhost/", &["localhost"]),
            Some(Name::Loopback)
        );
    }

    #[test]
    fn pages_of_another_scheme_are_foreign_to_a_public_name() {
        let site = Site::new(Some("https://setup.example.com/".parse().unwrap()));
        let foreign = |origin: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(ORIGIN, origin.parse().unwrap());
            site.is_foreign(&headers)
        };
        assert!(!foreign("https://setup.example.com"));
        assert!(!site.is_foreign(&HeaderMap::new()));
        for origin in [
            "http://setup.example.com",
            "https://setup.example.com:8443",
            "https://setup.example.com/",
            "https://www.setup.example.com",
            "null",
            "",
        ] {
            assert!(foreign(origin), "{origin}");
        }
    }

    /// A server of a public name, with the layer against CSRF as in the router; gives the status, and
    /// whether HSTS was sent.
    async fn answer(public: &str, method: &str, headers: &[(&str, &str)]) -> (u16, bool) {
        use axum::{Router, body::Body, middleware::from_fn_with_state, routing::any};
        use http::header::STRICT_TRANSPORT_SECURITY;
        use tower::{ServiceBuilder, ServiceExt as _};
        use tower_http_csrf::csrf::CsrfLayer;

        let site = Site::new(Some(public.parse().unwrap()));
        let layers = ServiceBuilder::new()
            .layer(from_fn_with_state(site, check))
            .layer(CsrfLayer::new());
        let router: Router = Router::new().route("/", any(async || "done")).layer(layers);
        let mut request = Request::builder().method(method).uri("/");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = router.oneshot(request.body(Body::empty()).unwrap()).await;
        let response = response.unwrap();
        let hsts = response.headers().contains_key(STRICT_TRANSPORT_SECURITY);
        (response.status().as_u16(), hsts)
    }

    #[tokio::test]
    async fn hsts_is_sent_under_a_public_name_that_is_https() {
        let (https, http) = ("https://setup.example.com/", "http://setup.example.com/");
        let public = [("host", "setup.example.com")];
        let loopback = [("host", "127.0.0.1:3000")];
        assert_eq!(answer(https, "GET", &public).await, (200, true));
        assert_eq!(answer(https, "GET", &loopback).await, (200, false));
        assert_eq!(answer(http, "GET", &public).await, (200, false));
        assert_eq!(
            answer(https, "GET", &[("host", "evil.example")]).await,
            (421, false)
        );
    }

    #[tokio::test]
    async fn forms_of_a_page_over_http_are_foreign_to_a_name_that_is_https() {
        let https = "https://setup.example.com/";
        let mut cases = 0;
        for method in ["POST", "PUT", "PATCH", "DELETE"] {
            for origin in [
                "http://setup.example.com",
                "http://setup.example.com:443",
                "https://setup.example.com:8443",
                "https://www.setup.example.com",
                "https://example.com",
                "null",
            ] {
                // Also where a browser or a proxy calls it the same origin.
                for site in [None, Some("same-origin"), Some("none")] {
                    let mut headers = vec![("host", "setup.example.com"), ("origin", origin)];
                    headers.extend(site.map(|site| ("sec-fetch-site", site)));
                    let (status, _) = answer(https, method, &headers).await;
                    assert_eq!(status, 403, "{method} {headers:?}");
                    cases += 1;
                }
            }
            let own = [
                ("host", "setup.example.com"),
                ("origin", "https://setup.example.com"),
            ];
            assert_eq!(answer(https, method, &own).await, (200, true));
        }
        println!("attacks: CSRF by downgrade to http: {cases} cases, all refused");
    }
}
