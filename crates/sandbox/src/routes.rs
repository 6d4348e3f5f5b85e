//! Which address goes where, and who may call it.

use crate::call::Call;
use crate::reply::Outcome;
use crate::state::State;
use crate::version::Version;

pub(crate) type Handler = fn(&mut State, &Call, &[&str]) -> Outcome;

/// Who may call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    Public,
    SignedIn,
    /// Whoever has all of these permissions.
    May(&'static [&'static str]),
}

/// The methods that routes know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}
impl Verb {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

pub(crate) struct Route {
    /// Address without the leading and trailing slash; `{}` stands for one segment.
    pub(crate) pattern: &'static str,
    pub(crate) verbs: Verbs,
    first: Version,
    last: Version,
}

impl Route {
    pub(crate) fn offered(&self, version: Version) -> bool {
        (self.first..=self.last).contains(&version)
    }

    pub(crate) fn methods(&self) -> impl Iterator<Item = Verb> {
        self.verbs.iter().map(|(verb, ..)| *verb)
    }
}

pub(crate) type Verbs = &'static [(Verb, Access, Handler)];

const fn route(pattern: &'static str, verbs: Verbs) -> Route {
    Route {
        pattern,
        verbs,
        first: Version::V2023_10,
        last: Version::V2026_5,
    }
}
const fn until(last: Version, pattern: &'static str, verbs: Verbs) -> Route {
    Route {
        pattern,
        verbs,
        first: Version::V2023_10,
        last,
    }
}
const fn since(first: Version, pattern: &'static str, verbs: Verbs) -> Route {
    Route {
        pattern,
        verbs,
        first,
        last: Version::V2026_5,
    }
}

/// Viewing objects of a model, `view!("authentik_core", "user")`.
macro_rules! view {
    ($app:literal, $model:literal) => {
        May(&[concat!($app, ".view_", $model)])
    };
}
/// Changing or deleting them: what cannot be seen cannot be found either.
macro_rules! write {
    ($verb:literal, $app:literal, $model:literal) => {
        May(&[
            concat!($app, ".", $verb, "_", $model),
            concat!($app, ".view_", $model),
        ])
    };
}
/// List and create.
macro_rules! collection {
    ($resource:ty, $app:literal, $model:literal) => {
        collection!($resource, $app, $model, create::<$resource>)
    };
    ($resource:ty, $app:literal, $model:literal, $create:expr) => {
        &[
            (Get, view!($app, $model), index::<$resource>),
            (Post, May(&[concat!($app, ".add_", $model)]), $create),
        ]
    };
}
/// Retrieve, put, patch and delete.
macro_rules! object {
    ($resource:ty, $app:literal, $model:literal) => {
        object!($resource, $app, $model, update::<$resource>)
    };
    ($resource:ty, $app:literal, $model:literal, $update:expr) => {
        &[
            (Get, view!($app, $model), retrieve::<$resource>),
            (Put, write!("change", $app, $model), $update),
            (Patch, write!("change", $app, $model), $update),
            (Delete, write!("delete", $app, $model), delete::<$resource>),
        ]
    };
}
/// What only one verb reads.
macro_rules! read {
    ($access:expr, $handler:expr) => {
        &[(Get, $access, $handler)]
    };
}

mod pages;
mod people;
mod things;

/// Everything under `/api/v3/` that the sandbox serves. The first fitting row holds.
pub(crate) fn api() -> impl Iterator<Item = &'static Route> {
    people::ROUTES.iter().chain(things::ROUTES)
}

/// What it serves outside.
pub(crate) fn pages() -> impl Iterator<Item = &'static Route> {
    pages::ROUTES.iter()
}
