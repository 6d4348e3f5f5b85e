//! Pages, routes and page state of the console. Pages are rendered on the server; what acts in the
//! browser is an island, of the kit ([`ui`]) or of [`islands`], and nothing else is in the wasm.
//!
//! | module | what |
//! |---|---|
//! | `pages` | one file per page: thin components |
//! | [`islands`] | parts of pages that act in the browser |
//! | `state` | what pages decide: pure functions with tests |
//! | `data` | what pages read, of authentik and of the console |
//! | `serverfn` | one file per server function, which is what a form sends: thin over `ports` |
//! | `ports` | what the server has to provide |

#![cfg_attr(
    feature = "ssr",
    expect(
        clippy::needless_pass_by_value,
        reason = "props are owned: a view outlives the call that made it"
    )
)]

#[cfg(feature = "ssr")]
pub mod api;
#[cfg(feature = "ssr")]
mod app;
#[cfg(feature = "ssr")]
pub mod data;
#[cfg(feature = "ssr")]
pub mod error;
pub mod islands;
#[cfg(feature = "ssr")]
pub mod links;
#[cfg(feature = "ssr")]
pub mod model;
#[cfg(feature = "ssr")]
pub mod operator_scope;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod ports;
#[cfg(feature = "ssr")]
pub mod resource;
#[cfg(feature = "ssr")]
mod respond;
#[cfg(feature = "ssr")]
pub mod serverfn;
#[cfg(feature = "ssr")]
mod shell;
#[cfg(feature = "ssr")]
pub mod stale;
#[cfg(feature = "ssr")]
pub mod state;
#[cfg(feature = "ssr")]
pub mod view;
#[cfg(feature = "ssr")]
pub mod visitor;

#[cfg(feature = "ssr")]
pub use app::*;
#[cfg(feature = "ssr")]
pub use shell::shell;
pub use ui::{Theme, on_leaving};
