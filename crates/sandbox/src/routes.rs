//! Which address goes where, and who may call it.

use crate::admin;
use crate::applications::{self, Applications};
use crate::authorize;
use crate::bindings::{self, Bindings};
use crate::brands::{self, Brands};
use crate::call::Call;
use crate::events::Events;
use crate::flows::{self, Flows};
use crate::groups::{self, Groups};
use crate::keys::Keys;
use crate::logout;
use crate::mappings::{self, Scopes};
use crate::oauth2::{self, OAuth2};
use crate::oidc;
use crate::outposts::{self, Outposts};
use crate::policies::{self, Expressions};
use crate::providers;
use crate::reply::Outcome;
use crate::resource::{create, delete, index, retrieve, update};
use crate::sessions::Sessions;
use crate::signin;
use crate::state::State;
use crate::token;
use crate::transactional;
use crate::used_by;
use crate::users::{self, Users};
use crate::version::Version;

pub(crate) type Handler = fn(&mut State, &Call, &[&str]) -> Outcome;

/// Who may call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    Public,
    SignedIn,
    /// Superusers; the sandbox knows no finer permissions.
    Admin,
}
use Access::{Admin, Public, SignedIn};

/// The methods that routes know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}
use Verb::{Delete, Get, Patch, Post, Put};

impl Verb {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Get => "GET",
            Post => "POST",
            Put => "PUT",
            Patch => "PATCH",
            Delete => "DELETE",
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

/// List and create.
macro_rules! collection {
    ($resource:ty) => {
        &[
            (Get, Admin, index::<$resource>),
            (Post, Admin, create::<$resource>),
        ]
    };
}
/// Retrieve, put, patch and delete.
macro_rules! object {
    ($resource:ty) => {
        &[
            (Get, Admin, retrieve::<$resource>),
            (Put, Admin, update::<$resource>),
            (Patch, Admin, update::<$resource>),
            (Delete, Admin, delete::<$resource>),
        ]
    };
}

use Version::{V2023_10, V2025_10};

/// Everything under `/api/v3/` that the sandbox serves. The first fitting row holds.
pub(crate) const ROUTES: &[Route] = &[
    route("admin/version", &[(Get, SignedIn, admin::version)]),
    since(
        V2025_10,
        "admin/settings",
        &[
            (Get, Admin, admin::settings),
            (Put, Admin, admin::settings),
            (Patch, Admin, admin::settings),
        ],
    ),
    route("root/config", &[(Get, Public, admin::config)]),
    route("schema", &[(Get, Public, admin::schema)]),
    route("core/users", collection!(Users)),
    route("core/users/me", &[(Get, SignedIn, users::me)]),
    route("core/users/{}", object!(Users)),
    route("core/users/{}/used_by", &[(Get, Admin, users::used_by)]),
    route(
        "core/authenticated_sessions",
        &[(Get, Admin, index::<Sessions>)],
    ),
    route(
        "core/authenticated_sessions/{}",
        &[
            (Get, Admin, retrieve::<Sessions>),
            (Delete, Admin, delete::<Sessions>),
        ],
    ),
    route("core/groups", collection!(Groups)),
    route("core/groups/{}", object!(Groups)),
    route(
        "core/groups/{}/add_user",
        &[(Post, Admin, groups::add_user)],
    ),
    route(
        "core/groups/{}/remove_user",
        &[(Post, Admin, groups::remove_user)],
    ),
    route("core/groups/{}/used_by", &[(Get, Admin, used_by::group)]),
    route(
        "core/applications",
        &[
            (Get, SignedIn, applications::index),
            (Post, Admin, create::<Applications>),
        ],
    ),
    route(
        "core/applications/{}",
        &[
            (Get, Admin, retrieve::<Applications>),
            (Put, Admin, applications::update),
            (Patch, Admin, applications::update),
            (Delete, Admin, delete::<Applications>),
        ],
    ),
    route(
        "core/applications/{}/check_access",
        &[(Get, SignedIn, applications::check_access)],
    ),
    route(
        "core/applications/{}/used_by",
        &[(Get, Admin, applications::used_by)],
    ),
    until(
        V2025_10,
        "core/applications/{}/set_icon",
        &[(Post, Admin, applications::upload_icon)],
    ),
    until(
        V2025_10,
        "core/applications/{}/set_icon_url",
        &[(Post, Admin, applications::set_icon_url)],
    ),
    route(
        "core/transactional/applications",
        &[(Put, SignedIn, transactional::put)],
    ),
    route("providers/all", &[(Get, Admin, index::<providers::All>)]),
    route(
        "providers/all/{}",
        &[
            (Get, Admin, retrieve::<providers::All>),
            (Delete, Admin, delete::<providers::All>),
        ],
    ),
    route(
        "providers/all/{}/used_by",
        &[(Get, Admin, providers::used_by::<providers::All>)],
    ),
    route("providers/oauth2", collection!(OAuth2)),
    route("providers/oauth2/{}", object!(OAuth2)),
    route(
        "providers/oauth2/{}/setup_urls",
        &[(Get, Admin, oauth2::setup_urls)],
    ),
    route(
        "providers/oauth2/{}/preview_user",
        &[(Get, Admin, oauth2::preview_user)],
    ),
    route(
        "providers/oauth2/{}/used_by",
        &[(Get, Admin, providers::used_by::<OAuth2>)],
    ),
    route("flows/instances", collection!(Flows)),
    route("flows/instances/{}", object!(Flows)),
    route(
        "flows/instances/{}/used_by",
        &[(Get, Admin, flows::used_by)],
    ),
    route("flows/executor/{}", &[(Get, Public, signin::executor)]),
    until(V2023_10, "propertymappings/scope", collection!(Scopes)),
    until(V2023_10, "propertymappings/scope/{}", object!(Scopes)),
    until(
        V2023_10,
        "propertymappings/scope/{}/used_by",
        &[(Get, Admin, mappings::used_by)],
    ),
    since(
        V2025_10,
        "propertymappings/provider/scope",
        collection!(Scopes),
    ),
    since(
        V2025_10,
        "propertymappings/provider/scope/{}",
        object!(Scopes),
    ),
    since(
        V2025_10,
        "propertymappings/provider/scope/{}/used_by",
        &[(Get, Admin, mappings::used_by)],
    ),
    route("crypto/certificatekeypairs", &[(Get, Admin, index::<Keys>)]),
    route(
        "crypto/certificatekeypairs/{}",
        &[(Get, Admin, retrieve::<Keys>)],
    ),
    route(
        "policies/all/cache_clear",
        &[(Post, Admin, policies::cache_clear)],
    ),
    route(
        "policies/all/cache_info",
        &[(Get, Admin, policies::cache_info)],
    ),
    route(
        "policies/all/{}",
        &[
            (Get, Admin, retrieve::<policies::All>),
            (Delete, Admin, delete::<policies::All>),
        ],
    ),
    route("policies/expression", collection!(Expressions)),
    route("policies/expression/{}", object!(Expressions)),
    route(
        "policies/expression/{}/used_by",
        &[(Get, Admin, policies::used_by)],
    ),
    route("policies/bindings", collection!(Bindings)),
    route("policies/bindings/{}", object!(Bindings)),
    route(
        "policies/bindings/{}/used_by",
        &[(Get, Admin, bindings::used_by)],
    ),
    route(
        "outposts/instances",
        &[
            (Get, Admin, index::<Outposts>),
            (Post, Admin, create::<Outposts>),
        ],
    ),
    route(
        "outposts/instances/default_settings",
        &[(Get, Admin, outposts::default_settings)],
    ),
    route("outposts/instances/{}", object!(Outposts)),
    route(
        "outposts/instances/{}/health",
        &[(Get, Admin, outposts::health)],
    ),
    until(V2023_10, "core/tenants", collection!(Brands)),
    until(
        V2023_10,
        "core/tenants/current",
        &[(Get, Public, brands::current)],
    ),
    until(V2023_10, "core/tenants/{}", object!(Brands)),
    until(
        V2023_10,
        "core/tenants/{}/used_by",
        &[(Get, Admin, brands::used_by)],
    ),
    since(V2025_10, "core/brands", collection!(Brands)),
    since(
        V2025_10,
        "core/brands/current",
        &[(Get, Public, brands::current)],
    ),
    since(V2025_10, "core/brands/{}", object!(Brands)),
    since(
        V2025_10,
        "core/brands/{}/used_by",
        &[(Get, Admin, brands::used_by)],
    ),
    route("events/events", &[(Get, Admin, index::<Events>)]),
    route("events/events/{}", &[(Get, Admin, retrieve::<Events>)]),
];

/// The OpenID Connect addresses and the pages for visitors, outside the API.
pub(crate) const PAGES: &[Route] = &[
    route(
        "application/o/authorize",
        &[(Get, Public, authorize::authorize)],
    ),
    route("application/o/token", &[(Post, Public, token::token)]),
    route(
        "application/o/userinfo",
        &[
            (Get, Public, token::userinfo),
            (Post, Public, token::userinfo),
        ],
    ),
    route(
        "application/o/introspect",
        &[(Post, Public, token::introspect)],
    ),
    route("application/o/revoke", &[(Post, Public, token::revoke)]),
    route(
        "application/o/{}/end-session",
        &[
            (Get, Public, logout::end_session),
            (Post, Public, logout::end_session),
        ],
    ),
    route("flows/-/default/{}", &[(Get, Public, signin::default_flow)]),
    route(
        "if/flow/{}",
        &[(Get, Public, signin::page), (Post, Public, signin::page)],
    ),
    route("application/o/{}/jwks", &[(Get, Public, oidc::jwks)]),
    route(
        "application/o/{}/.well-known/openid-configuration",
        &[(Get, Public, oidc::discovery)],
    ),
];
