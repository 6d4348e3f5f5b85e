#![doc = include_str!("../README.md")]

#[cfg(any(test, target_arch = "wasm32"))]
mod address;
#[cfg(target_arch = "wasm32")]
mod transport;

#[cfg(target_arch = "wasm32")]
pub use self::transport::{Error, Transport};
