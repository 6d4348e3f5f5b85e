//! The sandbox as an `OpenID` provider: a whole sign-in and sign-out, as a browser and a client see it.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test ends where something is missing"
)]

#[path = "../common/mod.rs"]
mod common;
mod signin;
mod signout;
mod tokens;
mod visitor;
