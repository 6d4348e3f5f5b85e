//! Where a request comes from.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::ConnectInfo;
use http::{Extensions, HeaderMap, header::USER_AGENT};

/// The network address of whoever sent a request, which the middleware found out and put there.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Client(pub(crate) IpAddr);

impl Client {
    /// The address of a request's extensions.
    pub(crate) fn of(extensions: &Extensions) -> IpAddr {
        let found = extensions.get::<Self>();
        found.map_or(Ipv4Addr::UNSPECIFIED.into(), |client| client.0)
    }
}

/// So much of what a browser calls itself is kept.
const AGENT: usize = 200;

/// The network address of whoever opened the connection.
pub(crate) fn peer(extensions: &Extensions) -> IpAddr {
    let peer = extensions.get::<ConnectInfo<SocketAddr>>();
    // Without a connection the request comes from this process: a test.
    peer.map_or(Ipv4Addr::LOCALHOST.into(), |peer| {
        peer.0.ip().to_canonical()
    })
}

/// The network address of the browser: that of the connection, or where that is a proxy we trust,
/// the one that the proxy saw.
pub(crate) fn address(extensions: &Extensions, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    let peer = peer(extensions);
    if !trusted.contains(&peer) {
        return peer;
    }
    let told = forwarded(headers);
    told.into_iter()
        .rev()
        .find(|address| !trusted.contains(address))
        .unwrap_or(peer)
}

/// The addresses of `X-Forwarded-For`, the nearest last. What follows a text that is none is all that
/// can be relied on.
fn forwarded(headers: &HeaderMap) -> Vec<IpAddr> {
    let mut told = Vec::new();
    let texts = headers.get_all("x-forwarded-for").iter();
    let texts = texts.flat_map(|text| text.to_str().unwrap_or("?").split(','));
    for text in texts {
        match text.trim().parse::<IpAddr>() {
            Ok(address) => told.push(address.to_canonical()),
            Err(_) => told.clear(),
        }
    }
    told
}

/// What the browser calls itself, shortened and without control characters.
pub(crate) fn agent(headers: &HeaderMap) -> String {
    let text = headers.get(USER_AGENT).and_then(|text| text.to_str().ok());
    let text = text.unwrap_or_default().chars();
    text.filter(|c| !c.is_control()).take(AGENT).collect()
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn of(peer: &str, forwarded: &[&str]) -> String {
        let mut request = Request::builder();
        for text in forwarded {
            request = request.header("x-forwarded-for", *text);
        }
        let (mut parts, ()) = request.body(()).unwrap().into_parts();
        let peer: SocketAddr = format!("{peer}:1234").parse().unwrap();
        parts.extensions.insert(ConnectInfo(peer));
        let trusted = ["10.0.0.1".parse().unwrap(), "10.0.0.2".parse().unwrap()];
        address(&parts.extensions, &parts.headers, &trusted).to_string()
    }

    #[test]
    fn address_is_told_by_trusted_proxies_only() {
        assert_eq!(of("192.0.2.7", &[]), "192.0.2.7");
        assert_eq!(of("192.0.2.7", &["198.51.100.1"]), "192.0.2.7");
        assert_eq!(of("10.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(
            of("10.0.0.1", &["203.0.113.9, 198.51.100.1, 10.0.0.2"]),
            "198.51.100.1"
        );
        assert_eq!(
            of("10.0.0.1", &["203.0.113.9", "198.51.100.1"]),
            "198.51.100.1"
        );
        assert_eq!(of("10.0.0.1", &["203.0.113.9, nonsense"]), "10.0.0.1");
        assert_eq!(of("10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(of("[::ffff:10.0.0.1]", &["2001:db8::1"]), "2001:db8::1");
    }

    #[test]
    fn agent_is_short_and_printable() {
        let mut headers = HeaderMap::new();
        headers.insert(USER_AGENT, "x".repeat(500).parse().unwrap());
        assert_eq!(agent(&headers).len(), AGENT);
        headers.insert(USER_AGENT, "a\tb".parse().unwrap());
        assert_eq!(agent(&headers), "ab");
    }
}
