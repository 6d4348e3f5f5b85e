#![doc = include_str!("../README.md")]

pub mod api;
mod client;
pub mod compat;
pub mod endpoint;
mod error;
mod field;
mod id;
pub mod models;
pub mod oidc;
pub mod operation;
pub mod page;
mod problem;
mod transport;
mod version;

pub use self::{
    client::Client,
    compat::{BackchannelLogout, Capabilities},
    endpoint::{BuildError, Endpoint, Parts},
    error::Error,
    field::Field,
    id::*,
    operation::OperationId,
    page::{List, ListParams, Page, Pagination},
    problem::Problem,
    transport::Transport,
    version::{ParseVersionError, Version},
};
