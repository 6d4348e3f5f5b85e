//! The server functions, one per file: what the forms of the pages send. Each is a public endpoint;
//! the session is checked in front of all of them. They end in a redirect, so that a form works
//! before the wasm is there and without it.

mod apply_change;
mod discard_draft;
mod plan_access;
mod reopen_change;
mod save_draft;
mod start_draft;
mod undo_change;

pub use self::{
    apply_change::*, discard_draft::*, plan_access::*, reopen_change::*, save_draft::*,
    start_draft::*, undo_change::*,
};
