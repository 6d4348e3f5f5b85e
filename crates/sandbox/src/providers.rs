//! `providers/all`, and what all kinds of providers share. Kinds other than OAuth2 exist only as rows of this list.

use crate::call::Call;
use crate::fields::{Field, Kind, NAME};
use crate::reply::Outcome;
use crate::resource::{self, Resource};
use crate::rows::{Columns, Row, pick};
use crate::state::{State, Table};
use crate::used_by::{self, Use};
use crate::version::Version;
use serde_json::{Value, json};

pub(crate) const OAUTH2: &str = "authentik_providers_oauth2.oauth2provider";
/// Kinds of providers beside OAuth2: short name, model, component, name in words.
const KINDS: &[(&str, &str, &str, &str)] = &[
    (
        "proxy",
        "authentik_providers_proxy.proxyprovider",
        "ak-provider-proxy-form",
        "Proxy Provider",
    ),
    (
        "ldap",
        "authentik_providers_ldap.ldapprovider",
        "ak-provider-ldap-form",
        "LDAP Provider",
    ),
    (
        "saml",
        "authentik_providers_saml.samlprovider",
        "ak-provider-saml-form",
        "SAML Provider",
    ),
    (
        "radius",
        "authentik_providers_radius.radiusprovider",
        "ak-provider-radius-form",
        "Radius Provider",
    ),
    (
        "scim",
        "authentik_providers_scim.scimprovider",
        "ak-provider-scim-form",
        "SCIM Provider",
    ),
];

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
        fields.push(Field::required(
            "invalidation_flow",
            Kind::One(Table::Flows),
        ));
    }
    fields
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
        let unassigned = state.application_of(&row.value("pk")).is_none()
            && backchannel_of(state, row).is_none();
        call.switch("application__isnull")
            .is_none_or(|wanted| unassigned == wanted)
    }

    fn render(state: &State, _: &Call, row: &Row) -> Value {
        generic(state, row)
    }
}

pub(crate) fn brand_as(row: &mut Row, model: &str, component: &str, words: &str) {
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
    state
        .rows(Table::Applications)
        .iter()
        .find(|app| app.items("backchannel_providers").contains(&pk))
}

/// The form that lists and applications show, whatever the kind.
pub(crate) fn generic(state: &State, row: &Row) -> Value {
    let mut provider = pick(
        row,
        &[
            "pk",
            "name",
            "authentication_flow",
            "authorization_flow",
            "property_mappings",
            "component",
            "verbose_name",
            "verbose_name_plural",
            "meta_model_name",
        ],
    );
    if state.since(Version::V2025_10) {
        provider.insert(
            "invalidation_flow".to_owned(),
            row.value("invalidation_flow"),
        );
    }
    let app = state.application_of(&row.value("pk"));
    let back = backchannel_of(state, row);
    for (prefix, app) in [
        ("assigned_application", app),
        ("assigned_backchannel_application", back),
    ] {
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
    Some(format!(
        "{scheme}://{}",
        rest.split('/').next().unwrap_or_default()
    ))
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
    let (_, model, component, words) = KINDS
        .iter()
        .find(|(name, model, ..)| *name == kind || *model == kind)?;
    for column in [
        "authentication_flow",
        "authorization_flow",
        "invalidation_flow",
    ] {
        row.entry(column).or_insert(Value::Null);
    }
    row.entry("property_mappings").or_insert_with(|| json!([]));
    if *model == "authentik_providers_proxy.proxyprovider" {
        // The server itself gives every proxy provider these scopes.
        let wanted = [
            "scope-openid",
            "scope-email",
            "scope-profile",
            "scope-entitlements",
            "scope-proxy",
        ];
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
    let mappings = row
        .items("property_mappings")
        .iter()
        .filter_map(|pk| state.by_pk(Table::Mappings, pk));
    let uses: Vec<Use> = mappings
        .map(|mapping| {
            let name = format!("Property Mapping {}", mapping.text("name"));
            Use::new(
                "authentik_core",
                "propertymapping",
                &mapping.value("pk"),
                name,
                "cascade_many",
            )
        })
        .collect();
    Ok(used_by::reply(state, &uses))
}
