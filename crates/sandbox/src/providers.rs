//! `providers/all` and `providers/oauth2`. Other kinds exist only as rows of the list of all providers.

use crate::call::Call;
use crate::fields::{Field, Kind, Mode, NAME};
use crate::oidc;
use crate::reply::{Outcome, Reply};
use crate::resource::{self, Resource};
use crate::rows::{Columns, Row, pick};
use crate::state::{State, Table};
use crate::used_by::{self, Use};
use crate::version::Version;
use serde_json::{Value, json};

const OAUTH2: &str = "authentik_providers_oauth2.oauth2provider";
const GRANTS: &[&str] = &[
    "authorization_code", "implicit", "hybrid", "refresh_token", "client_credentials", "password",
    "urn:ietf:params:oauth:grant-type:device_code",
];
const SUB_MODES: &[&str] =
    &["hashed_user_id", "user_id", "user_uuid", "user_username", "user_email", "user_upn"];

/// Kinds of providers beside OAuth2: short name, model, component, name in words.
const KINDS: &[(&str, &str, &str, &str)] = &[
    ("proxy", "authentik_providers_proxy.proxyprovider", "ak-provider-proxy-form", "Proxy Provider"),
    ("ldap", "authentik_providers_ldap.ldapprovider", "ak-provider-ldap-form", "LDAP Provider"),
    ("saml", "authentik_providers_saml.samlprovider", "ak-provider-saml-form", "SAML Provider"),
    ("radius", "authentik_providers_radius.radiusprovider", "ak-provider-radius-form", "Radius Provider"),
    ("scim", "authentik_providers_scim.scimprovider", "ak-provider-scim-form", "SCIM Provider"),
];

/// The resource `providers/oauth2`.
pub(crate) struct OAuth2;
/// The resource `providers/all`.
pub(crate) struct All;

/// Name, flows and mappings, which nearly every kind has.
pub(crate) fn common_fields(state: &State) -> Vec<Field> {
    let mut fields = vec![
        Field::required("name", NAME).unique("provider with this name already exists."),
        Field::reference("authentication_flow", Table::Flows),
        Field::required("authorization_flow", Kind::One(Table::Flows)),
        Field::many("property_mappings", Table::Mappings),
    ];
    if state.since(Version::V2025_10) {
        fields.push(Field::required("invalidation_flow", Kind::One(Table::Flows)));
    }
    fields
}

impl Resource for OAuth2 {
    const TABLE: Table = Table::Providers;
    const MODEL: &'static str = "OAuth2Provider";

    fn fields(state: &State) -> Vec<Field> {
        let mut fields = common_fields(state);
        fields.extend([
            Field::optional("client_type", Kind::Choice(&["confidential", "public"]), json!("confidential")),
            Field::optional("client_id", Kind::Text { blank: false, max: Some(255) }, Value::Null)
                .unique("OAuth2/OpenID Provider with this Client ID already exists."),
            Field::optional("client_secret", Kind::Text { blank: true, max: Some(255) }, Value::Null),
            Field::optional("access_code_validity", Kind::Duration, json!("minutes=1")),
            Field::optional("access_token_validity", Kind::Duration, json!("hours=1")),
            Field::optional("refresh_token_validity", Kind::Duration, json!("days=30")),
            Field::optional("include_claims_in_id_token", Kind::Bool, json!(true)),
            Field::reference("signing_key", Table::Keys),
            Field::optional("sub_mode", Kind::Choice(SUB_MODES), json!("hashed_user_id")),
            Field::optional("issuer_mode", Kind::Choice(&["per_provider", "global"]), json!("per_provider")),
        ]);
        if state.version == Version::V2023_10 {
            fields.push(Field::optional("redirect_uris", Kind::RedirectUris, json!("")));
            fields.push(Field::optional("jwks_sources", Kind::Any, json!([])).reset());
        } else {
            fields.push(Field::required("redirect_uris", Kind::RedirectUris));
            fields.push(Field::reference("encryption_key", Table::Keys));
            // Sources are not served, so no key of one can exist.
            fields.push(Field::many("jwt_federation_sources", Table::Roles));
            fields.push(Field::many("jwt_federation_providers", Table::Providers));
        }
        if state.version == Version::V2025_10 {
            fields.push(Field::optional("backchannel_logout_uri", Kind::Url, json!("")));
        }
        if state.since(Version::V2026_5) {
            fields.extend([
                Field::optional("refresh_token_threshold", Kind::Duration, json!("seconds=0")),
                Field::optional("logout_uri", Kind::Url, json!("")),
                Field::optional("logout_method", Kind::Choice(&["backchannel", "frontchannel"]), json!("backchannel")),
            ]);
            if !state.recorded {
                // T1: whoever does not send it gets a provider that authorizes nobody.
                fields.push(Field::optional("grant_types", Kind::Choices(GRANTS), json!([])));
            }
        }
        fields
    }

    fn visible(row: &Row) -> bool {
        row.text("meta_model_name") == OAUTH2
    }

    fn complete(state: &mut State, new: &mut Row) {
        for (column, length) in [("client_id", 40), ("client_secret", 128)] {
            if new.value(column).is_null() {
                new.insert(column.to_owned(), json!(state.mint.secret(length)));
            }
        }
        brand_as(new, OAUTH2, "ak-provider-oauth2-form", "OAuth2/OpenID Provider");
    }

    fn check(_: &mut State, new: &mut Row, _: Option<&Row>, _: Mode) -> Result<(), Reply> {
        if !new.items("jwt_federation_sources").is_empty() {
            let error = crate::fields::unknown(new.items("jwt_federation_sources").first().unwrap_or(&Value::Null));
            return Err(Reply::bad(json!({ "jwt_federation_sources": error })));
        }
        Ok(())
    }

    fn removed(state: &mut State, row: &Row) {
        forget(state, &row.value("pk"));
    }

    fn filter(_: &State, call: &Call, row: &Row) -> bool {
        let exact = [
            "name", "authorization_flow", "client_type", "client_id", "signing_key", "sub_mode", "issuer_mode",
            "access_code_validity", "access_token_validity", "refresh_token_validity",
        ];
        exact.iter().all(|column| call.param(column).is_none_or(|wanted| row.text(column) == wanted))
            && call
                .params("property_mappings")
                .all(|wanted| row.items("property_mappings").iter().any(|pk| pk.as_str() == Some(wanted)))
            && call
                .switch("include_claims_in_id_token")
                .is_none_or(|wanted| row.flag("include_claims_in_id_token") == wanted)
    }

    fn render(state: &State, _: &Call, row: &Row) -> Value {
        let mut provider = match generic(state, row) {
            Value::Object(provider) => provider,
            _ => Row::new(),
        };
        provider.extend(pick(
            row,
            &[
                "client_type", "client_id", "client_secret", "access_code_validity", "access_token_validity",
                "refresh_token_validity", "include_claims_in_id_token", "signing_key", "redirect_uris", "sub_mode",
                "issuer_mode",
            ],
        ));
        let more: &[&str] = match state.version {
            Version::V2023_10 => &["jwks_sources"],
            Version::V2025_10 => {
                &["encryption_key", "jwt_federation_sources", "jwt_federation_providers", "backchannel_logout_uri"]
            }
            Version::V2026_5 => &[
                "encryption_key", "jwt_federation_sources", "jwt_federation_providers", "refresh_token_threshold",
                "logout_uri", "logout_method",
            ],
        };
        provider.extend(pick(row, more));
        if state.since(Version::V2026_5) && !state.recorded {
            provider.insert("grant_types".to_owned(), row.value("grant_types"));
        }
        Value::Object(provider)
    }
}

impl Resource for All {
    const TABLE: Table = Table::Providers;
    const MODEL: &'static str = "Provider";

    fn fields(_: &State) -> Vec<Field> {
        Vec::new()
    }

    fn removed(state: &mut State, row: &Row) {
        forget(state, &row.value("pk"));
    }

    fn filter(state: &State, call: &Call, row: &Row) -> bool {
        let unassigned = state.application_of(&row.value("pk")).is_none() && backchannel_of(state, row).is_none();
        call.switch("application__isnull").is_none_or(|wanted| unassigned == wanted)
    }

    fn render(state: &State, _: &Call, row: &Row) -> Value {
        generic(state, row)
    }
}

fn brand_as(row: &mut Row, model: &str, component: &str, words: &str) {
    for (column, value) in [
        ("meta_model_name", model.to_owned()),
        ("component", component.to_owned()),
        ("verbose_name", words.to_owned()),
        ("verbose_name_plural", format!("{words}s")),
    ] {
        row.insert(column.to_owned(), json!(value));
    }
}

fn backchannel_of<'a>(state: &'a State, row: &Row) -> Option<&'a Row> {
    let pk = row.value("pk");
    state.rows(Table::Applications).iter().find(|app| app.items("backchannel_providers").contains(&pk))
}

/// The form that lists and applications show, whatever the kind.
pub(crate) fn generic(state: &State, row: &Row) -> Value {
    let mut provider = pick(
        row,
        &[
            "pk", "name", "authentication_flow", "authorization_flow", "property_mappings", "component", "verbose_name",
            "verbose_name_plural", "meta_model_name",
        ],
    );
    if state.since(Version::V2025_10) {
        provider.insert("invalidation_flow".to_owned(), row.value("invalidation_flow"));
    }
    let app = state.application_of(&row.value("pk"));
    let back = backchannel_of(state, row);
    for (prefix, app) in [("assigned_application", app), ("assigned_backchannel_application", back)] {
        // The second pair is left out until 2025.10 where there is nothing to say (T24).
        if app.is_none() && prefix != "assigned_application" && !state.since(Version::V2026_5) {
            continue;
        }
        for column in ["slug", "name"] {
            let value = app.map_or(Value::Null, |app| app.value(column));
            provider.insert(format!("{prefix}_{column}"), value);
        }
    }
    Value::Object(provider)
}

/// The form inside outposts and `backchannel_providers_obj`: the kind does not show through.
pub(crate) fn bare(state: &State, row: &Row) -> Value {
    let mut row = row.clone();
    brand_as(&mut row, "authentik_core.provider", "", "provider");
    generic(state, &row)
}

/// Where an application without its own launch URL leads.
pub(crate) fn launch_url(row: &Row) -> Option<String> {
    let address = match row.get("redirect_uris") {
        Some(Value::String(text)) => text.lines().next()?.to_owned(),
        Some(Value::Array(uris)) => uris.first()?.get("url")?.as_str()?.to_owned(),
        _ => row.get("external_host")?.as_str()?.to_owned(),
    };
    // Cut after the host; regular expressions stay as they are written.
    let (scheme, rest) = address.split_once("://")?;
    Some(format!("{scheme}://{}", rest.split('/').next().unwrap_or_default()))
}

/// Takes a provider out of everything that points at it.
pub(crate) fn forget(state: &mut State, pk: &Value) {
    for app in state.rows_mut(Table::Applications) {
        if app.is("provider", pk) {
            app.insert("provider".to_owned(), Value::Null);
        }
        if let Some(Value::Array(others)) = app.get_mut("backchannel_providers") {
            others.retain(|other| other != pk);
        }
    }
    for outpost in state.rows_mut(Table::Outposts) {
        if let Some(Value::Array(providers)) = outpost.get_mut("providers") {
            providers.retain(|other| other != pk);
        }
    }
}

/// Stores a provider of another kind (`proxy`, `ldap`, `saml`, `radius`, `scim`). Nothing for an unknown kind.
pub(crate) fn insert_other(state: &mut State, kind: &str, mut row: Row) -> Option<Value> {
    let (_, model, component, words) = KINDS.iter().find(|(name, model, ..)| *name == kind || *model == kind)?;
    for column in ["authentication_flow", "authorization_flow", "invalidation_flow"] {
        row.entry(column).or_insert(Value::Null);
    }
    row.entry("property_mappings").or_insert_with(|| json!([]));
    if *model == "authentik_providers_proxy.proxyprovider" {
        // The server itself gives every proxy provider these scopes.
        let wanted = ["scope-openid", "scope-email", "scope-profile", "scope-entitlements", "scope-proxy"];
        let scopes: Vec<Value> = state
            .rows(Table::Mappings)
            .iter()
            .filter(|m| wanted.iter().any(|end| m.text("managed").ends_with(end)))
            .map(|m| m.value("pk"))
            .collect();
        row.insert("property_mappings".to_owned(), json!(scopes));
    }
    brand_as(&mut row, model, component, words);
    state.mint.tick();
    Some(state.insert(Table::Providers, row))
}

/// The models that a transaction may name.
pub(crate) fn is_known_model(model: &str) -> bool {
    model == OAUTH2 || KINDS.iter().any(|(_, known, ..)| *known == model)
}

pub(crate) fn is_oauth2(model: &str) -> bool {
    model == OAUTH2
}

pub(crate) fn used_by<R: Resource>(state: &mut State, _: &Call, args: &[&str]) -> Outcome {
    let row = resource::addressed::<R>(state, args)?;
    let mappings = row.items("property_mappings").iter().filter_map(|pk| state.by_pk(Table::Mappings, pk));
    let uses: Vec<Use> = mappings
        .map(|mapping| {
            let name = format!("Property Mapping {}", mapping.text("name"));
            Use::new("authentik_core", "propertymapping", &mapping.value("pk"), name, "cascade_many")
        })
        .collect();
    Ok(used_by::reply(state, &uses))
}

pub(crate) fn setup_urls(state: &mut State, call: &Call, args: &[&str]) -> Outcome {
    let row = resource::addressed::<OAuth2>(state, args)?;
    let base = call.base();
    let slug = state.application_of(&row.value("pk")).map(|app| app.text("slug"));
    let of_app = |path: &str| slug.map_or(Value::Null, |slug| json!(format!("{base}/application/o/{slug}/{path}")));
    let mut urls = json!({
        "issuer": slug.map_or(Value::Null, |slug| json!(oidc::issuer(row, &base, slug))),
        "authorize": format!("{base}/application/o/authorize/"),
        "token": format!("{base}/application/o/token/"),
        "user_info": format!("{base}/application/o/userinfo/"),
        "provider_info": of_app(".well-known/openid-configuration"),
        "logout": of_app("end-session/"),
    });
    if let (Some(_), Some(object)) = (slug, urls.as_object_mut()) {
        object.insert("jwks".to_owned(), of_app("jwks/"));
    }
    Ok(Reply::ok(urls))
}

pub(crate) fn preview_user(state: &mut State, call: &Call, args: &[&str]) -> Outcome {
    let row = resource::addressed::<OAuth2>(state, args)?;
    let mut user = call.user.unwrap_or_default();
    // 2023.10 shows the caller's claims, whoever is asked for.
    if state.since(Version::V2025_10)
        && let Some(text) = call.param("for_user")
    {
        let known = text.parse().ok().filter(|pk| state.user(*pk).is_some());
        user = known.ok_or_else(|| Reply::bad(json!({ "for_user": "User not found" })))?;
    }
    Ok(Reply::ok(json!({ "preview": oidc::claims(state, call, row, user) })))
}
