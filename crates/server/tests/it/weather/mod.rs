//! An authentik that does not answer, or no longer accepts the token.

mod silence;
mod token;
