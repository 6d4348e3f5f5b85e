//! Users, groups, tokens, sessions and roles.

use super::{Access, Route, Verb, Version, route, since, until};
use crate::groups::{self, Groups};
use crate::rbac::permissions::{self, Permissions};
use crate::rbac::{self, Roles, grants};
use crate::resource::{create, delete, index, retrieve, update};
use crate::service_accounts;
use crate::sessions::Sessions;
use crate::tokens::{self, Tokens};
use crate::used_by;
use crate::users::{self, Users};
use Access::{May, SignedIn};
use Verb::{Delete, Get, Patch, Post, Put};
use Version::{V2023_10, V2025_10, V2026_5};

pub(super) const ROUTES: &[Route] = &[
    route("core/users", collection!(Users, "authentik_core", "user")),
    route("core/users/me", &[(Get, SignedIn, users::me)]),
    route(
        "core/users/service_account",
        &[(
            Post,
            May(&["authentik_core.add_user", "authentik_core.add_token"]),
            service_accounts::create,
        )],
    ),
    route("core/users/{}", object!(Users, "authentik_core", "user")),
    route("core/users/{}/used_by", &[(Get, SignedIn, users::used_by)]),
    // Everybody has tokens; the handlers tell one's own from others'.
    route(
        "core/tokens",
        &[
            (Get, SignedIn, index::<Tokens>),
            (Post, SignedIn, tokens::create),
        ],
    ),
    route(
        "core/tokens/{}",
        &[
            (Get, SignedIn, tokens::retrieve),
            (Put, SignedIn, tokens::update),
            (Patch, SignedIn, tokens::update),
            (Delete, SignedIn, tokens::delete),
        ],
    ),
    route("core/tokens/{}/view_key", read!(SignedIn, tokens::view_key)),
    route(
        "core/tokens/{}/set_key",
        &[(Post, SignedIn, tokens::set_key)],
    ),
    route("core/tokens/{}/used_by", read!(SignedIn, tokens::used_by)),
    route("rbac/roles", collection!(Roles, "authentik_rbac", "role")),
    route("rbac/roles/{}", object!(Roles, "authentik_rbac", "role")),
    route("rbac/roles/{}/used_by", read!(SignedIn, rbac::used_by)),
    since(
        V2026_5,
        "rbac/roles/{}/add_user",
        &[(Post, May(&["authentik_rbac.change_role"]), rbac::add_user)],
    ),
    since(
        V2026_5,
        "rbac/roles/{}/remove_user",
        &[(
            Post,
            May(&["authentik_rbac.change_role"]),
            rbac::remove_user,
        )],
    ),
    // That is a model of the framework, on which nobody but superusers is given permissions.
    route(
        "rbac/permissions",
        read!(view!("auth", "permission"), index::<Permissions>),
    ),
    route(
        "rbac/permissions/assigned_by_roles",
        read!(
            view!("authentik_rbac", "role"),
            permissions::assigned_by_roles
        ),
    ),
    route(
        "rbac/permissions/assigned_by_roles/{}/assign",
        &[(
            Post,
            May(&["authentik_rbac.assign_role_permissions"]),
            grants::assign,
        )],
    ),
    route(
        "rbac/permissions/assigned_by_roles/{}/unassign",
        &[(
            Patch,
            May(&["authentik_rbac.unassign_role_permissions"]),
            grants::unassign,
        )],
    ),
    route(
        "rbac/permissions/roles",
        read!(view!("authentik_rbac", "role"), permissions::of_roles),
    ),
    route(
        "rbac/permissions/{}",
        read!(view!("auth", "permission"), retrieve::<Permissions>),
    ),
    since(
        V2025_10,
        "rbac/initial_permissions",
        read!(
            view!("authentik_rbac", "initialpermissions"),
            permissions::initial
        ),
    ),
    route(
        "core/authenticated_sessions",
        read!(
            view!("authentik_core", "authenticatedsession"),
            index::<Sessions>
        ),
    ),
    route(
        "core/authenticated_sessions/{}",
        &[
            (
                Get,
                view!("authentik_core", "authenticatedsession"),
                retrieve::<Sessions>,
            ),
            (
                Delete,
                write!("delete", "authentik_core", "authenticatedsession"),
                delete::<Sessions>,
            ),
        ],
    ),
    route(
        "core/groups",
        collection!(Groups, "authentik_core", "group", groups::create),
    ),
    route(
        "core/groups/{}",
        object!(Groups, "authentik_core", "group", groups::update),
    ),
    // Until 2024.2 whoever may add users may put them into groups, too.
    until(
        V2023_10,
        "core/groups/{}/add_user",
        &[(Post, May(&["authentik_core.add_user"]), groups::add_user)],
    ),
    until(
        V2023_10,
        "core/groups/{}/remove_user",
        &[(Post, May(&["authentik_core.add_user"]), groups::remove_user)],
    ),
    since(
        V2025_10,
        "core/groups/{}/add_user",
        &[(
            Post,
            May(&["authentik_core.add_user_to_group"]),
            groups::add_user,
        )],
    ),
    since(
        V2025_10,
        "core/groups/{}/remove_user",
        &[(
            Post,
            May(&["authentik_core.remove_user_from_group"]),
            groups::remove_user,
        )],
    ),
    route("core/groups/{}/used_by", &[(Get, SignedIn, used_by::group)]),
];
