//! What kind of place an IP address is.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What kind of place an address leads to; later kinds are worse to connect to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Kind {
    /// Anybody's address on the internet.
    Public,
    /// A private network: RFC 1918, shared address space of providers (RFC 6598), benchmarking
    /// networks (RFC 2544), unique local addresses (RFC 4193).
    Private,
    /// This machine.
    Loopback,
    /// Set aside for documents and examples (RFC 5737, RFC 3849, RFC 9637).
    Documentation,
    /// Set aside for protocols or for later; nobody has such an address.
    Reserved,
    /// A broadcast to everybody in the network.
    Broadcast,
    /// A group of receivers.
    Multicast,
    /// No address at all, which systems take for this machine: `0.0.0.0`, `::`.
    Unspecified,
    /// The network cable: machines that gave themselves an address (RFC 3927, RFC 4291).
    LinkLocal,
    /// Where a cloud hands its machines their credentials.
    Metadata,
}

impl Kind {
    /// The kind in words: `a private network`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Public => "the internet",
            Self::Private => "a private network",
            Self::Loopback => "this machine",
            Self::Documentation => "an address for examples",
            Self::Reserved => "a reserved address",
            Self::Broadcast => "a broadcast address",
            Self::Multicast => "a multicast address",
            Self::Unspecified => "an unspecified address",
            Self::LinkLocal => "a link-local address",
            Self::Metadata => "a cloud's metadata service",
        }
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The metadata services of clouds that have an address of version 4.
const METADATA_V4: [Ipv4Addr; 6] = [
    // Amazon, Google, Azure, DigitalOcean, OpenStack, Hetzner, Oracle
    Ipv4Addr::new(169, 254, 169, 254),
    // Amazon: credentials of containers, of pods
    Ipv4Addr::new(169, 254, 170, 2),
    Ipv4Addr::new(169, 254, 170, 23),
    // Alibaba
    Ipv4Addr::new(100, 100, 100, 200),
    // Azure's agent
    Ipv4Addr::new(168, 63, 129, 16),
    // Oracle, the older one
    Ipv4Addr::new(192, 0, 0, 192),
];

/// Those of version 6: Amazon (machines, pods), Google.
const METADATA_V6: [Ipv6Addr; 3] = [
    Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254),
    Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x23),
    Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254),
];

/// Tells what kind of place `address` is. An address of version 4 that is wrapped in one of version
/// 6 counts as itself, since that is where the connection ends.
pub fn classify(address: IpAddr) -> Kind {
    match address {
        IpAddr::V4(address) => classify_v4(address),
        IpAddr::V6(address) => classify_v6(address),
    }
}

fn classify_v4(address: Ipv4Addr) -> Kind {
    if METADATA_V4.contains(&address) {
        return Kind::Metadata;
    }
    match address.octets() {
        [0, ..] => Kind::Unspecified,
        [127, ..] => Kind::Loopback,
        [169, 254, ..] => Kind::LinkLocal,
        [10, ..]
        | [172, 16..=31, ..]
        | [192, 168, ..]
        | [100, 64..=127, ..]
        | [198, 18..=19, ..] => Kind::Private,
        [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => Kind::Documentation,
        [224..=239, ..] => Kind::Multicast,
        [255, 255, 255, 255] => Kind::Broadcast,
        [192, 0, 0, _] | [192, 88, 99, _] | [240..=255, ..] => Kind::Reserved,
        _ => Kind::Public,
    }
}

fn classify_v6(address: Ipv6Addr) -> Kind {
    if METADATA_V6.contains(&address) {
        return Kind::Metadata;
    }
    let outer = match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0] => Kind::Unspecified,
        [0, 0, 0, 0, 0, 0, 0, 1] => Kind::Loopback,
        // compatible, mapped, translated (RFC 4291, RFC 2765), NAT64 (RFC 6052), 6to4 (RFC 3056)
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low]
        | [0, 0, 0, 0, 0xffff, 0, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..] => classify_v4(v4(high, low)),
        // Teredo (RFC 4380): its server, and the client with all bits turned around
        [0x2001, 0, server_high, server_low, _, _, high, low] => {
            let server = classify_v4(v4(server_high, server_low));
            server.max(classify_v4(v4(!high, !low)))
        }
        [0x2001, 0xdb8, ..] | [0x3fff, 0..=0x0fff, ..] => Kind::Documentation,
        [0xfc00..=0xfdff, ..] => Kind::Private,
        [0xfe80..=0xfebf, ..] => Kind::LinkLocal,
        [0xff00..=0xffff, ..] => Kind::Multicast,
        // other protocols' part of 2001::/23, then what is not handed out: only 2000::/3 is
        [0x2001, 0..=0x01ff, ..] => Kind::Reserved,
        [0x2000..=0x3fff, ..] => Kind::Public,
        _ => Kind::Reserved,
    };
    // ISATAP (RFC 5214) works within any network.
    match address.segments() {
        [_, _, _, _, 0 | 0x200, 0x5efe, high, low] => outer.max(classify_v4(v4(high, low))),
        _ => outer,
    }
}

fn v4(high: u16, low: u16) -> Ipv4Addr {
    Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(address: &str) -> Kind {
        classify(address.parse().unwrap())
    }

    #[test]
    fn classify_knows_where_each_network_begins_and_ends() {
        for (first, last, kind) in [
            ("0.0.0.0", "0.255.255.255", Kind::Unspecified),
            ("1.0.0.0", "9.255.255.255", Kind::Public),
            ("10.0.0.0", "10.255.255.255", Kind::Private),
            ("100.64.0.0", "100.100.100.199", Kind::Private),
            ("100.100.100.201", "100.127.255.255", Kind::Private),
            ("100.128.0.0", "100.128.0.0", Kind::Public),
            ("126.255.255.255", "126.255.255.255", Kind::Public),
            ("127.0.0.0", "127.255.255.255", Kind::Loopback),
            ("128.0.0.0", "168.63.129.15", Kind::Public),
            ("169.253.255.255", "169.253.255.255", Kind::Public),
            ("169.254.0.0", "169.254.255.255", Kind::LinkLocal),
            ("169.255.0.0", "172.15.255.255", Kind::Public),
            ("172.16.0.0", "172.31.255.255", Kind::Private),
            ("172.32.0.0", "191.255.255.255", Kind::Public),
            ("192.0.0.0", "192.0.0.255", Kind::Reserved),
            ("192.0.2.0", "192.0.2.255", Kind::Documentation),
            ("192.168.0.0", "192.168.255.255", Kind::Private),
            ("198.18.0.0", "198.19.255.255", Kind::Private),
            ("198.51.100.0", "198.51.100.255", Kind::Documentation),
            ("203.0.113.0", "203.0.113.255", Kind::Documentation),
            ("203.0.114.0", "223.255.255.255", Kind::Public),
            ("224.0.0.0", "239.255.255.255", Kind::Multicast),
            ("240.0.0.0", "255.255.255.254", Kind::Reserved),
            ("255.255.255.255", "255.255.255.255", Kind::Broadcast),
            ("::2:0:0", "::fffe:ffff:ffff", Kind::Reserved),
            ("2000::", "2000:ffff::", Kind::Public),
            ("2001:200::", "2001:db7:ffff::", Kind::Public),
            ("2001:db8::", "2001:db8:ffff::", Kind::Documentation),
            ("2003::", "3ffe:ffff::", Kind::Public),
            ("3fff::", "3fff:fff::", Kind::Documentation),
            ("4000::", "fbff::", Kind::Reserved),
            ("fc00::", "fdff:ffff::", Kind::Private),
            ("fe80::", "febf::1", Kind::LinkLocal),
            ("fec0::", "feff::", Kind::Reserved),
            ("ff00::", "ffff::", Kind::Multicast),
        ] {
            assert_eq!(of(first), kind, "{first}");
            assert_eq!(of(last), kind, "{last}");
        }
        for address in METADATA_V4 {
            assert_eq!(classify(address.into()), Kind::Metadata, "{address}");
        }
        for address in METADATA_V6 {
            assert_eq!(classify(address.into()), Kind::Metadata, "{address}");
        }
    }

    proptest! {
        #[test]
        fn classify_sees_an_address_of_version_4_through_any_wrapping(bits: u32, server: u32) {
            let inner = Ipv4Addr::from_bits(bits);
            let [a, b, c, d] = inner.octets();
            let kind = classify(inner.into());
            for wrapped in [
                format!("::ffff:{inner}"),
                format!("::ffff:0:{inner}"),
                format!("64:ff9b::{inner}"),
                format!("2002:{a:02x}{b:02x}:{c:02x}{d:02x}::1"),
            ] {
                prop_assert_eq!(of(&wrapped), kind, "{}", wrapped);
            }
            prop_assume!(bits > 1);
            prop_assert_eq!(of(&format!("::{inner}")), kind);
            let [p, q, r, s] = server.to_be_bytes();
            let [a, b, c, d] = [!a, !b, !c, !d];
            let teredo = format!(
                "2001:0:{p:02x}{q:02x}:{r:02x}{s:02x}:0:0:{a:02x}{b:02x}:{c:02x}{d:02x}"
            );
            prop_assert!(of(&teredo) >= kind);
            prop_assert!(of(&teredo) >= classify(Ipv4Addr::from_bits(server).into()));
            let isatap = format!("2a00::5efe:{inner}");
            prop_assert!(of(&isatap) >= kind);
        }
    }
}
