//! Who may open what: the sandbox's own evaluator of policy bindings, written from the recordings.
//!
//! Nothing here looks at `is_superuser`: superusers need a binding like everybody else (T2).
//!
//! | versions | how group and user bindings count |
//! |---|---|
//! | up to 2025.6 | each binding gives one result, like a policy |
//! | 2025.8 to 2025.12 | all of them together give one result: at least one passes, in either mode (T3) |
//! | from 2026.2 | all of them together give one result: one passes in mode `any`, all pass in mode `all` |
//!
//! Without any result an application is open, unless the flag `core_default_app_access` (from 2026.5) is off (T4).

use crate::expression::{self, Ending, Person};
use crate::rows::{Columns, Row};
use crate::state::{State, Table};
use crate::version::Version;
use serde_json::{Value, json};

/// The answer, with what the policies said meanwhile.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Verdict {
    pub(crate) passing: bool,
    pub(crate) messages: Vec<String>,
    /// Bindings whose policy raised, with the text of the exception.
    pub(crate) raised: Vec<(Row, String)>,
}

/// One binding's result before the mode combines them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Result {
    /// From a group or a user.
    Static(bool),
    /// From a policy.
    Policy(bool),
}

/// Whether the user may open the application.
pub(crate) fn may_open(state: &State, application: &Row, user: i64) -> Verdict {
    let target = application.value("pk");
    let mut bindings: Vec<&Row> = state
        .rows(Table::Bindings)
        .iter()
        .filter(|row| row.is("target", &target) && row.flag("enabled"))
        .collect();
    bindings.sort_by_key(|row| row.int("order"));
    let mut verdict = Verdict::default();
    let results: Vec<Result> = bindings
        .into_iter()
        .map(|row| one(state, row, user, &mut verdict))
        .collect();
    let all = application.text("policy_engine_mode") == "all";
    verdict.passing =
        combine(state.version, all, &results).unwrap_or_else(|| open_by_default(state));
    verdict
}

/// An absent flag counts as on.
fn open_by_default(state: &State) -> bool {
    !state.since(Version::V2026_5)
        || state
            .settings
            .get("flags")
            .and_then(|flags| flags.get("core_default_app_access"))
            != Some(&json!(false))
}

fn one(state: &State, binding: &Row, user: i64, verdict: &mut Verdict) -> Result {
    let negate = binding.flag("negate");
    if let Some(policy) = state.by_pk(Table::Policies, &binding.value("policy")) {
        let run = expression::policy(policy.text("expression"), &person(state, user));
        verdict.messages.extend(run.messages);
        return Result::Policy(match run.ending {
            Ending::Returned(passing) => passing != negate,
            // A policy that fails gives the binding's failure result, and that one is never negated.
            Ending::Raised(text) => {
                verdict.messages.push(text.clone());
                verdict.raised.push((binding.clone(), text));
                binding.flag("failure_result")
            }
            Ending::Unsupported => binding.flag("failure_result"),
        });
    }
    let group = binding.get("group").filter(|pk| !pk.is_null());
    let member =
        group.is_some_and(|pk| state.groups_of(user).iter().any(|group| group.is("pk", pk)));
    let named = binding.is("user", &json!(user));
    // With both set, 2023.10 looks at the group alone; later either suffices.
    let passing = if group.is_some() && state.version == Version::V2023_10 {
        member
    } else {
        member || named
    };
    Result::Static(passing != negate)
}

/// Combines the results of the enabled bindings; nothing where there is none.
fn combine(version: Version, all: bool, results: &[Result]) -> Option<bool> {
    let over = |values: &[bool], all: bool| -> Option<bool> {
        (!values.is_empty()).then(|| {
            if all {
                values.iter().all(|v| *v)
            } else {
                values.iter().any(|v| *v)
            }
        })
    };
    let statics: Vec<bool> = results
        .iter()
        .filter_map(|r| {
            if let Result::Static(v) = r {
                Some(*v)
            } else {
                None
            }
        })
        .collect();
    let policies: Vec<bool> = results
        .iter()
        .filter_map(|r| {
            if let Result::Policy(v) = r {
                Some(*v)
            } else {
                None
            }
        })
        .collect();
    let mut values = match version {
        Version::V2023_10 => statics,
        Version::V2025_10 => over(&statics, false).into_iter().collect(),
        Version::V2026_5 => over(&statics, all).into_iter().collect(),
    };
    values.extend(policies);
    over(&values, all)
}

/// What expressions see of a user.
pub(crate) fn person(state: &State, user: i64) -> Person<'_> {
    let row = state.user(user);
    let text = |column: &str| row.map(|row| row.text(column)).unwrap_or_default();
    Person {
        username: text("username"),
        name: text("name"),
        email: text("email"),
        groups: crate::users::direct_groups(state, &json!(user))
            .iter()
            .map(|group| group.text("name"))
            .collect(),
        all_groups: state
            .groups_of(user)
            .iter()
            .map(|group| group.text("name"))
            .collect(),
    }
}

/// The body of `check_access`.
pub(crate) fn body(state: &State, verdict: &Verdict, application: &Row) -> Value {
    let logs: Vec<Value> = verdict
        .raised
        .iter()
        .map(|(binding, text)| log_entry(state, binding, text, application))
        .collect();
    json!({ "passing": verdict.passing, "messages": verdict.messages, "log_messages": logs })
}

/// The line a raising policy leaves: a free object up to 2024.2, a log event with attributes later.
fn log_entry(state: &State, binding: &Row, text: &str, application: &Row) -> Value {
    let what = json!({
        "action": "policy_exception",
        "context": {
            "message": text,
            "policy_uuid": binding.text("policy").replace('-', ""),
            "binding": {
                "app": "authentik_policies",
                "model_name": "policybinding",
                "pk": binding.text("pk").replace('-', ""),
                "name": crate::bindings::title(state, binding),
            },
            "request": { "obj": { "app": "authentik_core", "model_name": "application", "name": application.value("name") } },
        },
    });
    if state.version == Version::V2023_10 {
        let mut line = crate::rows::row(what);
        line.insert("event".to_owned(), json!("Created Event"));
        line.insert("log_level".to_owned(), json!("info"));
        return Value::Object(line);
    }
    json!({
        "timestamp": state.mint.peek(),
        "log_level": "info",
        "logger": "authentik.events.models",
        "event": "Created Event",
        "attributes": what,
    })
}

#[cfg(test)]
mod tests {
    use super::Result::{Policy, Static};
    use super::*;

    #[test]
    fn no_binding_no_result() {
        for version in Version::ALL {
            assert_eq!(combine(version, true, &[]), None);
            assert_eq!(combine(version, false, &[]), None);
        }
    }

    #[test]
    fn mode_all_through_the_ages() {
        let mixed = [Static(true), Static(false)];
        assert_eq!(combine(Version::V2023_10, true, &mixed), Some(false));
        assert_eq!(combine(Version::V2025_10, true, &mixed), Some(true), "T3");
        assert_eq!(combine(Version::V2026_5, true, &mixed), Some(false));
    }

    #[test]
    fn policies_count_singly() {
        for version in Version::ALL {
            assert_eq!(
                combine(version, true, &[Static(true), Policy(true), Policy(false)]),
                Some(false)
            );
            assert_eq!(
                combine(
                    version,
                    false,
                    &[Static(false), Policy(true), Policy(false)]
                ),
                Some(true)
            );
        }
    }
}
