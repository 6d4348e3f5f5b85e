//! The steps of the wizard that belong to a draft.

mod access;
mod address;
mod details;
mod frame;
mod review;

pub use self::{access::*, address::*, details::*, review::*};
