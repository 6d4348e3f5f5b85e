//! Parts that several pages share.

mod action;
mod checks;
mod error;
mod gallery;
mod panel;
mod request;
mod route;
mod snippets;

pub use self::{action::*, gallery::*, snippets::*};
pub(crate) use self::{
    checks::{Checks, checks_panel},
    panel::{Loading, main_panel, page_panel, panel, quiet_panel},
    request::request_details,
    route::{page_query, parameter, query},
};
