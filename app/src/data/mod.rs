//! What pages read of authentik through the typed client, cut down to what they show: nothing else
//! is sent along to the browser, and no secret.

mod application;
mod applications;
#[cfg(feature = "ssr")]
mod choices;
mod overview;
#[cfg(feature = "ssr")]
mod preset;

pub use self::{
    application::{Detail, OAuth2, ProviderDetail, application},
    applications::applications,
    overview::{Counts, counts},
};
#[cfg(feature = "ssr")]
pub(crate) use self::{choices::choices, preset::preset_sheet};
