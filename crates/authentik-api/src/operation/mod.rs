//! Every operation of authentik's API, from release line 2023.10 to 2026.8.
//!
//! [`CATALOGUE`] has one row for each method and path template that any release line of
//! that range offers: 1,275 of them. A row says what the operation is called, since when and until
//! when it exists, and its [`Class`]. The table is at the same time the read proxy's allow-list and
//! the list of what [`Client::call`](crate::Client::call) can call.
//!
//! # Text of an operation
//! The text of an [`OperationId`] is the `operationId` of authentik's API schema. Three
//! operations moved to another path and kept their name; the row of the older path has the
//! release line of its first appearance behind an `@`: `tasks_workers_list@2025.8` is the path without the
//! trailing slash, `tasks_workers_list` the path in force today. So the text names one row and
//! [`OperationId::from_name`] finds it again. Where only the name changed and the path stayed, the
//! newest name stands.
//!
//! # Classes
//! Each row's [`Class`] follows these rules, first match wins:
//!
//! 1. A `GET` is [`Class::Read`] when it changes nothing and gives out no credential, else
//!    - [`Class::Secret`] when its answer has a credential in clear in some version: keys, recovery
//!      links, one-time codes, the configuration that outposts fetch, flow exports and blueprints,
//!      passwords of remote desktops, cloud credentials, download links of reports, the request
//!      headers that `admin/system/` mirrors. One exception: `providers/oauth2/` is `Read` although
//!      it shows `client_secret`, since no set-up can do without it; who passes it on masks the
//!      field.
//!    - [`Class::Write`] when it changes something: it starts or advances a flow, sends an
//!      e-mail, ends an impersonation.
//! 2. [`Class::Dangerous`]: every `DELETE`; acting as somebody else; setting somebody's password;
//!    locking or offboarding an account; all writes below `rbac/` (rights), `tenants/` (whole
//!    installations) and `managed/blueprints/` (a blueprint can change anything), importing a flow
//!    (a blueprint too); replacing a key pair in place, which rotates a key others rely on.
//! 3. [`Class::Secret`]: a write made to hand out or to set a credential: recovery links, token
//!    keys, service accounts and agents (the answer holds their token), tokens of devices.
//! 4. Every other write is [`Class::Write`].

mod catalogue;
mod line;
mod parameter;
mod path;

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use self::{
    catalogue::CATALOGUE,
    line::{LADDER, Minor},
    parameter::{Parameter, ParameterKind},
    path::{Matched, PathError, match_path},
};

/// One operation of authentik's API: a row of the [`CATALOGUE`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operation {
    /// The text that names this row, see [the module](self).
    pub id: &'static str,
    /// HTTP method.
    pub method: Method,
    /// Path below `/api/v3`, parameters in braces: `/core/users/{id}/`.
    pub template: &'static str,
    /// The tag in authentik's API schema, equal to the first segment of the path.
    pub tag: &'static str,
    /// First release line that offers it.
    pub since: Minor,
    /// First release line that offers it no more.
    pub gone_in: Option<Minor>,
    /// What calling it does.
    pub class: Class,
}

impl Operation {
    /// Whether releases of `line` offer this operation.
    ///
    /// A release candidate may still offer what the line before did: 2025.10.0-rc1 has the
    /// operations of 2025.8.
    pub fn offered_by(&self, line: Minor) -> bool {
        self.since <= line && self.gone_in.is_none_or(|gone| line < gone)
    }

    /// The `operationId` in authentik's API schema: [`id`](Self::id) without its line.
    pub fn schema_name(&self) -> &'static str {
        self.id.split_once('@').map_or(self.id, |(name, _)| name)
    }
}

/// What calling an operation does; the rules are at [the module](self).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// Changes nothing and gives out no credential.
    Read,
    /// Changes something.
    Write,
    /// Gives out a credential, or sets one.
    Secret,
    /// Deletes, takes over an account, hands out rights, or changes anything at all.
    Dangerous,
}

/// An HTTP method that authentik's API uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Method {
    /// `GET`
    Get,
    /// `POST`
    Post,
    /// `PUT`
    Put,
    /// `PATCH`
    Patch,
    /// `DELETE`
    Delete,
}

impl Method {
    /// The method's name, in capitals.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<Method> for http::Method {
    fn from(method: Method) -> Self {
        match method {
            Method::Get => Self::GET,
            Method::Post => Self::POST,
            Method::Put => Self::PUT,
            Method::Patch => Self::PATCH,
            Method::Delete => Self::DELETE,
        }
    }
}

/// The API does not use this method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the API has no operation with this method")]
pub struct UnknownMethod;

impl TryFrom<&http::Method> for Method {
    type Error = UnknownMethod;

    fn try_from(method: &http::Method) -> Result<Self, Self::Error> {
        [Self::Get, Self::Post, Self::Put, Self::Patch, Self::Delete]
            .into_iter()
            .find(|known| known.as_str() == method.as_str())
            .ok_or(UnknownMethod)
    }
}

/// Names one row of the [`CATALOGUE`].
///
/// Prints, and serializes, as the row's [`id`](Operation::id).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OperationId(u16);

impl OperationId {
    /// The row.
    #[expect(
        clippy::indexing_slicing,
        reason = "only made from positions in the catalogue"
    )]
    pub fn get(self) -> &'static Operation {
        &CATALOGUE[usize::from(self.0)]
    }

    /// The row with this [`id`](Operation::id).
    pub const fn from_name(id: &str) -> Option<Self> {
        catalogue::position(id)
    }

    /// All rows, in the catalogue's order (by id).
    pub fn all() -> impl ExactSizeIterator<Item = Self> {
        (0..catalogue::COUNT).map(Self)
    }

    /// The class of the row, as [`Operation::class`].
    pub fn class(self) -> Class {
        self.get().class
    }
}

/// The operation with this [`id`](Operation::id), for constants: an unknown text is an error while
/// compiling.
///
/// ```
/// use authentik_api::operation::{self, OperationId};
///
/// const LIST: OperationId = operation::named("core_users_list");
/// assert_eq!(LIST.get().template, "/core/users/");
/// ```
///
/// # Panics
/// Outside of a constant, when no row has this id. For text that is not written in the program,
/// [`OperationId::from_name`] is the way.
#[expect(
    clippy::panic,
    reason = "a typing error in a constant must not compile"
)]
pub const fn named(id: &str) -> OperationId {
    match OperationId::from_name(id) {
        Some(operation) => operation,
        None => panic!("authentik's API has no operation of this name"),
    }
}

impl fmt::Debug for OperationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.get().id)
    }
}

impl fmt::Display for OperationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.get().id)
    }
}

impl Serialize for OperationId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.get().id)
    }
}

impl<'de> Deserialize<'de> for OperationId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::from_name(&text).ok_or_else(|| {
            serde::de::Error::custom("authentik's API has no operation of this name")
        })
    }
}
