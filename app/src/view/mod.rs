//! Parts that several pages share.

mod action;
mod checks;
mod error;
mod form;
mod gallery;
mod panel;
mod request;
mod route;
mod snippets;

pub use self::{action::*, gallery::*, snippets::*};
pub(crate) use self::{
    checks::{Checks, checks_panel},
    form::kept,
    panel::{Loading, main_panel, page_panel, panel, quiet_panel},
    request::request_details,
    route::{here, page_query, parameter, query},
};
