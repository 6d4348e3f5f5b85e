//! Newtypes for the identifiers of authentik's objects, so that a flow's key cannot be passed
//! where a policy-binding target is wanted (trap T23 of the fact sheet).

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! uuid_id {
    ($($(#[$meta:meta])* $name:ident),* $(,)?) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )*};
}

macro_rules! int_id {
    ($($(#[$meta:meta])* $name:ident),* $(,)?) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::num::ParseIntError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )*};
}

int_id! {
    /// Key of a user.
    UserPk,
    /// Key of a provider of any type.
    ProviderPk,
}

uuid_id! {
    /// Key of a group.
    GroupPk,
    /// Key of an application; its address in the API is the slug.
    ApplicationPk,
    /// Key of whatever carries policy bindings (`PolicyBindingModel`): what a binding's `target` and
    /// the list filter `target=` mean. Of an application it equals the [`ApplicationPk`].
    TargetPk,
    /// Key of a flow; its address in the API is the slug.
    FlowPk,
    /// Key of a property mapping of any type.
    MappingPk,
    /// Key of a certificate and its private key.
    CertificatePk,
    /// Key of a policy.
    PolicyPk,
    /// Key of a policy binding.
    BindingPk,
    /// Key of an outpost.
    OutpostPk,
    /// Key of a brand (a tenant before 2024.2).
    BrandPk,
    /// Key of an event.
    EventPk,
}

impl From<ApplicationPk> for TargetPk {
    fn from(pk: ApplicationPk) -> Self {
        Self(pk.0)
    }
}
