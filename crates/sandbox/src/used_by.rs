//! `used_by`: what a deletion would touch.

use crate::bindings;
use crate::reply::Reply;
use crate::rows::{Columns, Row};
use crate::state::{State, Table};
use crate::version::Version;
use serde_json::{Value, json};

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Use {
    app: &'static str,
    model: &'static str,
    pk: Value,
    name: String,
    action: &'static str,
}

impl Use {
    /// One object; its key is shown as text whatever its type.
    pub(crate) fn new(app: &'static str, model: &'static str, pk: &Value, name: String, action: &'static str) -> Self {
        let pk = pk.as_str().map_or_else(|| json!(pk.to_string()), |text| json!(text));
        Self { app, model, pk, name, action }
    }
}

/// The answer; 2023.10 writes the actions in capitals.
pub(crate) fn reply(state: &State, uses: &[Use]) -> Reply {
    let action = |action: &str| {
        if state.version == Version::V2023_10 { action.to_uppercase() } else { action.to_owned() }
    };
    Reply::ok(
        uses.iter()
            .map(|item| {
                json!({
                    "app": item.app,
                    "model_name": item.model,
                    "pk": item.pk,
                    "name": item.name,
                    "action": action(item.action),
                })
            })
            .collect(),
    )
}

/// Bindings whose subject (`group`, `user` or `policy`) is the given object.
pub(crate) fn bindings(state: &State, subject: &str, pk: &Value) -> Vec<Use> {
    let mut rows: Vec<&Row> = state.rows(Table::Bindings).iter().filter(|row| row.is(subject, pk)).collect();
    if state.version == Version::V2023_10 {
        rows.sort_by_key(|row| (row.text("target").to_owned(), row.int("order")));
    }
    rows.into_iter()
        .map(|row| {
            Use::new("authentik_policies", "policybinding", &row.value("pk"), bindings::title(state, row), "cascade")
        })
        .collect()
}
