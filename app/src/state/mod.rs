//! What pages decide, apart from how they look: pure functions.

pub mod access;
pub mod applications;
pub mod changes;
pub mod form;
pub mod gallery;
pub mod snippets;
pub mod text;
pub mod wizard;
