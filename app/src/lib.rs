//! Pages, routes and page state of the console.
//!
//! | module | what |
//! |---|---|
//! | [`pages`] | one file per page: thin components |
//! | [`state`] | what pages decide: pure functions with tests |
//! | [`serverfn`] | one file per server function: thin over [`ports`] |
//! | [`api`] | the typed client of authentik, wherever the page runs |
//! | [`ports`] | what the server has to provide |

#![expect(
    clippy::needless_pass_by_value,
    reason = "props are owned: a view outlives the call that made it"
)]

pub mod api;
mod app;
pub mod data;
pub mod error;
mod events;
mod links;
pub mod model;
pub mod pages;
#[cfg(feature = "ssr")]
pub mod ports;
pub mod resource;
mod respond;
pub mod serverfn;
#[cfg(feature = "ssr")]
mod shell;
pub mod state;
pub mod view;

pub use app::*;
#[cfg(feature = "ssr")]
pub use shell::shell;
pub use ui::Theme;
