//! `core/brands`, called `core/tenants` in 2023.10.
#![expect(clippy::unnecessary_wraps, reason = "all handlers have one signature")]

use crate::call::Call;
use crate::fields::{Field, Kind, Mode, NAME, TEXT};
use crate::reply::{Outcome, Reply};
use crate::resource::Resource;
use crate::rows::{Columns, Row, pick};
use crate::state::{State, Table};
use crate::version::Version;
use serde_json::{Value, json};

const LOGO: &str = "/static/dist/assets/icons/icon_left_brand.svg";
const FAVICON: &str = "/static/dist/assets/icons/icon.png";
const FLOWS: [&str; 6] = [
    "flow_authentication",
    "flow_invalidation",
    "flow_recovery",
    "flow_unenrollment",
    "flow_user_settings",
    "flow_device_code",
];

pub(crate) struct Brands;

impl Resource for Brands {
    const TABLE: Table = Table::Brands;
    const MODEL: &'static str = "Brand";
    const ORDER: &'static [&'static str] = &["domain"];
    const SEARCH: &'static [&'static str] = &["domain", "branding_title"];

    fn fields(state: &State) -> Vec<Field> {
        let mut domain = Field::required("domain", NAME);
        if state.since(Version::V2025_10) {
            domain = domain.unique("This field must be unique.");
        }
        let mut fields = vec![
            domain,
            Field::optional("default", Kind::Bool, json!(false)),
            Field::optional("branding_title", TEXT, json!("authentik")),
            Field::optional("branding_logo", TEXT, json!(LOGO)),
            Field::optional("branding_favicon", TEXT, json!(FAVICON)),
            Field::reference("web_certificate", Table::Keys),
            Field::optional("attributes", Kind::Object, json!({})),
        ];
        fields.extend(FLOWS.map(|name| Field::reference(name, Table::Flows)));
        if state.version == Version::V2023_10 {
            fields.push(Field::optional(
                "event_retention",
                Kind::Duration,
                json!("days=365"),
            ));
        } else {
            let background = "/static/dist/assets/images/flow_background.jpg";
            fields.push(Field::optional("branding_custom_css", TEXT, json!("")));
            fields.push(Field::optional(
                "branding_default_flow_background",
                TEXT,
                json!(background),
            ));
            fields.push(Field::reference("default_application", Table::Applications));
            fields.push(Field::many("client_certificates", Table::Keys));
        }
        fields
    }

    fn check(state: &mut State, new: &mut Row, old: Option<&Row>, _: Mode) -> Result<(), Reply> {
        let own = old.map(|old| old.value("pk")).unwrap_or_default();
        let other = state
            .rows(Table::Brands)
            .iter()
            .any(|brand| brand.flag("default") && !brand.is("pk", &own));
        if new.flag("default") && other {
            let word = if state.version == Version::V2023_10 {
                "Tenant"
            } else {
                "brand"
            };
            return Err(Reply::field(
                "default",
                &format!("Only a single {word} can be set as default."),
            ));
        }
        Ok(())
    }

    fn filter(_: &State, call: &Call, row: &Row) -> bool {
        call.param("domain")
            .is_none_or(|wanted| row.text("domain") == wanted)
            && call
                .switch("default")
                .is_none_or(|wanted| row.flag("default") == wanted)
    }

    fn render(state: &State, _: &Call, row: &Row) -> Value {
        let mut brand = row.clone();
        if let Some(pk) = brand.remove("pk") {
            let key = if state.version == Version::V2023_10 {
                "tenant_uuid"
            } else {
                "brand_uuid"
            };
            brand.insert(key.to_owned(), pk);
        }
        Value::Object(brand)
    }
}

/// The brand for the Host of the call: the longest domain that ends the host, else the default one.
pub(crate) fn current(state: &mut State, call: &Call, _: &[&str]) -> Outcome {
    let host = call.host();
    let brands = state.rows(Table::Brands);
    let found = brands
        .iter()
        .filter(|brand| host.ends_with(brand.text("domain")))
        .max_by_key(|brand| brand.text("domain").len())
        .or_else(|| brands.iter().find(|brand| brand.flag("default")));
    let Some(brand) = found else {
        return Ok(Reply::ok(json!({ "matched_domain": "fallback" })));
    };
    let mut shown = pick(
        brand,
        &["branding_title", "branding_logo", "branding_favicon"],
    );
    shown.insert("matched_domain".to_owned(), brand.value("domain"));
    if state.since(Version::V2025_10) {
        shown.insert(
            "branding_custom_css".to_owned(),
            brand.value("branding_custom_css"),
        );
        shown.insert("flags".to_owned(), flags(state));
    }
    if state.since(Version::V2026_5) {
        shown.insert("branding_logo_themed_urls".to_owned(), Value::Null);
        shown.insert("branding_favicon_themed_urls".to_owned(), Value::Null);
    }
    // Flows that are not set are left out.
    for name in FLOWS {
        if let Some(flow) = state.by_pk(Table::Flows, &brand.value(name)) {
            shown.insert(name.to_owned(), flow.value("slug"));
        }
    }
    let settings = brand
        .value("attributes")
        .get("settings")
        .cloned()
        .unwrap_or_default();
    let theme = settings
        .get("theme")
        .and_then(|theme| theme.get("base"))
        .cloned();
    shown.insert(
        "ui_theme".to_owned(),
        theme.unwrap_or_else(|| json!("automatic")),
    );
    shown.insert(
        "default_locale".to_owned(),
        settings.get("locale").cloned().unwrap_or_else(|| json!("")),
    );
    let links = state
        .settings
        .get("footer_links")
        .cloned()
        .unwrap_or_else(|| json!([]));
    shown.insert("ui_footer_links".to_owned(), links);
    Ok(Reply::ok(Value::Object(shown)))
}

/// The public flags with their defaults.
fn flags(state: &State) -> Value {
    let names: &[&str] = match state.version {
        Version::V2026_5 => &["flows_continuous_login", "flows_refresh_others"],
        _ => &["policies_buffered_access_view"],
    };
    let set = state.settings.value("flags");
    names
        .iter()
        .map(|name| {
            (
                (*name).to_owned(),
                json!(set.get(name) == Some(&json!(true))),
            )
        })
        .collect::<Row>()
        .into()
}

/// Nothing points at a brand.
pub(crate) fn used_by(state: &mut State, _: &Call, args: &[&str]) -> Outcome {
    crate::resource::addressed::<Brands>(state, args)?;
    Ok(crate::used_by::reply(state, &[]))
}
