//! What pages decide, apart from how they look: pure functions.

pub mod access;
pub mod access_edit;
pub mod access_form;
pub mod access_map;
pub mod access_task;
pub mod applications;
pub mod audit;
pub mod bind;
pub mod bindings;
pub mod changes;
pub mod csv;
pub mod doors;
pub mod form;
pub mod gallery;
pub mod group;
pub mod groups;
pub mod named;
pub mod people;
pub mod pickers;
pub mod picks;
#[cfg(test)]
pub(crate) mod samples;
pub mod snippets;
pub mod text;
pub mod why;
pub mod wizard;
