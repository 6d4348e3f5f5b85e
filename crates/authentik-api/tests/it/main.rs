//! Integration tests: the catalogue, the API schemas, the recordings.
//!
//! One binary, so that the shared material is read by one module. Tests on shared material are
//! skipped where `../shared` does not lie beside the repository.

mod catalogue;
mod classes;
mod common;
mod paths;
mod recorded;
mod requests;
mod responses;
mod schemas;
