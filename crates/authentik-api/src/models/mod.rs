//! What authentik answers with, and what it is sent.
//!
//! Unknown fields are ignored and every response field beyond key and name may be absent: the API
//! is younger or older than this crate more often than not.

mod application;
mod binding;
mod brand;
mod certificate;
mod event;
mod flow;
mod group;
mod mapping;
mod oauth2;
mod outpost;
mod provider;
mod rbac;
mod system;
mod transaction;
mod user;

pub use self::{
    application::*, binding::*, brand::*, certificate::*, event::*, flow::*, group::*, mapping::*,
    oauth2::*, outpost::*, provider::*, rbac::*, system::*, transaction::*, user::*,
};

/// An open enumeration: the values known today, and whatever a later version adds.
macro_rules! open_enum {
    (
        $(#[$meta:meta])*
        $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $text:literal,)* }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)*
            /// A value of a later version.
            Unknown(String),
        }

        impl $name {
            /// The value on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Unknown(text) => text,
                }
            }

            /// The values known today.
            pub const KNOWN: &'static [Self] = &[$(Self::$variant),*];
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $($text => Self::$variant,)*
                    other => Self::Unknown(other.to_owned()),
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(d)?;
                Ok(Self::from(text.as_ref()))
            }
        }
    };
}
pub(crate) use open_enum;

/// `null` as the type's default: fields that the schema calls required are null or absent in
/// places (trap T24).
pub(crate) fn null_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: serde::Deserialize<'de> + Default,
{
    Ok(<Option<T> as serde::Deserialize>::deserialize(deserializer)?.unwrap_or_default())
}
