//! Names to addresses, with a look at each.

use std::{
    error::Error as StdError,
    future::Future,
    io,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::Arc,
};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::{Guard, Kind, Refused, is_metadata_name};

/// The addresses of a name, once they are known.
pub type Addresses = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;

/// Asks for the addresses of a name.
pub trait Lookup: Send + Sync + 'static {
    /// All addresses of `host`.
    fn lookup(&self, host: String) -> Addresses;
}

/// Asks the system: its hosts file and its resolver.
#[derive(Debug, Clone, Copy)]
pub struct SystemLookup;

impl Lookup for SystemLookup {
    fn lookup(&self, host: String) -> Addresses {
        Box::pin(async move {
            let found = tokio::net::lookup_host((host, 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let (guard, host) = (self.clone(), name.as_str().to_owned());
        Box::pin(async move {
            if is_metadata_name(&host) {
                let kind = Kind::Metadata;
                return Err(Box::new(Refused { host, kind }).into());
            }
            let found = Arc::clone(&guard.lookup).lookup(host.clone()).await?;
            guard.admit_all(&host, &found)?;
            if found.is_empty() {
                let none = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
                return Err(Box::new(none) as Box<dyn StdError + Send + Sync>);
            }
            // The connector puts the port in the place of 0.
            let found = found.into_iter().map(|ip| SocketAddr::new(ip, 0));
            Ok(Box::new(found) as Addrs)
        })
    }
}
