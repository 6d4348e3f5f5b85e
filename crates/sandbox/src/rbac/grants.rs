//! Which role has which permission: storing it, `assign` and `unassign`.

use super::Roles;
use crate::call::Call;
use crate::mint;
use crate::reply::{Outcome, Reply};
use crate::resource;
use crate::rows::{Columns, Row, pick};
use crate::state::{State, Table};
use crate::version::Version;
use serde_json::{Value, json};

/// A permission by application and codename (`authentik_core.view_user`).
pub(crate) fn find<'s>(state: &'s State, permission: &str) -> Option<&'s Row> {
    let (app, codename) = permission.split_once('.')?;
    state
        .rows(Table::Permissions)
        .iter()
        .find(|row| row.text("codename") == codename && row.text("app_label") == app)
}

/// Whether there is such a model (`authentik_core.application`).
pub(crate) fn is_model(state: &State, model: &str) -> bool {
    model.split_once('.').is_some_and(|(app, model)| {
        let permissions = state.rows(Table::Permissions);
        permissions
            .iter()
            .any(|row| row.text("app_label") == app && row.text("model") == model)
    })
}

/// Gives a permission to a role, for one object or (null) for all. Gives the number of the grant.
pub(crate) fn give(state: &mut State, role: &Value, permission: &Row, object: &Value) -> i64 {
    let same = |grant: &&Row| {
        grant.is("role", role)
            && grant.is("object_pk", object)
            && grant.is("codename", &permission.value("codename"))
            && grant.is("app_label", &permission.value("app_label"))
    };
    let grants = state.rows(Table::Grants);
    if let Some(known) = grants.iter().find(same) {
        return known.int("id").unwrap_or_default();
    }
    // Those for one object are counted apart.
    let single = !object.is_null();
    let number = 1 + grants
        .iter()
        .filter(|grant| single != grant.value("object_pk").is_null())
        .filter_map(|grant| grant.int("id"))
        .max()
        .unwrap_or_default();
    let mut grant = pick(
        permission,
        &[
            "codename",
            "model",
            "app_label",
            "name",
            "app_label_verbose",
            "model_verbose",
        ],
    );
    let key = mint::derived(&format!("grant {single} {number}"));
    for (column, value) in [
        ("pk", json!(key)),
        ("id", json!(number)),
        ("role", role.clone()),
        ("object_pk", object.clone()),
    ] {
        grant.insert(column.to_owned(), value);
    }
    state.rows_mut(Table::Grants).push(grant);
    number
}

/// What `assign` and `unassign` are asked for.
struct Asked {
    role: Value,
    permissions: Vec<Row>,
    object: Value,
}

fn asked(state: &State, call: &Call, args: &[&str]) -> Result<Asked, Reply> {
    let role = resource::addressed::<Roles>(state, args)?.value("pk");
    let body = call.json(state.version)?;
    let Some(wanted) = body.get("permissions") else {
        return Err(Reply::field("permissions", "This field is required."));
    };
    let Some(wanted) = wanted.as_array() else {
        let kind = crate::values::python_type(wanted);
        let text = format!("Expected a list of items but got type \"{kind}\".");
        return Err(Reply::field("permissions", &text));
    };
    if let Some(model) = body.get("model").and_then(Value::as_str)
        && !is_model(state, model)
    {
        let text = format!("\"{model}\" is not a valid choice.");
        return Err(Reply::field("model", &text));
    }
    // One that is not known breaks the whole call, before anything is stored.
    let permissions: Option<Vec<Row>> = wanted
        .iter()
        .map(|text| find(state, text.as_str()?).cloned())
        .collect();
    Ok(Asked {
        role,
        permissions: permissions.ok_or_else(Reply::crash)?,
        object: body.get("object_pk").cloned().unwrap_or_default(),
    })
}

/// Up to 2024.6 an empty answer, later the numbers: of the permissions, or since 2025.12 of the grants.
pub(crate) fn assign(state: &mut State, call: &Call, args: &[&str]) -> Outcome {
    let asked = asked(state, call, args)?;
    state.mint.tick();
    let mut numbers = Vec::new();
    for permission in &asked.permissions {
        let grant = give(state, &asked.role, permission, &asked.object);
        let number = if state.since(Version::V2026_5) || !asked.object.is_null() {
            grant
        } else {
            permission.int("id").unwrap_or_default()
        };
        numbers.push(json!({ "id": number.to_string() }));
    }
    if state.version == Version::V2023_10 {
        return Ok(Reply::nothing());
    }
    Ok(Reply::ok(Value::Array(numbers)))
}

pub(crate) fn unassign(state: &mut State, call: &Call, args: &[&str]) -> Outcome {
    let asked = asked(state, call, args)?;
    state.mint.tick();
    state.rows_mut(Table::Grants).retain(|grant| {
        let named = asked.permissions.iter().any(|permission| {
            ["codename", "app_label"]
                .iter()
                .all(|column| grant.is(column, &permission.value(column)))
        });
        !(named && grant.is("role", &asked.role) && grant.is("object_pk", &asked.object))
    });
    Ok(Reply::nothing())
}
