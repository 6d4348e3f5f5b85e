//! The typed operations, by tag of authentik's API.
//!
//! Each operation is a struct that implements [`Endpoint`](crate::Endpoint); the handlers on
//! [`Client`](crate::Client) (`client.core().applications().list(&…)`) are sugar for
//! [`Client::send`](crate::Client::send). To add one: write the struct with its doc block in the
//! module of its tag, implement `Endpoint`, add a line to the handler, and add it to
//! `tests/it/requests/cases.rs`.

pub mod admin;
pub mod core;
pub mod crypto;
pub mod events;
pub mod flows;
pub mod outposts;
pub mod policies;
pub mod propertymappings;
pub mod providers;
pub mod rbac;

/// Defines an endpoint that is no list: a struct, its answer, and how its request is made.
macro_rules! endpoint {
    (
        $(#[$meta:meta])*
        $name:ident { $($(#[$field_meta:meta])* $field:ident: $ty:ty,)* } -> $output:ty,
        |$this:ident, $capabilities:ident| $parts:expr
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq)]
        pub struct $name {
            $($(#[$field_meta])* pub $field: $ty,)*
        }

        impl $crate::endpoint::Endpoint for $name {
            type Output = $output;

            fn parts(
                &self,
                $capabilities: &$crate::Capabilities,
            ) -> Result<$crate::endpoint::Parts, $crate::endpoint::BuildError> {
                let $this = self;
                $parts
            }
        }
    };
    (
        $(#[$meta:meta])*
        $name:ident -> $output:ty,
        |$capabilities:ident| $parts:expr
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct $name;

        impl $crate::endpoint::Endpoint for $name {
            type Output = $output;

            fn parts(
                &self,
                $capabilities: &$crate::Capabilities,
            ) -> Result<$crate::endpoint::Parts, $crate::endpoint::BuildError> {
                $parts
            }
        }
    };
}
pub(crate) use endpoint;

/// Defines a handler: a borrowed client with one method per operation.
macro_rules! handler {
    (
        $(#[$meta:meta])*
        $name:ident {
            $($(#[$method_meta:meta])* $method:ident($endpoint:ty),)*
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy)]
        pub struct $name<'c, T> {
            client: &'c $crate::Client<T>,
        }

        impl<'c, T: $crate::Transport> $name<'c, T> {
            pub(crate) fn new(client: &'c $crate::Client<T>) -> Self {
                Self { client }
            }

            $($(#[$method_meta])*
            ///
            /// # Errors
            /// See [`Error`](crate::Error).
            pub async fn $method(
                &self,
                endpoint: &$endpoint,
            ) -> Result<<$endpoint as $crate::Endpoint>::Output, $crate::Error<T::Error>> {
                self.client.send(endpoint).await
            })*
        }
    };
}
pub(crate) use handler;

impl<T: crate::Transport> crate::Client<T> {
    /// `admin/` and `root/`.
    pub fn admin(&self) -> admin::Admin<'_, T> {
        admin::Admin::new(self)
    }

    /// `core/`.
    pub fn core(&self) -> core::Core<'_, T> {
        core::Core::new(self)
    }

    /// `crypto/`.
    pub fn crypto(&self) -> crypto::Crypto<'_, T> {
        crypto::Crypto::new(self)
    }

    /// `rbac/`.
    pub fn rbac(&self) -> rbac::Rbac<'_, T> {
        rbac::Rbac::new(self)
    }

    /// `events/`.
    pub fn events(&self) -> events::Events<'_, T> {
        events::Events::new(self)
    }

    /// `flows/`.
    pub fn flows(&self) -> flows::Flows<'_, T> {
        flows::Flows::new(self)
    }

    /// `outposts/`.
    pub fn outposts(&self) -> outposts::Outposts<'_, T> {
        outposts::Outposts::new(self)
    }

    /// `policies/`.
    pub fn policies(&self) -> policies::Policies<'_, T> {
        policies::Policies::new(self)
    }

    /// `propertymappings/`.
    pub fn propertymappings(&self) -> propertymappings::PropertyMappings<'_, T> {
        propertymappings::PropertyMappings::new(self)
    }

    /// `providers/`.
    pub fn providers(&self) -> providers::Providers<'_, T> {
        providers::Providers::new(self)
    }
}
