//! Parts of pages that act in the browser. What is not special to a page is in the kit ([`ui`]).

#![expect(
    missing_docs,
    reason = "`#[island]` makes a struct for the properties on their way to the browser, without a comment"
)]

mod address;
#[cfg(feature = "hydrate")]
mod taken;

pub use self::address::*;
