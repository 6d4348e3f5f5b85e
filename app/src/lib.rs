//! Pages, routes and page state of the console.

pub mod error;
pub mod model;
#[cfg(feature = "ssr")]
pub mod ports;
