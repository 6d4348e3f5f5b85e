//! The component kit of the console: native elements with a fixed look and correct accessibility attributes.
//!
//! Rules of the kit:
//!
//! - Components are rendered on the server only. The few that act in the browser are islands
//!   (`#[island]`): [`CopyButton`], [`CodeBlock`], [`ThemeSwitch`], [`DialogLink`],
//!   [`SearchBox`], [`NarrowList`], [`FollowEvents`], [`KeepFresh`], [`GridKeys`]. Only they, and [`on_leaving`], are in the wasm.
//! - An island renders the same HTML on the server and in the browser; what only a browser knows is
//!   filled in by an effect after mounting.
//! - Whatever can work without JavaScript does. Controls that cannot (copy, reveal) stay hidden
//!   until their island is hydrated, and the text they act on is reachable without them.
//! - No `style` attributes, inline handlers or inline scripts: the content security policy forbids them.
//! - Plain texts are `String` props, what changes in place is a `Signal`, parts of a page are slots
//!   ([`leptos::prelude::ViewFnOnce`]): pass `|| view! { … }`.
//! - Attributes and listeners the kit does not name can be spread onto the root element of a
//!   component with `attr:` and `on:`.
//! - Every component returns an `AnyView`, so that the type of a page does not grow with the number of its parts.
//!
//! The classes used here are written out in `style/kit/`.

#![expect(
    clippy::needless_pass_by_value,
    reason = "props are owned: a view outlives the call that made it"
)]

mod app_shell;
mod badge;
mod browser;
mod button;
mod callout;
mod card;
mod checkbox_field;
mod connection_chip;
mod data_table;
mod description_list;
mod dialog;
mod empty_state;
mod error_panel;
mod error_summary;
mod field;
mod field_parts;
mod field_set;
mod findings;
mod heading;
mod icon;
mod islands;
mod leaving;
mod link_button;
mod live;
mod mark;
mod matrix;
mod nav_item;
mod page_header;
mod pagination;
mod progress_list;
mod radio_cards;
mod search_filter;
mod select_field;
mod skeleton;
mod status;
mod stepper;
mod tabs;
mod theme;
mod tile;
mod tone;
mod visually_hidden;

pub use app_shell::*;
pub use badge::*;
pub use browser::*;
pub use button::*;
pub use callout::*;
pub use card::*;
pub use checkbox_field::*;
pub use connection_chip::*;
pub use data_table::*;
pub use description_list::*;
pub use dialog::*;
pub use empty_state::*;
pub use error_panel::*;
pub use error_summary::*;
pub use field::*;
pub use field_parts::*;
pub use field_set::*;
pub use findings::*;
pub use heading::*;
pub use icon::*;
pub use islands::*;
pub use leaving::*;
pub use link_button::*;
pub use live::*;
pub use mark::*;
pub use matrix::*;
pub use nav_item::*;
pub use page_header::*;
pub use pagination::*;
pub use progress_list::*;
pub use radio_cards::*;
pub use search_filter::*;
pub use select_field::*;
pub use skeleton::*;
pub use status::*;
pub use stepper::*;
pub use tabs::*;
pub use theme::*;
pub use tile::*;
pub use tone::*;
pub use visually_hidden::*;
