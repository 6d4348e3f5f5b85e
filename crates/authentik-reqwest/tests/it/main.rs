//! The transport against servers of the test's own.

#[cfg(test)]
mod calls;
#[cfg(test)]
mod circuit;
#[cfg(test)]
mod common;
#[cfg(test)]
mod failures;
#[cfg(test)]
mod secrecy;
#[cfg(test)]
mod ssrf;
#[cfg(test)]
mod tls;
