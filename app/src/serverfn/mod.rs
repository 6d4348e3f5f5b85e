//! The server functions, one per file: what pages ask of the console's own server. Each is a public
//! endpoint; the session is checked in front of all of them. Reads are `GET`, writes are `POST`
//! and end in a redirect, so that forms work without JavaScript too.

mod apply_change;
mod discard_draft;
mod get_app_side;
mod get_change;
mod get_connection;
mod get_preset;
mod list_changes;
mod list_drafts;
mod list_presets;
mod load_wizard;
mod reopen_change;
mod review_draft;
mod run_checks;
mod save_draft;
mod start_draft;
mod undo_change;

pub use self::{
    apply_change::*, discard_draft::*, get_app_side::*, get_change::*, get_connection::*,
    get_preset::*, list_changes::*, list_drafts::*, list_presets::*, load_wizard::*,
    reopen_change::*, review_draft::*, run_checks::*, save_draft::*, start_draft::*,
    undo_change::*,
};
