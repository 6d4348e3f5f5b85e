//! The kinds of objects that change sets create, change and delete.

mod compare;
mod find;
mod request;

use serde::{Deserialize, Serialize};

pub(crate) use self::find::by_name;
pub(super) use self::{
    compare::{differing, same},
    find::{as_value, bindings},
    request::MembershipKey,
};

/// The kinds of objects that change sets create, change and delete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Object {
    /// An application.
    Application,
    /// An OAuth2 / OpenID provider.
    Oauth2Provider,
    /// A group.
    Group,
    /// A scope mapping.
    ScopeMapping,
    /// A policy binding.
    PolicyBinding,
    /// A user.
    User,
    /// That a user is a direct member of a group.
    Membership,
    /// A role.
    Role,
    /// A token. Its key is in no answer but one that is asked for it.
    Token,
}

impl Object {
    /// The kind for people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Application => "application",
            Self::Oauth2Provider => "OAuth2 provider",
            Self::Group => "group",
            Self::ScopeMapping => "scope mapping",
            Self::PolicyBinding => "policy binding",
            Self::User => "user",
            Self::Membership => "membership",
            Self::Role => "role",
            Self::Token => "token",
        }
    }

    /// Whether authentik takes it without a word when it exists already: it makes a second binding,
    /// or answers as if the member were new.
    pub(super) const fn taken_twice(self) -> bool {
        matches!(self, Self::PolicyBinding | Self::Membership)
    }

    /// The fields by which a deleted object is made again.
    pub(super) const fn restorable(self) -> &'static [&'static str] {
        match self {
            Self::Group => &[
                "name",
                "is_superuser",
                "attributes",
                "parent",
                "parents",
                "roles",
            ],
            Self::User => &[
                "username",
                "name",
                "email",
                "is_active",
                "attributes",
                "path",
                "type",
                "roles",
            ],
            Self::PolicyBinding => &[
                "target",
                "policy",
                "group",
                "user",
                "negate",
                "enabled",
                "order",
                "timeout",
                "failure_result",
                "expiring",
                "expires",
            ],
            Self::Membership => &["group", "user"],
            Self::Application
            | Self::Oauth2Provider
            | Self::ScopeMapping
            | Self::Role
            | Self::Token => &[],
        }
    }
}
