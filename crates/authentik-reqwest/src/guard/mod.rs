//! The guard against server-side request forgery: whoever may type an address must not reach with it
//! what only this machine can reach.
//!
//! There are two ways to an address, and both are looked at. An IP address in a URL is classified
//! when the URL is [examined](Guard::examine), since nobody is asked about it later. A name is
//! resolved by the guard itself each time a connection is made, and its answers go to the connector
//! as they were looked at: between the look and the connection no second question is asked that
//! could be answered otherwise. One bad answer among good ones is enough to refuse the name, because
//! that is how rebinding looks.

mod kind;
mod resolver;

use std::{fmt, net::IpAddr, sync::Arc};

use url::{Host, Url};

pub use self::{
    kind::{Kind, classify},
    resolver::{Addresses, Lookup, SystemLookup},
};

/// Which kinds of places may be connected to. Links, clouds' metadata services, and what is no
/// machine's address are out of everybody's reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reach {
    /// The internet, private networks and this machine: for the authentik that was configured, and
    /// for what an administrator asks for and is told the kind of.
    #[default]
    Networks,
    /// The internet alone.
    Internet,
}

impl Reach {
    /// Whether places of `kind` may be connected to.
    pub const fn allows(self, kind: Kind) -> bool {
        match kind {
            Kind::Public => true,
            Kind::Private | Kind::Loopback => matches!(self, Self::Networks),
            _ => false,
        }
    }
}

/// An address that is not connected to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{host} leads to {kind}, where no connection is made; give the address under which the server \
     is reached over the network"
)]
pub struct Refused {
    /// The host as it was written.
    pub host: String,
    /// The worst place that it leads to.
    pub kind: Kind,
}

/// Names of metadata services. Their addresses are refused as well; the names are not even asked for.
const METADATA_NAMES: [&str; 7] = [
    "instance-data",
    "instance-data.ec2.internal",
    "metadata",
    "metadata.azure.internal",
    "metadata.goog",
    "metadata.google.internal",
    "metadata.tencentyun.com",
];

/// Decides where connections go, and resolves names to that end. Cheap to clone.
#[derive(Clone)]
pub struct Guard {
    reach: Reach,
    lookup: Arc<dyn Lookup>,
}

impl Guard {
    /// A guard that asks the system about names.
    pub fn new(reach: Reach) -> Self {
        Self::with_lookup(reach, SystemLookup)
    }

    /// A guard that asks `lookup` about names: for tests.
    pub fn with_lookup(reach: Reach, lookup: impl Lookup) -> Self {
        Self {
            reach,
            lookup: Arc::new(lookup),
        }
    }

    /// Looks at the host of a URL without asking anybody: its kind where it is an IP address, nothing
    /// where it is a name, which is resolved when a connection is made.
    ///
    /// The `url` crate has made one spelling out of many by now: `http://2130706433/`, `http://0x7f.1/`
    /// and `http://127.1./` have the host 127.0.0.1.
    ///
    /// # Errors
    /// When the address, or a name that is known, is out of reach.
    pub fn examine(&self, url: &Url) -> Result<Option<Kind>, Refused> {
        let (host, kind) = match url.host() {
            Some(Host::Ipv4(address)) => (address.to_string(), classify(address.into())),
            Some(Host::Ipv6(address)) => (address.to_string(), classify(address.into())),
            Some(Host::Domain(name)) => {
                return if is_metadata_name(name) {
                    Err(Refused {
                        host: name.to_owned(),
                        kind: Kind::Metadata,
                    })
                } else {
                    Ok(None)
                };
            }
            None => return Ok(None),
        };
        self.admit(host, kind).map(Some)
    }

    /// Makes sure that all of a name's addresses are in reach, and says which kind is the worst.
    pub(crate) fn admit_all(&self, host: &str, addresses: &[IpAddr]) -> Result<Kind, Refused> {
        let worst = addresses.iter().copied().map(classify).max();
        self.admit(host.to_owned(), worst.unwrap_or(Kind::Public))
    }

    fn admit(&self, host: String, kind: Kind) -> Result<Kind, Refused> {
        if self.reach.allows(kind) {
            Ok(kind)
        } else {
            Err(Refused { host, kind })
        }
    }
}

impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guard")
            .field("reach", &self.reach)
            .finish_non_exhaustive()
    }
}

fn is_metadata_name(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    METADATA_NAMES
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reach_never_holds_links_and_metadata() {
        for kind in [
            Kind::Documentation,
            Kind::Reserved,
            Kind::Broadcast,
            Kind::Multicast,
            Kind::Unspecified,
            Kind::LinkLocal,
            Kind::Metadata,
        ] {
            assert!(!Reach::Networks.allows(kind), "{kind:?}");
            assert!(!Reach::Internet.allows(kind), "{kind:?}");
        }
        for kind in [Kind::Private, Kind::Loopback] {
            assert!(Reach::Networks.allows(kind), "{kind:?}");
            assert!(!Reach::Internet.allows(kind), "{kind:?}");
        }
        assert!(Reach::Internet.allows(Kind::Public));
    }

    #[test]
    fn admit_all_refuses_a_name_for_one_bad_answer() {
        let guard = Guard::new(Reach::Networks);
        let good = [
            "93.184.215.14".parse().unwrap(),
            "10.0.0.7".parse().unwrap(),
        ];
        assert_eq!(guard.admit_all("x", &good), Ok(Kind::Private));
        let [first, second] = good;
        let mixed = [first, "169.254.169.254".parse().unwrap(), second];
        assert_eq!(
            guard.admit_all("x.example", &mixed),
            Err(Refused {
                host: "x.example".into(),
                kind: Kind::Metadata
            })
        );
    }
}
