//! What pages read, cut down to what they show: of authentik through the typed client, and of the
//! console's own services. No secret is in it unless a person asked to see it.

mod access;
mod application;
mod applications;
mod choices;
mod console;
mod overview;
mod preset;
mod wizard;

use self::choices::choices;
pub use self::{
    access::*,
    application::{Detail, OAuth2, ProviderDetail, application},
    applications::applications,
    console::*,
    overview::{Counts, counts},
    preset::get_preset,
    wizard::*,
};
