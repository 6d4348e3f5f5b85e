//! Guided set-up: sign-in with OpenID Connect for one application.
//!
//! [`Draft`] → [`plan()`] with a [`World`] → [`Plan`](crate::change::Plan). Afterwards [`result`] gives
//! the finished configuration for the application's side and [`checks`] prove that it works.

mod access;
mod address;
pub mod checks;
mod draft;
mod findings;
mod mappings;
mod plan;
mod redirect;
pub mod result;
mod steps;
mod validate;
mod world;

pub use self::{
    access::members,
    address::{BaseUrl, slugify},
    draft::{Access, DRAFT_FORMAT, Draft, WizardStep},
    plan::plan,
    redirect::proposed_redirect_uris,
    validate::{slug_taken, validate},
    world::{LoadError, Server, World},
};
