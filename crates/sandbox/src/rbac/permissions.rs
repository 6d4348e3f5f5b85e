//! Lists about permissions: all there are, those of roles, and the initial ones.

use super::grants;
use crate::call::Call;
use crate::fields::Field;
use crate::list::{self, no_choice};
use crate::reply::{Outcome, Reply};
use crate::resource::Resource;
use crate::rows::{Columns, Row, pick};
use crate::state::{State, Table};
use crate::version::Version;
use serde_json::{Value, json};

/// `rbac/permissions`.
pub(crate) struct Permissions;

impl Resource for Permissions {
    const TABLE: Table = Table::Permissions;
    const MODEL: &'static str = "Permission";
    const ORDER: &'static [&'static str] = &["place"];
    const SEARCH: &'static [&'static str] = &["codename", "model", "app_label"];

    fn fields(_: &State) -> Vec<Field> {
        Vec::new()
    }

    fn visible(row: &Row) -> bool {
        row.flag("listed")
    }

    fn check_filters(state: &State, call: &Call) -> Result<(), Reply> {
        let Some(role) = call.param("role") else {
            return Ok(());
        };
        if state.by_pk(Table::Roles, &json!(role)).is_some() {
            return Ok(());
        }
        let text = "Select a valid choice. That choice is not one of the available choices.";
        Err(Reply::field("role", text))
    }

    fn filter(state: &State, call: &Call, row: &Row) -> bool {
        [
            ("codename", "codename"),
            ("content_type__app_label", "app_label"),
            ("content_type__model", "model"),
        ]
        .iter()
        .all(|(param, column)| {
            call.param(param)
                .is_none_or(|wanted| row.text(column) == wanted)
        }) && call.param("role").is_none_or(|role| {
            state.rows(Table::Grants).iter().any(|grant| {
                grant.text("role") == role
                    && grant.value("object_pk").is_null()
                    && same_permission(grant, row)
            })
        })
    }

    fn render(_: &State, _: &Call, row: &Row) -> Value {
        let shown = [
            "id",
            "name",
            "codename",
            "model",
            "app_label",
            "app_label_verbose",
            "model_verbose",
        ];
        Value::Object(pick(row, &shown))
    }
}

fn same_permission(grant: &Row, permission: &Row) -> bool {
    ["codename", "app_label"]
        .iter()
        .all(|column| grant.is(column, &permission.value(column)))
}

/// The grants of a role for one object each, or for all.
fn grants_of<'s>(state: &'s State, role: &Value, single: bool) -> impl Iterator<Item = &'s Row> {
    state
        .rows(Table::Grants)
        .iter()
        .filter(move |grant| grant.is("role", role) && grant.value("object_pk").is_null() != single)
}

/// `rbac/permissions/assigned_by_roles`: the roles that have a permission on a model, each with what it has. Only since
/// 2025.12 that names what holds for all objects.
pub(crate) fn assigned_by_roles(state: &mut State, call: &Call, _: &[&str]) -> Outcome {
    let Some(model) = call.param("model") else {
        return Err(Reply::field("model", "This field is required."));
    };
    if !grants::is_model(state, model) {
        return Err(no_choice("model", model));
    }
    let (app, model) = model.split_once('.').unwrap_or_default();
    let object = call.param("object_pk");
    let concerns = |grant: &Row| {
        let pk = grant.get("object_pk").and_then(Value::as_str);
        let everything = state.since(Version::V2026_5) && pk.is_none();
        grant.text("app_label") == app
            && grant.text("model") == model
            && (object.is_none() || object == pk || everything)
    };
    let mut roles: Vec<&Row> = state
        .rows(Table::Roles)
        .iter()
        .filter(|role| {
            let pk = role.value("pk");
            let grants = state.rows(Table::Grants).iter();
            grants
                .into_iter()
                .any(|grant| grant.is("role", &pk) && concerns(grant))
        })
        .collect();
    list::search(&mut roles, call, &["name"]);
    list::order(&mut roles, call, &["name"], None);
    let page = list::paginate(state, call, &roles)?;
    let results = page.rows.iter().map(|role| shown(state, role)).collect();
    Ok(Reply::ok(page.body(state.version, results)))
}

/// A role with its grants.
fn shown(state: &State, role: &Row) -> Value {
    let pk = role.value("pk");
    let columns = ["id", "codename", "model", "app_label", "name"];
    let list = |single: bool| -> Value {
        grants_of(state, &pk, single)
            .map(|grant| {
                let mut shown = pick(grant, &columns);
                if single {
                    shown.insert("object_pk".to_owned(), grant.value("object_pk"));
                }
                Value::Object(shown)
            })
            .collect()
    };
    if state.since(Version::V2026_5) {
        return json!({
            "role_pk": pk,
            "name": role.value("name"),
            "object_permissions": list(true),
            "model_permissions": list(false),
        });
    }
    json!({ "role_pk": pk, "name": role.value("name"), "permissions": list(true) })
}

/// The largest page of the next list that can be asked for.
const LARGEST: usize = 10;

/// `rbac/permissions/roles`: what roles may do with single objects.
pub(crate) fn of_roles(state: &mut State, call: &Call, _: &[&str]) -> Outcome {
    let wanted = call.param("uuid");
    let rows: Vec<&Row> = state
        .rows(Table::Grants)
        .iter()
        .filter(|grant| {
            !grant.value("object_pk").is_null()
                && wanted.is_none_or(|role| grant.text("role") == role)
        })
        .collect();
    let page = list::paginate_up_to(state, call, &rows, Some(LARGEST))?;
    let columns = [
        "id",
        "codename",
        "model",
        "app_label",
        "object_pk",
        "name",
        "app_label_verbose",
        "model_verbose",
    ];
    let results = page
        .rows
        .iter()
        .map(|grant| {
            let mut shown = pick(grant, &columns);
            shown.insert("object_description".to_owned(), described(state, grant));
            Value::Object(shown)
        })
        .collect();
    let mut body = page.body(state.version, results);
    if !state.since(Version::V2026_5)
        && let Some(body) = body.as_object_mut()
    {
        body.remove("autocomplete");
    }
    Ok(Reply::ok(body))
}

/// The name of the object, which only 2026.5 tells.
fn described(state: &State, grant: &Row) -> Value {
    let pk = grant.value("object_pk");
    let tables = [
        Table::Applications,
        Table::Groups,
        Table::Providers,
        Table::Flows,
    ];
    let found = tables.iter().find_map(|table| state.by_pk(*table, &pk));
    found
        .filter(|_| state.since(Version::V2026_5))
        .map_or(Value::Null, |object| object.value("name"))
}

/// `rbac/initial_permissions`: there are none.
pub(crate) fn initial(state: &mut State, call: &Call, _: &[&str]) -> Outcome {
    let nothing: [Row; 0] = [];
    let page = list::paginate(state, call, &nothing)?;
    Ok(Reply::ok(page.body(state.version, Vec::new())))
}
