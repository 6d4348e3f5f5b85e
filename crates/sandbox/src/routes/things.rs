//! Applications, providers and everything about them, flows, policies, and the server itself.

use super::{Access, Route, Verb, Version, route, since, until};
use crate::admin;
use crate::applications::{self, Applications};
use crate::bindings::{self, Bindings};
use crate::brands::{self, Brands};
use crate::events::Events;
use crate::flows::{self, Flows};
use crate::keys::Keys;
use crate::mappings::{self, Scopes};
use crate::oauth2::{self, OAuth2};
use crate::outposts::{self, Outposts};
use crate::policies::{self, Expressions};
use crate::providers;
use crate::resource::{create, delete, index, retrieve, update};
use crate::signin;
use crate::transactional;
use Access::{May, Public, SignedIn};
use Verb::{Delete, Get, Patch, Post, Put};
use Version::{V2023_10, V2025_10};

pub(super) const ROUTES: &[Route] = &[
    route("admin/version", &[(Get, SignedIn, admin::version)]),
    since(
        V2025_10,
        "admin/settings",
        &[
            (
                Get,
                May(&["authentik_rbac.view_system_settings"]),
                admin::settings,
            ),
            (
                Put,
                May(&["authentik_rbac.edit_system_settings"]),
                admin::settings,
            ),
            (
                Patch,
                May(&["authentik_rbac.edit_system_settings"]),
                admin::settings,
            ),
        ],
    ),
    route("root/config", &[(Get, Public, admin::config)]),
    route("schema", &[(Get, Public, admin::schema)]),
    route(
        "core/applications",
        &[
            (Get, SignedIn, applications::index),
            (
                Post,
                May(&["authentik_core.add_application"]),
                create::<Applications>,
            ),
        ],
    ),
    route(
        "core/applications/{}",
        object!(
            Applications,
            "authentik_core",
            "application",
            applications::update
        ),
    ),
    route(
        "core/applications/{}/check_access",
        &[(Get, SignedIn, applications::check_access)],
    ),
    route(
        "core/applications/{}/used_by",
        &[(Get, SignedIn, applications::used_by)],
    ),
    until(
        V2025_10,
        "core/applications/{}/set_icon",
        &[(
            Post,
            write!("change", "authentik_core", "application"),
            applications::upload_icon,
        )],
    ),
    until(
        V2025_10,
        "core/applications/{}/set_icon_url",
        &[(
            Post,
            write!("change", "authentik_core", "application"),
            applications::set_icon_url,
        )],
    ),
    route(
        "core/transactional/applications",
        &[(Put, SignedIn, transactional::put)],
    ),
    route(
        "providers/all",
        read!(view!("authentik_core", "provider"), index::<providers::All>),
    ),
    route(
        "providers/all/{}",
        &[
            (
                Get,
                view!("authentik_core", "provider"),
                retrieve::<providers::All>,
            ),
            (
                Delete,
                write!("delete", "authentik_core", "provider"),
                delete::<providers::All>,
            ),
        ],
    ),
    route(
        "providers/all/{}/used_by",
        &[(Get, SignedIn, providers::used_by::<providers::All>)],
    ),
    route(
        "providers/oauth2",
        collection!(OAuth2, "authentik_providers_oauth2", "oauth2provider"),
    ),
    route(
        "providers/oauth2/{}",
        object!(OAuth2, "authentik_providers_oauth2", "oauth2provider"),
    ),
    route(
        "providers/oauth2/{}/setup_urls",
        read!(
            view!("authentik_providers_oauth2", "oauth2provider"),
            oauth2::setup_urls
        ),
    ),
    route(
        "providers/oauth2/{}/preview_user",
        read!(
            view!("authentik_providers_oauth2", "oauth2provider"),
            oauth2::preview_user
        ),
    ),
    route(
        "providers/oauth2/{}/used_by",
        &[(Get, SignedIn, providers::used_by::<OAuth2>)],
    ),
    route(
        "flows/instances",
        collection!(Flows, "authentik_flows", "flow"),
    ),
    route(
        "flows/instances/{}",
        object!(Flows, "authentik_flows", "flow"),
    ),
    route(
        "flows/instances/{}/used_by",
        &[(Get, SignedIn, flows::used_by)],
    ),
    route("flows/executor/{}", &[(Get, Public, signin::executor)]),
    until(
        V2023_10,
        "propertymappings/scope",
        collection!(Scopes, "authentik_providers_oauth2", "scopemapping"),
    ),
    until(
        V2023_10,
        "propertymappings/scope/{}",
        object!(Scopes, "authentik_providers_oauth2", "scopemapping"),
    ),
    until(
        V2023_10,
        "propertymappings/scope/{}/used_by",
        &[(Get, SignedIn, mappings::used_by)],
    ),
    since(
        V2025_10,
        "propertymappings/provider/scope",
        collection!(Scopes, "authentik_providers_oauth2", "scopemapping"),
    ),
    since(
        V2025_10,
        "propertymappings/provider/scope/{}",
        object!(Scopes, "authentik_providers_oauth2", "scopemapping"),
    ),
    since(
        V2025_10,
        "propertymappings/provider/scope/{}/used_by",
        &[(Get, SignedIn, mappings::used_by)],
    ),
    route(
        "crypto/certificatekeypairs",
        read!(
            view!("authentik_crypto", "certificatekeypair"),
            index::<Keys>
        ),
    ),
    route(
        "crypto/certificatekeypairs/{}",
        read!(
            view!("authentik_crypto", "certificatekeypair"),
            retrieve::<Keys>
        ),
    ),
    route(
        "policies/all/cache_clear",
        &[(
            Post,
            May(&[
                "authentik_policies.clear_policy_cache",
                // A POST to a list asks for this, too.
                "authentik_policies.add_policy",
            ]),
            policies::cache_clear,
        )],
    ),
    route(
        "policies/all/cache_info",
        read!(
            May(&["authentik_policies.view_policy_cache"]),
            policies::cache_info
        ),
    ),
    route(
        "policies/all/{}",
        &[
            (
                Get,
                view!("authentik_policies", "policy"),
                retrieve::<policies::All>,
            ),
            (
                Delete,
                write!("delete", "authentik_policies", "policy"),
                delete::<policies::All>,
            ),
        ],
    ),
    route(
        "policies/expression",
        collection!(
            Expressions,
            "authentik_policies_expression",
            "expressionpolicy"
        ),
    ),
    route(
        "policies/expression/{}",
        object!(
            Expressions,
            "authentik_policies_expression",
            "expressionpolicy"
        ),
    ),
    route(
        "policies/expression/{}/used_by",
        &[(Get, SignedIn, policies::used_by)],
    ),
    route(
        "policies/bindings",
        collection!(Bindings, "authentik_policies", "policybinding"),
    ),
    route(
        "policies/bindings/{}",
        object!(Bindings, "authentik_policies", "policybinding"),
    ),
    route(
        "policies/bindings/{}/used_by",
        &[(Get, SignedIn, bindings::used_by)],
    ),
    route(
        "outposts/instances",
        collection!(Outposts, "authentik_outposts", "outpost"),
    ),
    route(
        "outposts/instances/default_settings",
        read!(
            view!("authentik_outposts", "outpost"),
            outposts::default_settings
        ),
    ),
    route(
        "outposts/instances/{}",
        object!(Outposts, "authentik_outposts", "outpost"),
    ),
    route(
        "outposts/instances/{}/health",
        read!(view!("authentik_outposts", "outpost"), outposts::health),
    ),
    until(
        V2023_10,
        "core/tenants",
        collection!(Brands, "authentik_tenants", "tenant"),
    ),
    until(
        V2023_10,
        "core/tenants/current",
        &[(Get, Public, brands::current)],
    ),
    until(
        V2023_10,
        "core/tenants/{}",
        object!(Brands, "authentik_tenants", "tenant"),
    ),
    until(
        V2023_10,
        "core/tenants/{}/used_by",
        &[(Get, SignedIn, brands::used_by)],
    ),
    since(
        V2025_10,
        "core/brands",
        collection!(Brands, "authentik_brands", "brand"),
    ),
    since(
        V2025_10,
        "core/brands/current",
        &[(Get, Public, brands::current)],
    ),
    since(
        V2025_10,
        "core/brands/{}",
        object!(Brands, "authentik_brands", "brand"),
    ),
    since(
        V2025_10,
        "core/brands/{}/used_by",
        &[(Get, SignedIn, brands::used_by)],
    ),
    route(
        "events/events",
        read!(view!("authentik_events", "event"), index::<Events>),
    ),
    route(
        "events/events/{}",
        read!(view!("authentik_events", "event"), retrieve::<Events>),
    ),
];
