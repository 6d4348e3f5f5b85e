//! The OpenID Connect side: claims, discovery and JWKS.

use crate::access;
use crate::call::Call;
use crate::expression;
use crate::pair::{self, Pair};
use crate::reply::{Outcome, Reply};
use crate::rows::{Columns, Row, row};
use crate::state::{State, Table};
use crate::version::Version;
use http::StatusCode;
use serde_json::{Value, json};

pub(crate) const RESPONSE_TYPES: [&str; 6] = [
    "code",
    "id_token",
    "id_token token",
    "code token",
    "code id_token",
    "code id_token token",
];

/// Issuer of a provider: of its own, or one for the whole server.
pub(crate) fn issuer(provider: &Row, base: &str, slug: &str) -> String {
    if provider.text("issuer_mode") == "global" {
        format!("{base}/")
    } else {
        format!("{base}/application/o/{slug}/")
    }
}

fn mappings<'a>(state: &'a State, provider: &'a Row) -> impl Iterator<Item = &'a Row> {
    provider
        .items("property_mappings")
        .iter()
        .filter_map(|pk| state.by_pk(Table::Mappings, pk))
}

/// Claims of a scope mapping for a user. The managed ones are known by name, others as far as [`expression`] goes.
fn mapped(state: &State, mapping: &Row, user: i64) -> Row {
    let person = access::person(state, user);
    let managed = mapping
        .text("managed")
        .rsplit('/')
        .next()
        .unwrap_or_default();
    let known = match managed {
        "scope-profile" => json!({
            "name": person.name,
            "given_name": person.name,
            "preferred_username": person.username,
            "nickname": person.username,
            "groups": person.groups,
        }),
        "scope-entitlements" => json!({ "entitlements": [], "roles": [] }),
        "scope-proxy" => {
            json!({ "ak_proxy": { "user_attributes": {}, "is_superuser": state.is_superuser(user) } })
        }
        "scope-openid" | "scope-offline_access" | "scope-authentik_api" => json!({}),
        _ => Value::Object(expression::claims(mapping.text("expression"), &person)),
    };
    row(known)
}

/// The claims of an ID token, as `preview_user` shows them.
pub(crate) fn claims(state: &State, call: &Call, provider: &Row, user: i64) -> Value {
    let now = state.mint.seconds();
    let mut claims = basic(state, call, provider, user);
    claims.extend(row(
        json!({ "exp": now + 1800, "iat": now, "auth_time": now }),
    ));
    if state.since(Version::V2026_5) {
        claims.insert("jti".to_owned(), json!(state.mint.clone().secret(40)));
    }
    claims.extend(scoped(state, provider, user, None));
    Value::Object(claims)
}

/// Who says what about whom to whom; without any time.
pub(crate) fn basic(state: &State, call: &Call, provider: &Row, user: i64) -> Row {
    let slug = state
        .application_of(&provider.value("pk"))
        .map(|app| app.text("slug"));
    row(json!({
        "iss": slug.map_or(Value::Null, |slug| json!(issuer(provider, &call.base(), slug))),
        "sub": subject(state, provider, user),
        "aud": provider.value("client_id"),
        "acr": "goauthentik.io/providers/oauth2/default",
    }))
}

/// What the scope mappings of a provider say about a user: all of them, or those of some scopes.
pub(crate) fn scoped(state: &State, provider: &Row, user: i64, scopes: Option<&[String]>) -> Row {
    mappings(state, provider)
        .filter(|mapping| {
            scopes.is_none_or(|scopes| {
                scopes
                    .iter()
                    .any(|scope| scope == mapping.text("scope_name"))
            })
        })
        .flat_map(|mapping| mapped(state, mapping, user))
        .collect()
}

/// The scopes that a provider has mappings for.
pub(crate) fn offered(state: &State, provider: &Row) -> Vec<String> {
    mappings(state, provider)
        .map(|mapping| mapping.text("scope_name").to_owned())
        .collect()
}

pub(crate) fn subject(state: &State, provider: &Row, user: i64) -> Value {
    let Some(person) = state.user(user) else {
        return Value::Null;
    };
    match provider.text("sub_mode") {
        "user_id" => json!(user.to_string()),
        "user_uuid" => person.value("uuid"),
        "user_username" => person.value("username"),
        "user_email" => person.value("email"),
        "user_upn" => person
            .value("attributes")
            .get("upn")
            .cloned()
            .unwrap_or_else(|| person.value("uid")),
        _ => person.value("uid"),
    }
}

/// Application and OAuth2 provider behind a slug, or the 404 page.
pub(crate) fn published<'a>(state: &'a State, args: &[&str]) -> Result<(&'a Row, &'a Row), Reply> {
    let slug = args.first().copied().unwrap_or_default();
    state
        .find(Table::Applications, "slug", &json!(slug))
        .and_then(|app| {
            state
                .by_pk(Table::Providers, &app.value("provider"))
                .map(|provider| (app, provider))
        })
        .filter(|(_, provider)| provider.contains_key("client_id"))
        .ok_or_else(|| {
            Reply::page(
                StatusCode::NOT_FOUND,
                "Not Found",
                "There is no such application.",
            )
        })
}

pub(crate) fn discovery(state: &mut State, call: &Call, args: &[&str]) -> Outcome {
    let (app, provider) = published(state, args)?;
    let (base, slug) = (call.base(), app.text("slug"));
    let server = |path: &str| format!("{base}/application/o/{path}/");
    let algorithm = state
        .by_pk(Table::Keys, &provider.value("signing_key"))
        .map_or("HS256", |key| Pair::of(key).algorithm());
    // `openid` is always there; two mappings of one scope name it once.
    let mut scopes = vec![json!("openid")];
    for mapping in mappings(state, provider) {
        let scope = mapping.value("scope_name");
        if !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    let mut supported: Vec<String> = [
        "sub",
        "iss",
        "aud",
        "exp",
        "iat",
        "auth_time",
        "acr",
        "amr",
        "nonce",
    ]
    .map(str::to_owned)
    .to_vec();
    for mapping in mappings(state, provider) {
        supported.extend(mapped(state, mapping, 0).into_iter().map(|(name, _)| name));
    }
    let mut document = row(json!({
        "issuer": issuer(provider, &base, slug),
        "authorization_endpoint": server("authorize"),
        "token_endpoint": server("token"),
        "userinfo_endpoint": server("userinfo"),
        "end_session_endpoint": server(&format!("{slug}/end-session")),
        "introspection_endpoint": server("introspect"),
        "revocation_endpoint": server("revoke"),
        "device_authorization_endpoint": server("device"),
        "response_types_supported": RESPONSE_TYPES,
        "response_modes_supported": ["query", "fragment", "form_post"],
        "jwks_uri": server(&format!("{slug}/jwks")),
        "grant_types_supported": [
            "authorization_code", "refresh_token", "implicit", "client_credentials", "password",
            "urn:ietf:params:oauth:grant-type:device_code",
        ],
        "id_token_signing_alg_values_supported": [algorithm],
        "subject_types_supported": ["public"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "acr_values_supported": ["goauthentik.io/providers/oauth2/default"],
        "scopes_supported": scopes,
        "request_parameter_supported": false,
        "claims_supported": supported,
        "claims_parameter_supported": false,
        "code_challenge_methods_supported": ["plain", "S256"],
    }));
    let mut channels: Vec<&str> = Vec::new();
    if state.since(Version::V2025_10) {
        channels.push("backchannel");
    }
    if state.since(Version::V2026_5) {
        channels.push("frontchannel");
    }
    for channel in channels {
        document.insert(format!("{channel}_logout_supported"), json!(true));
        document.insert(format!("{channel}_logout_session_supported"), json!(true));
    }
    Ok(Reply::ok(Value::Object(document)))
}

/// The public key; an empty object without a signing key (T18).
pub(crate) fn jwks(state: &mut State, _: &Call, args: &[&str]) -> Outcome {
    let (_, provider) = published(state, args)?;
    let Some(key) = state.by_pk(Table::Keys, &provider.value("signing_key")) else {
        return Ok(Reply::ok(json!({})));
    };
    let jwk = pair::published(state, key);
    Ok(Reply::ok(json!({ "keys": [jwk] })))
}
