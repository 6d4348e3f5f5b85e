#![doc = include_str!("../README.md")]

mod address;
mod builder;
mod circuit;
mod error;
pub mod guard;
mod retry;
mod trail;
mod transport;

pub use self::{
    builder::{BuildError, Builder},
    circuit::CircuitState,
    error::{ConnectProblem, Error, TlsProblem},
    trail::Trail,
    transport::Transport,
};
