//! Expression policies, as far as bindings need them, and the cache of policy results.
#![expect(clippy::unnecessary_wraps, reason = "all handlers have one signature")]

use crate::call::Call;
use crate::fields::{Field, Kind, NAME};
use crate::reply::{Outcome, Reply};
use crate::resource::{self, Resource};
use crate::rows::{Columns, Row, pick};
use crate::state::{State, Table};
use crate::used_by::{self, Use};
use serde_json::{Value, json};

/// `policies/expression`.
pub(crate) struct Expressions;
/// `policies/all`.
pub(crate) struct All;

impl Resource for Expressions {
    const TABLE: Table = Table::Policies;
    const MODEL: &'static str = "ExpressionPolicy";

    fn fields(_: &State) -> Vec<Field> {
        vec![
            Field::required("name", NAME).unique("Policy with this name already exists."),
            Field::optional("execution_logging", Kind::Bool, json!(false)),
            Field::required("expression", Kind::Python("temp-policy")),
        ]
    }

    fn saved(state: &mut State, _: &Value, _: bool) {
        state.app_lists.clear();
    }

    fn removed(state: &mut State, row: &Row) {
        All::removed(state, row);
    }

    fn render(state: &State, call: &Call, row: &Row) -> Value {
        let mut policy = match All::render(state, call, row) {
            Value::Object(policy) => policy,
            _ => Row::new(),
        };
        policy.insert("expression".to_owned(), row.value("expression"));
        Value::Object(policy)
    }
}

impl Resource for All {
    const TABLE: Table = Table::Policies;
    const MODEL: &'static str = "Policy";

    fn fields(_: &State) -> Vec<Field> {
        Vec::new()
    }

    fn removed(state: &mut State, row: &Row) {
        let pk = row.value("pk");
        state
            .rows_mut(Table::Bindings)
            .retain(|binding| !binding.is("policy", &pk));
    }

    fn filter(state: &State, call: &Call, row: &Row) -> bool {
        call.switch("bindings__isnull")
            .is_none_or(|wanted| (bound_to(state, row) == 0) == wanted)
    }

    fn render(state: &State, _: &Call, row: &Row) -> Value {
        let mut policy = pick(row, &["pk", "name", "execution_logging"]);
        policy.extend(
            [
                ("component", "ak-policy-expression-form"),
                ("verbose_name", "Expression Policy"),
                ("verbose_name_plural", "Expression Policies"),
                (
                    "meta_model_name",
                    "authentik_policies_expression.expressionpolicy",
                ),
            ]
            .map(|(column, value)| (column.to_owned(), json!(value))),
        );
        policy.insert("bound_to".to_owned(), json!(bound_to(state, row)));
        Value::Object(policy)
    }
}

fn bound_to(state: &State, row: &Row) -> usize {
    let pk = row.value("pk");
    state
        .rows(Table::Bindings)
        .iter()
        .filter(|binding| binding.is("policy", &pk))
        .count()
}

pub(crate) fn used_by(state: &mut State, _: &Call, args: &[&str]) -> Outcome {
    let pk = resource::addressed::<Expressions>(state, args)?.value("pk");
    let bound = state
        .rows(Table::Bindings)
        .iter()
        .filter(|binding| binding.is("policy", &pk));
    let uses: Vec<Use> = bound
        .map(|binding| {
            let target = binding.value("target");
            let name = format!("PolicyBindingModel {}", binding.text("target"));
            Use::new(
                "authentik_policies",
                "policybindingmodel",
                &target,
                name,
                "cascade_many",
            )
        })
        .collect();
    Ok(used_by::reply(state, &uses))
}

/// Forgets evaluated results, and with them every application list (T7).
pub(crate) fn cache_clear(state: &mut State, _: &Call, _: &[&str]) -> Outcome {
    state.app_lists.clear();
    Ok(Reply::nothing())
}

/// How many results are kept; the sandbox keeps lists only.
pub(crate) fn cache_info(state: &mut State, _: &Call, _: &[&str]) -> Outcome {
    Ok(Reply::ok(json!({ "count": state.app_lists.len() })))
}
