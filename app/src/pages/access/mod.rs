//! Who may open what.

mod doors;
mod edit;
mod map;
mod why;
mod why_group;
mod why_person;

pub use self::{doors::*, edit::*, map::*, why::*};
