//! Scope mappings (`propertymappings/scope`, since 2024.8 `propertymappings/provider/scope`).

use crate::call::Call;
use crate::fields::{Field, Kind, NAME, TEXT};
use crate::list::no_choice;
use crate::reply::{Outcome, Reply};
use crate::resource::{self, Resource};
use crate::rows::{Columns, Row, pick};
use crate::state::{State, Table};
use crate::used_by::{self, Use};
use crate::version::Version;
use serde_json::{Value, json};

pub(crate) struct Scopes;

impl Resource for Scopes {
    const TABLE: Table = Table::Mappings;
    const MODEL: &'static str = "ScopeMapping";
    const ORDER: &'static [&'static str] = &["scope_name"];
    const SEARCH: &'static [&'static str] = &["name", "scope_name"];

    fn fields(_: &State) -> Vec<Field> {
        vec![
            Field::optional("managed", TEXT, Value::Null).null(),
            Field::required("name", NAME).unique("Property Mapping with this name already exists."),
            Field::required("expression", Kind::Python("None")),
            Field::required("scope_name", NAME),
            Field::optional("description", TEXT, json!("")),
        ]
    }

    fn removed(state: &mut State, row: &Row) {
        let pk = row.value("pk");
        for provider in state.rows_mut(Table::Providers) {
            if let Some(Value::Array(mappings)) = provider.get_mut("property_mappings") {
                mappings.retain(|mapping| *mapping != pk);
            }
        }
    }

    fn check_filters(state: &State, call: &Call) -> Result<(), Reply> {
        let unknown = call
            .params("managed")
            .find(|m| state.find(Table::Mappings, "managed", &json!(m)).is_none());
        unknown.map_or(Ok(()), |name| Err(no_choice("managed", name)))
    }

    fn filter(state: &State, call: &Call, row: &Row) -> bool {
        let mut managed = call.params("managed").peekable();
        let exact = ["name", "scope_name"]
            .iter()
            .all(|c| call.param(c).is_none_or(|wanted| row.text(c) == wanted));
        exact
            && (managed.peek().is_none() || managed.any(|wanted| row.text("managed") == wanted))
            && (state.version == Version::V2023_10
                || call
                    .switch("managed__isnull")
                    .is_none_or(|wanted| row.value("managed").is_null() == wanted))
    }

    fn render(state: &State, _: &Call, row: &Row) -> Value {
        let component = if state.version == Version::V2023_10 {
            "ak-property-mapping-scope-form"
        } else {
            "ak-property-mapping-provider-scope-form"
        };
        let mut mapping = pick(
            row,
            &[
                "pk",
                "managed",
                "name",
                "expression",
                "scope_name",
                "description",
            ],
        );
        mapping.extend(
            [
                ("component", component),
                ("verbose_name", "Scope Mapping"),
                ("verbose_name_plural", "Scope Mappings"),
                ("meta_model_name", "authentik_providers_oauth2.scopemapping"),
            ]
            .map(|(column, value)| (column.to_owned(), json!(value))),
        );
        Value::Object(mapping)
    }
}

pub(crate) fn used_by(state: &mut State, _: &Call, args: &[&str]) -> Outcome {
    let pk = resource::addressed::<Scopes>(state, args)?.value("pk");
    let providers = state
        .rows(Table::Providers)
        .iter()
        .filter(|p| p.items("property_mappings").contains(&pk));
    let uses: Vec<Use> = providers
        .map(|p| {
            Use::new(
                "authentik_core",
                "provider",
                &p.value("pk"),
                p.text("name").to_owned(),
                "cascade_many",
            )
        })
        .collect();
    Ok(used_by::reply(state, &uses))
}
