//! An account of its own for a program that works with authentik's API, with a token that does not end: for Ostiary
//! itself, instead of the token of a person.
//!
//! Its rights are either what guided set-ups need, by a role, or those of a superuser. authentik asks for superusers
//! where it says who may open what (trap T8), so that no permission makes up for it.

mod draft;
mod permissions;
mod plan;
mod world;

pub use self::{
    draft::{Rights, ServiceAccount},
    permissions::{FEATURES, Feature},
    plan::plan,
    world::World,
};
