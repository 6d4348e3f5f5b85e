//! Integration tests: the catalogue, the API schemas, the recordings.
//!
//! One binary, so that the shared material is read by one module. Tests on shared material are
//! skipped where `../shared` does not lie beside the repository.

#[cfg(test)]
mod catalogue;
#[cfg(test)]
mod classes;
#[cfg(test)]
mod common;
#[cfg(test)]
mod paging;
#[cfg(test)]
mod paths;
#[cfg(test)]
mod recorded;
#[cfg(test)]
mod requests;
#[cfg(test)]
mod responses;
#[cfg(test)]
mod schemas;
