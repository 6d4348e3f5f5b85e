//! `policies/bindings`, with their traps: T12 (PATCH), T22 (ignored filters), T23 (two identifiers of a target).

use crate::call::Call;
use crate::fields::{Field, Kind, Mode};
use crate::groups;
use crate::policies;
use crate::reply::{Outcome, Reply};
use crate::resource::Resource;
use crate::rows::{Columns, Row, pick};
use crate::state::{State, Table};
use crate::users;
use crate::values::{unknown, uuid_text};
use crate::version::Version;
use serde_json::{Value, json};

pub(crate) struct Bindings;

impl Resource for Bindings {
    const TABLE: Table = Table::Bindings;
    const MODEL: &'static str = "PolicyBinding";
    const SEARCH: &'static [&'static str] = &[];
    const ORDERABLE: Option<&'static [&'static str]> = Some(&["order", "pk", "target__uuid"]);

    fn order(version: Version) -> &'static [&'static str] {
        if version == Version::V2023_10 {
            &["target", "order"]
        } else {
            &["order", "pk"]
        }
    }

    fn fields(_: &State) -> Vec<Field> {
        vec![
            Field::reference("policy", Table::Policies),
            Field::reference("group", Table::Groups),
            Field::reference("user", Table::Users),
            Field::required("target", Kind::Any),
            Field::optional("negate", Kind::Bool, json!(false)),
            Field::optional("enabled", Kind::Bool, json!(true)),
            Field::required("order", Kind::Int { min: None }),
            Field::optional("timeout", Kind::Int { min: Some(0) }, json!(30)),
            Field::optional("failure_result", Kind::Bool, json!(false)),
        ]
    }

    fn check(state: &mut State, new: &mut Row, old: Option<&Row>, _: Mode) -> Result<(), Reply> {
        if let Some(target) = new.get("target") {
            let bound =
                target_of(state, target).map_err(|error| Reply::bad(json!({ "target": error })))?;
            new.insert("target".to_owned(), bound);
        } else if state.since(Version::V2025_10) {
            // The rule looks at the target that a PATCH did not send (T12).
            return Err(Reply::crash());
        }
        subjects(state.version, new)?;
        let merged = |column: &str| {
            new.get(column)
                .or_else(|| old.and_then(|old| old.get(column)))
                .cloned()
        };
        let twin = state.rows(Table::Bindings).iter().any(|row| {
            let same = |column: &str| row.get(column).cloned() == merged(column);
            !row.value("policy").is_null()
                && old.is_none_or(|old| !old.is("pk", &row.value("pk")))
                && ["policy", "target", "order"]
                    .iter()
                    .all(|column| same(column))
        });
        if twin {
            let text = "The fields policy, target, order must make a unique set.";
            return Err(Reply::field("non_field_errors", text));
        }
        Ok(())
    }

    fn saved(state: &mut State, _: &Value, _: bool) {
        state.app_lists.clear();
    }

    fn check_filters(state: &State, call: &Call) -> Result<(), Reply> {
        for param in ["target", "target_in"] {
            for text in call.params(param) {
                let value = json!(text);
                uuid_text(&value).map_err(|error| Reply::bad(json!({ param: error })))?;
                // Only the identifier of the bindable part counts, not a flow's own key (T23).
                if !is_bindable(state, &value) {
                    let message = if param == "target" {
                        "Select a valid choice. That choice is not one of the available choices."
                            .to_owned()
                    } else {
                        format!(
                            "Select a valid choice. {text} is not one of the available choices."
                        )
                    };
                    return Err(Reply::field(param, &message));
                }
            }
        }
        Ok(())
    }

    fn filter(state: &State, call: &Call, row: &Row) -> bool {
        let mut any_of = call.params("target_in").peekable();
        ["policy", "target"].iter().all(|column| {
            call.param(column)
                .is_none_or(|wanted| row.text(column) == wanted)
        }) && (any_of.peek().is_none() || any_of.any(|wanted| row.text("target") == wanted))
            && call
                .param("search")
                .is_none_or(|words| policy_name_has(state, row, words))
            && call
                .switch("policy__isnull")
                .is_none_or(|wanted| row.value("policy").is_null() == wanted)
            && call
                .switch("enabled")
                .is_none_or(|wanted| row.flag("enabled") == wanted)
            && ["order", "timeout"].iter().all(|column| {
                call.param(column).is_none_or(|wanted| {
                    row.int(column)
                        .is_some_and(|number| number.to_string() == wanted)
                })
            })
    }

    fn render(state: &State, call: &Call, row: &Row) -> Value {
        let mut binding = pick(
            row,
            &[
                "pk",
                "policy",
                "group",
                "user",
                "negate",
                "enabled",
                "order",
                "timeout",
                "failure_result",
            ],
        );
        let short = state.since(Version::V2026_5);
        let group = state
            .by_pk(Table::Groups, &row.value("group"))
            .map(|group| {
                if short {
                    Value::Object(groups::of_user(state, group))
                } else {
                    groups::full(state, group, groups::Include::USERS)
                }
            });
        let user = state.by_pk(Table::Users, &row.value("user")).map(|user| {
            if short {
                users::partial(user)
            } else {
                users::full(state, user, true)
            }
        });
        let policy = state
            .by_pk(Table::Policies, &row.value("policy"))
            .map(|p| policies::Expressions::render(state, call, p));
        binding.insert("group_obj".to_owned(), group.unwrap_or_default());
        binding.insert("user_obj".to_owned(), user.unwrap_or_default());
        binding.insert("policy_obj".to_owned(), policy.unwrap_or_default());
        let flow = state.find(
            Table::Flows,
            "policybindingmodel_ptr_id",
            &row.value("target"),
        );
        binding.insert(
            "target".to_owned(),
            flow.map_or_else(|| row.value("target"), |flow| flow.value("pk")),
        );
        Value::Object(binding)
    }
}

/// `search` looks at the name of the policy alone.
fn policy_name_has(state: &State, row: &Row, words: &str) -> bool {
    let name = state
        .by_pk(Table::Policies, &row.value("policy"))
        .map(|policy| policy.text("name").to_lowercase());
    name.is_some_and(|name| {
        words
            .to_lowercase()
            .split_whitespace()
            .all(|word| name.contains(word))
    })
}

/// Exactly one of policy, group and user in the body, whatever is stored already.
fn subjects(version: Version, new: &Row) -> Result<(), Reply> {
    let given = ["group", "policy", "user"]
        .iter()
        .filter(|column| !new.value(column).is_null())
        .count();
    let (list, verb) = match given {
        1 => return Ok(()),
        0 => ("One", "must"),
        _ => ("Only one", "can"),
    };
    let names = if version == Version::V2023_10 {
        "'policy', 'group' or 'user'"
    } else {
        "'group', 'policy', 'user'"
    };
    Err(Reply::field(
        "non_field_errors",
        &format!("{list} of {names} {verb} be set."),
    ))
}

/// The bindable identifier that a `target` stands for: an application's key, either key of a flow.
fn target_of(state: &State, target: &Value) -> Result<Value, Value> {
    uuid_text(target)?;
    if is_bindable(state, target) {
        return Ok(target.clone());
    }
    state
        .by_pk(Table::Flows, target)
        .map(|flow| flow.value("policybindingmodel_ptr_id"))
        .ok_or_else(|| unknown(target))
}

fn is_bindable(state: &State, uuid: &Value) -> bool {
    state.by_pk(Table::Applications, uuid).is_some()
        || state
            .find(Table::Flows, "policybindingmodel_ptr_id", uuid)
            .is_some()
}

/// How messages and `used_by` call a binding.
pub(crate) fn title(state: &State, row: &Row) -> String {
    let named = |table, column: &str| {
        state
            .by_pk(table, &row.value(column))
            .map(|found| found.text("name"))
    };
    let target = named(Table::Applications, "target").map_or_else(
        || {
            let flow = state.find(
                Table::Flows,
                "policybindingmodel_ptr_id",
                &row.value("target"),
            );
            flow.map(|flow| format!("Flow {}", flow.text("slug")))
                .unwrap_or_default()
        },
        str::to_owned,
    );
    let subject = [
        ("Group", Table::Groups, "group"),
        ("User", Table::Users, "user"),
        ("Policy", Table::Policies, "policy"),
    ]
    .into_iter()
    .find_map(|(word, table, column)| named(table, column).map(|name| format!("{word} {name}")))
    .unwrap_or_default();
    format!(
        "Binding from {target} #{} to {subject}",
        row.int("order").unwrap_or_default()
    )
}

/// A binding itself is used by nothing.
pub(crate) fn used_by(state: &mut State, _: &Call, args: &[&str]) -> Outcome {
    crate::resource::addressed::<Bindings>(state, args)?;
    Ok(crate::used_by::reply(state, &[]))
}
