#![doc = include_str!("../README.md")]

pub mod access_change;
pub mod change;
pub mod check;
mod field_errors;
pub mod finding;
pub mod oidc_application;
pub mod preset;
mod secret;
pub mod service_account;

pub use self::{field_errors::FieldErrors, secret::Secret};
