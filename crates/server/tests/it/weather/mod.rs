//! An authentik that does not answer, or no longer accepts the token.

mod front;
mod pages;
mod silence;
mod token;
