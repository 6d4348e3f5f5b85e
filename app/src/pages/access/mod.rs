//! Who may open what.

mod bind;
mod bindings;
mod doors;
mod edit;
mod fields;
mod map;
mod why;
mod why_group;
mod why_person;

pub use self::{bind::*, bindings::*, doors::*, edit::*, map::*, why::*};
