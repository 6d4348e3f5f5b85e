//! `used_by`: what a deletion would touch.

use crate::bindings;
use crate::call::Call;
use crate::groups::{self, Groups};
use crate::mint;
use crate::reply::{Outcome, Reply};
use crate::resource;
use crate::rows::{Columns, Row};
use crate::state::{State, Table, parents};
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
    pub(crate) fn new(
        app: &'static str,
        model: &'static str,
        pk: &Value,
        name: String,
        action: &'static str,
    ) -> Self {
        let pk = pk
            .as_str()
            .map_or_else(|| json!(pk.to_string()), |text| json!(text));
        Self {
            app,
            model,
            pk,
            name,
            action,
        }
    }
}

/// The answer; 2023.10 writes the actions in capitals.
pub(crate) fn reply(state: &State, uses: &[Use]) -> Reply {
    let action = |action: &str| {
        if state.version == Version::V2023_10 {
            action.to_uppercase()
        } else {
            action.to_owned()
        }
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
pub(crate) fn bindings_of(state: &State, subject: &str, pk: &Value) -> Vec<Use> {
    let rows = state
        .rows(Table::Bindings)
        .iter()
        .filter(|row| row.is(subject, pk));
    rows.map(|row| {
        Use::new(
            "authentik_policies",
            "policybinding",
            &row.value("pk"),
            bindings::title(state, row),
            "cascade",
        )
    })
    .collect()
}

/// What a group is used by.
pub(crate) fn group(state: &mut State, _: &Call, args: &[&str]) -> Outcome {
    let row = resource::addressed::<Groups>(state, args)?;
    let pk = row.value("pk");
    let mut uses = Vec::new();
    if state.since(Version::V2026_5) {
        uses.extend(ancestry(state, row));
    } else {
        for child in state
            .rows(Table::Groups)
            .iter()
            .filter(|other| other.is("parent", &pk))
        {
            let name = format!("Group {}", child.text("name"));
            uses.push(Use::new(
                "authentik_core",
                "group",
                &child.value("pk"),
                name,
                "set_null",
            ));
        }
    }
    uses.extend(bindings_of(state, "group", &pk));
    for user in groups::members(state, row) {
        let name = user.text("username").to_owned();
        uses.push(Use::new(
            "authentik_core",
            "user",
            &user.value("pk"),
            name,
            "cascade_many",
        ));
    }
    Ok(reply(state, &uses))
}

/// Since 2025.12 parents are links of their own, and a table of all ancestors goes along with them.
fn ancestry(state: &State, row: &Row) -> Vec<Use> {
    let own = row.text("pk");
    let link = |child: &str, parent: &str| {
        Use::new(
            "authentik_core",
            "groupparentagenode",
            &json!(mint::derived(&format!("{child} {parent}"))),
            format!("Group Parentage Node from #{child} to {parent}"),
            "cascade",
        )
    };
    let closure = |child: &str, parent: &str| {
        Use::new(
            "authentik_core",
            "groupancestrynode",
            &json!(format!("{child}-{parent}")),
            format!("Group Ancestry Node from {child} to {parent}"),
            "cascade",
        )
    };
    let group = |other: &Row| {
        let name = format!("Group {}", other.text("name"));
        Use::new(
            "authentik_core",
            "group",
            &other.value("pk"),
            name,
            "cascade_many",
        )
    };
    let parents: Vec<&Row> = parents(row)
        .iter()
        .filter_map(|pk| state.by_pk(Table::Groups, pk))
        .collect();
    let children = state
        .rows(Table::Groups)
        .iter()
        .filter(|other| other.items("parents").contains(&json!(own)));
    let mut uses: Vec<Use> = parents
        .iter()
        .map(|parent| closure(own, parent.text("pk")))
        .collect();
    for child in children {
        uses.push(link(child.text("pk"), own));
        uses.push(group(child));
        uses.push(closure(child.text("pk"), own));
    }
    for parent in parents {
        uses.push(link(own, parent.text("pk")));
        uses.push(group(parent));
    }
    uses
}
