//! Parts that several pages share.

mod access;
mod access_diff;
mod action;
mod checks;
mod error;
mod form;
mod gallery;
mod panel;
mod pick_list;
mod picture;
mod request;
mod route;
mod snippets;
mod stale;

pub(crate) use self::{
    access::{Section, name, names, sections, sentence, verdict, why_form},
    access_diff::access_diff,
    checks::{APPLICATION_CHECKS, Checks, checks_panel, checks_view},
    error::notice,
    form::{hidden_fields, kept},
    panel::{Loading, main_panel, page_panel, panel, quiet_panel},
    pick_list::pick_list,
    picture::way,
    request::request_details,
    route::{again, here, page_query, parameter, proof, prove, query, query_fields},
    stale::{answers, as_of, stale_notice},
};
pub use self::{action::*, gallery::*, snippets::*};
