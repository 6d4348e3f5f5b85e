//! What a fresh server contains.

use crate::admin;
use crate::brands::Brands;
use crate::expression;
use crate::flows::Flows;
use crate::groups::Groups;
use crate::outposts;
use crate::rbac::{
    self,
    catalogue::{self, READ_ONLY},
};
use crate::resource::{self, Resource};
use crate::rows::{Columns, Row, row};
use crate::state::{State, Table};
use crate::tokens::{self, BOOTSTRAP};
use crate::users::Users;
use crate::version::Version;
use serde_json::{Value, json};

/// Slug, name, title, designation, number of stages, requirement.
type Flow = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    usize,
    &'static str,
);

const FLOWS: &[Flow] = &[
    (
        "default-authentication-flow",
        "Welcome to authentik!",
        "Welcome to authentik!",
        "authentication",
        4,
        "none",
    ),
    (
        "default-authenticator-static-setup",
        "default-authenticator-static-setup",
        "Setup Static OTP Tokens",
        "stage_configuration",
        1,
        "require_authenticated",
    ),
    (
        "default-authenticator-totp-setup",
        "default-authenticator-totp-setup",
        "Set up Two-Factor authentication",
        "stage_configuration",
        1,
        "require_authenticated",
    ),
    (
        "default-authenticator-webauthn-setup",
        "default-authenticator-webauthn-setup",
        "Setup WebAuthn",
        "stage_configuration",
        1,
        "require_authenticated",
    ),
    (
        "default-invalidation-flow",
        "Logout",
        "Default Invalidation Flow",
        "invalidation",
        1,
        "none",
    ),
    (
        "default-password-change",
        "Change Password",
        "Change password",
        "stage_configuration",
        2,
        "require_authenticated",
    ),
    (
        "default-provider-authorization-explicit-consent",
        "Authorize Application",
        "Redirecting to %(app)s",
        "authorization",
        1,
        "require_authenticated",
    ),
    (
        "default-provider-authorization-implicit-consent",
        "Authorize Application",
        "Redirecting to %(app)s",
        "authorization",
        0,
        "require_authenticated",
    ),
    (
        "default-provider-invalidation-flow",
        "Logged out of application",
        "You've logged out of %(app)s.",
        "invalidation",
        0,
        "none",
    ),
    (
        "default-source-authentication",
        "Welcome to authentik!",
        "Welcome to authentik!",
        "authentication",
        1,
        "require_unauthenticated",
    ),
    (
        "default-source-enrollment",
        "Welcome to authentik! Please select a username.",
        "Welcome to authentik! Please select a username.",
        "enrollment",
        3,
        "none",
    ),
    (
        "default-source-pre-authentication",
        "Pre-Authentication",
        "Pre-authentication",
        "stage_configuration",
        0,
        "none",
    ),
    (
        "default-user-settings-flow",
        "User settings",
        "Update your info",
        "stage_configuration",
        2,
        "require_authenticated",
    ),
    (
        "initial-setup",
        "default-oobe-setup",
        "Welcome to authentik!",
        "stage_configuration",
        3,
        "none",
    ),
];
/// Flows with one policy bound to them.
const GUARDED: [&str; 3] = [
    "default-source-authentication",
    "default-source-enrollment",
    "initial-setup",
];

/// `managed` after the common prefix, name after the common prefix, scope, description, since 2024.
const SCOPES: &[(&str, &str, &str, &str, bool)] = &[
    (
        "proxy/scope-proxy",
        "Proxy outpost",
        "ak_proxy",
        "authentik Proxy - User information",
        false,
    ),
    (
        "oauth2/scope-email",
        "OpenID 'email'",
        "email",
        "Email address",
        false,
    ),
    (
        "oauth2/scope-entitlements",
        "Application Entitlements",
        "entitlements",
        "Application entitlements",
        true,
    ),
    (
        "oauth2/scope-authentik_api",
        "authentik API access",
        "goauthentik.io/api",
        "authentik API Access on behalf of your user",
        true,
    ),
    (
        "oauth2/scope-offline_access",
        "OpenID 'offline_access'",
        "offline_access",
        "Access to request new tokens without interaction",
        true,
    ),
    (
        "oauth2/scope-openid",
        "OpenID 'openid'",
        "openid",
        "",
        false,
    ),
    (
        "oauth2/scope-profile",
        "OpenID 'profile'",
        "profile",
        "General Profile Information",
        false,
    ),
];

/// Fills an empty state.
pub(crate) fn fill(state: &mut State) {
    state.settings = settings(state);
    catalogue::fill(state);
    flows(state);
    scopes(state);
    let key = row(
        json!({ "name": "authentik Self-signed Certificate", "private_key_available": true, "managed": null }),
    );
    state.insert(Table::Keys, key);
    people(state);
    outpost(state);
    brand(state);
}

fn add<R: Resource>(state: &mut State, body: &Value) -> Value {
    resource::insert::<R>(state, body).unwrap_or_else(|refusal| {
        tracing::error!(?refusal, %body, "a built-in object was refused");
        Value::Null
    })
}

/// The flows that a new provider usually gets.
pub(crate) fn provider_flows(state: &State) -> Row {
    let flow = |slug: &str| {
        state
            .find(Table::Flows, "slug", &json!(slug))
            .map(|flow| flow.value("pk"))
    };
    row(json!({
        "authorization_flow": flow("default-provider-authorization-implicit-consent"),
        "invalidation_flow": flow("default-provider-invalidation-flow"),
    }))
}

fn settings(state: &State) -> Row {
    if state.version == Version::V2023_10 {
        return Row::new();
    }
    let body = json!({ "flags": {} });
    let fields = admin::settings_fields(state);
    crate::fields::clean(
        state,
        Table::Brands,
        &fields,
        &body,
        crate::fields::Mode::Create,
        None,
    )
    .unwrap_or_default()
}

fn flows(state: &mut State) {
    for (slug, name, title, designation, stages, authentication) in FLOWS {
        if *slug == "default-provider-invalidation-flow" && state.version == Version::V2023_10 {
            continue;
        }
        // One title was reworded since.
        let title = match (state.version, *title) {
            (Version::V2023_10, "Set up Two-Factor authentication") => {
                "Setup Two-Factor authentication"
            }
            (_, title) => title,
        };
        let pk = add::<Flows>(
            state,
            &json!({
                "slug": slug, "name": name, "title": title, "designation": designation, "authentication": authentication,
            }),
        );
        let mut stages: Vec<Value> = (0..*stages).map(|_| json!(state.mint.uuid())).collect();
        if *slug == "initial-setup" {
            share_stages(state, &mut stages);
        }
        let policies: Vec<String> = GUARDED
            .contains(slug)
            .then(|| state.mint.uuid())
            .into_iter()
            .collect();
        if let Some(flow) = state.find_mut(Table::Flows, &pk) {
            flow.insert("stages".to_owned(), json!(stages));
            flow.insert("policies".to_owned(), json!(policies));
        }
    }
}

/// The first set-up ends with the stages that write the password and that sign in.
fn share_stages(state: &State, stages: &mut Vec<Value>) {
    let of_flow = |slug: &str, at: usize| {
        state
            .find(Table::Flows, "slug", &json!(slug))
            .and_then(|flow| flow.items("stages").get(at))
            .cloned()
    };
    let borrowed = [
        of_flow("default-password-change", 1),
        of_flow("default-authentication-flow", 3),
    ];
    stages.truncate(1);
    stages.extend(borrowed.into_iter().flatten());
}

/// The expressions are the sandbox's own; only what they say about `email_verified` is a fact of the version (T19).
fn scopes(state: &mut State) {
    let verified = if state.version == Version::V2023_10 {
        "True"
    } else {
        "False"
    };
    for (managed, name, scope, description, later) in SCOPES {
        if *later && state.version == Version::V2023_10 {
            continue;
        }
        let code = match *scope {
            "email" => format!("return {{\n    \"email\": request.user.email,\n    \"email_verified\": {verified}\n}}"),
            "profile" => "return {\n    \"name\": request.user.name,\n    \"given_name\": request.user.name,\n    \
                 \"preferred_username\": request.user.username,\n    \"nickname\": request.user.username,\n    \
                 \"groups\": [group.name for group in request.user.groups.all()],\n}"
                .to_owned(),
            _ => "# built in\nreturn {}".to_owned(),
        };
        debug_assert!(
            expression::unclosed(&code).is_none(),
            "a built-in expression is broken"
        );
        let mapping = row(json!({
            "managed": format!("goauthentik.io/providers/{managed}"),
            "name": format!("authentik default OAuth Mapping: {name}"),
            "expression": code,
            "scope_name": scope,
            "description": description,
        }));
        state.insert(Table::Mappings, mapping);
    }
}

fn people(state: &mut State) {
    let admin = add::<Users>(
        state,
        &json!({ "username": "akadmin", "name": "authentik Default Admin", "email": "root@example.com" }),
    );
    add::<Groups>(
        state,
        &json!({ "name": "authentik Admins", "is_superuser": true, "users": [admin] }),
    );
    if state.since(Version::V2025_10) {
        let role = rbac::add(state, READ_ONLY);
        rbac::let_read(state, &role);
        let notes = "Members may read everything and change nothing.\n";
        add::<Groups>(
            state,
            &json!({ "name": READ_ONLY, "roles": [role], "attributes": { "notes": notes } }),
        );
    }
    let key = state.mint.secret(60);
    let expires = state.mint.peek();
    tokens::put(
        state,
        json!({ "identifier": BOOTSTRAP, "user": admin, "key": key, "expires": expires }),
    );
}

/// The embedded outpost and, where a worker has run, its service account.
fn outpost(state: &mut State) {
    let outpost = row(json!({
        "name": "authentik Embedded Outpost",
        "type": "proxy",
        "providers": [],
        "config": outposts::default_config(state.version, ""),
        "managed": outposts::EMBEDDED,
    }));
    let pk = state.insert(Table::Outposts, outpost);
    if state.version == Version::V2023_10 {
        return;
    }
    outposts::add_account(
        state,
        &pk,
        "Outpost authentik Embedded Outpost Service-Account",
    );
}

fn brand(state: &mut State) {
    let flow = |slug: &str| {
        state
            .find(Table::Flows, "slug", &json!(slug))
            .map(|flow| flow.value("pk"))
    };
    let body = json!({
        "domain": "authentik-default",
        "default": true,
        "flow_authentication": flow("default-authentication-flow"),
        "flow_invalidation": flow("default-invalidation-flow"),
        "flow_user_settings": flow("default-user-settings-flow"),
    });
    add::<Brands>(state, &body);
}
