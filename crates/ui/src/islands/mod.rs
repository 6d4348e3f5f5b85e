//! What acts in the browser. Everything else of the kit is rendered on the server and stays as it is.

#![expect(
    missing_docs,
    reason = "`#[island]` makes a struct for the properties on their way to the browser, without a comment"
)]

mod code_block;
mod copy_button;
mod dialog_link;
mod follow_events;
mod grid_keys;
mod keep_fresh;
mod narrow_list;
mod search_box;
mod strength_meter;
mod theme_switch;

pub use self::{
    code_block::*, copy_button::*, dialog_link::*, follow_events::*, grid_keys::*, keep_fresh::*,
    narrow_list::*, search_box::*, strength_meter::*, theme_switch::*,
};
