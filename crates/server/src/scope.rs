//! What operators may change, where it is not everything: the applications and groups that administrators chose.

use app::model::{OperatorScope, Scoped};
use serde_json::Value;
use setup::change::{Plan, Step};

/// The title of the first step of a plan that is about something else than `scope` holds.
///
/// In a scope are: who belongs to one of its groups, what such a group is called and which of its groups it is below; and
/// what is bound to one of its applications, and the policy mode of such. To make or delete groups, accounts or
/// applications is in none, nor is what is not named here.
pub(crate) fn outside<'p>(plan: &'p Plan, scope: &OperatorScope) -> Option<&'p str> {
    if scope.is_everything() {
        return None;
    }
    let is_outside = |step: &&Step| !holds(scope, step);
    plan.steps
        .iter()
        .find(is_outside)
        .map(|step| step.title.as_str())
}

fn holds(scope: &OperatorScope, step: &Step) -> bool {
    let request = &step.request;
    let body = |field: &str| request.body.as_ref().and_then(|body| body.get(field));
    let before = |field: &str| {
        step.alters
            .as_ref()
            .and_then(|alters| alters.before.get(field))
    };
    let subject = request.params.first();
    match request.operation.get().id {
        "core_groups_add_user_create" | "core_groups_remove_user_create" => {
            is_one(subject, &scope.groups)
        }
        "core_groups_partial_update" => {
            // Below another group, or no longer below one, its members have other rights.
            let ours = |parent: &Value| is_one(Some(parent), &scope.groups);
            let all =
                |above: Option<&Value>| above.is_some_and(|it| each(it).into_iter().all(ours));
            let mut moves = ["parents", "parent"]
                .into_iter()
                .filter(|it| body(it).is_some());
            let stays = moves.all(|field| all(body(field)) && all(before(field)));
            is_one(subject, &scope.groups) && stays
        }
        "core_applications_partial_update" => is_one(before("pk"), &scope.applications),
        "policies_bindings_create" => is_one(body("target"), &scope.applications),
        "policies_bindings_partial_update" | "policies_bindings_destroy" => {
            // A PATCH has to name its target, a deletion names it only in what was seen before.
            let named: Vec<&Value> = [body("target"), before("target")]
                .into_iter()
                .flatten()
                .collect();
            !named.is_empty()
                && named
                    .iter()
                    .all(|target| is_one(Some(target), &scope.applications))
        }
        "policies_all_cache_clear_create" => true,
        _ => false,
    }
}

/// Each of several, or the one; null is none.
fn each(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(values) => values.iter().collect(),
        Value::Null => Vec::new(),
        one => vec![one],
    }
}

/// Whether a value is the key of one of these. What does not exist yet has none.
fn is_one(value: Option<&Value>, of: &[Scoped]) -> bool {
    let key = value.and_then(Value::as_str);
    key.is_some_and(|key| of.iter().any(|known| known.pk == key))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const OURS: &str = "00000000-0000-0000-0000-000000000001";
    const OTHER: &str = "00000000-0000-0000-0000-000000000002";

    fn scope() -> OperatorScope {
        let one = |name: &str| {
            vec![Scoped {
                pk: OURS.to_owned(),
                name: name.to_owned(),
            }]
        };
        OperatorScope {
            applications: one("wiki"),
            groups: one("staff"),
        }
    }

    /// A plan with one step: operation, path parameter, body, and what it saw before.
    fn plan((operation, param, body, before): (&str, Value, Value, Value)) -> Plan {
        let alters = (!before.is_null()).then(|| {
            json!({ "object": "policy_binding", "label": "x", "verb": "change", "before": before })
        });
        let step = json!({
            "id": "x", "title": "The step", "lines": [], "creates": [], "alters": alters,
            "request": { "operation": operation, "params": [param], "body": body },
        });
        let plan = json!({ "title": "x", "steps": [step], "findings": [],
            "access": { "everyone": false, "groups": [], "people": 0, "sentence": "x" } });
        serde_json::from_value(plan).unwrap()
    }

    #[test]
    fn chosen_applications_and_groups_may_be_changed() {
        let none = Value::Null;
        for step in [
            (
                "core_groups_add_user_create",
                json!(OURS),
                json!({ "pk": 7 }),
                none.clone(),
            ),
            (
                "core_groups_remove_user_create",
                json!(OURS),
                json!({ "pk": 7 }),
                none.clone(),
            ),
            (
                "core_groups_partial_update",
                json!(OURS),
                json!({ "name": "x" }),
                none.clone(),
            ),
            (
                "core_groups_partial_update",
                json!(OURS),
                json!({ "parents": [] }),
                json!({ "parents": [OURS] }),
            ),
            (
                "core_groups_partial_update",
                json!(OURS),
                json!({ "parent": null }),
                json!({ "parent": null }),
            ),
            (
                "core_groups_partial_update",
                json!(OURS),
                json!({ "parents": [OURS] }),
                json!({ "parents": [] }),
            ),
            (
                "core_applications_partial_update",
                json!("any-slug"),
                json!({ "policy_engine_mode": "all" }),
                json!({ "pk": OURS }),
            ),
            (
                "policies_bindings_create",
                json!(null),
                json!({ "target": OURS, "group": OTHER }),
                none.clone(),
            ),
            (
                "policies_bindings_destroy",
                json!(OTHER),
                none.clone(),
                json!({ "target": OURS }),
            ),
            (
                "policies_bindings_partial_update",
                json!(OTHER),
                json!({ "target": OURS }),
                none.clone(),
            ),
            (
                "policies_all_cache_clear_create",
                json!(null),
                none.clone(),
                none.clone(),
            ),
        ] {
            assert_eq!(outside(&plan(step.clone()), &scope()), None, "{step:?}");
        }
    }

    #[test]
    fn groups_and_accounts_beyond_the_scope_stay_as_they_are() {
        let none = Value::Null;
        let new = json!({ "$from": "application" });
        refused(&[
            (
                "core_groups_add_user_create",
                json!(OTHER),
                json!({ "pk": 7 }),
                none.clone(),
            ),
            (
                "core_groups_add_user_create",
                new,
                json!({ "pk": 7 }),
                none.clone(),
            ),
            (
                "core_groups_partial_update",
                json!(OTHER),
                json!({ "name": "x" }),
                none.clone(),
            ),
            (
                "core_groups_partial_update",
                json!(OURS),
                json!({ "parents": [OURS, OTHER] }),
                json!({ "parents": [OURS] }),
            ),
            (
                "core_groups_partial_update",
                json!(OURS),
                json!({ "parent": OTHER }),
                json!({ "parent": null }),
            ),
            // To leave a group takes from its members what that one opens.
            (
                "core_groups_partial_update",
                json!(OURS),
                json!({ "parents": [] }),
                json!({ "parents": [OTHER] }),
            ),
            (
                "core_groups_partial_update",
                json!(OURS),
                json!({ "parents": [] }),
                none.clone(),
            ),
            (
                "core_groups_create",
                none.clone(),
                json!({ "name": "x" }),
                none.clone(),
            ),
            (
                "core_groups_destroy",
                json!(OURS),
                none.clone(),
                none.clone(),
            ),
            (
                "core_users_create",
                none.clone(),
                json!({ "username": "x" }),
                none.clone(),
            ),
            (
                "core_users_partial_update",
                json!(7),
                json!({ "email": "x" }),
                none.clone(),
            ),
            ("core_users_destroy", json!(7), none.clone(), none.clone()),
        ]);
    }

    #[test]
    fn applications_and_bindings_beyond_the_scope_stay_as_they_are() {
        let none = Value::Null;
        let new = json!({ "$from": "application" });
        let (ours, other) = (json!({ "target": OURS }), json!({ "target": OTHER }));
        refused(&[
            (
                "core_applications_partial_update",
                json!("wiki"),
                json!({ "policy_engine_mode": "all" }),
                json!({ "pk": OTHER }),
            ),
            (
                "core_applications_destroy",
                json!("wiki"),
                none.clone(),
                none.clone(),
            ),
            (
                "core_transactional_applications_update",
                none.clone(),
                json!({ "app": {} }),
                none.clone(),
            ),
            (
                "policies_bindings_create",
                none.clone(),
                json!({ "target": OTHER, "group": OURS }),
                none.clone(),
            ),
            (
                "policies_bindings_create",
                none.clone(),
                json!({ "target": new }),
                none.clone(),
            ),
            (
                "policies_bindings_destroy",
                json!(OURS),
                none.clone(),
                none.clone(),
            ),
            (
                "policies_bindings_destroy",
                json!(OURS),
                none,
                other.clone(),
            ),
            (
                "policies_bindings_partial_update",
                json!(OURS),
                ours.clone(),
                other.clone(),
            ),
            ("policies_bindings_partial_update", json!(OURS), other, ours),
        ]);
    }

    fn refused(steps: &[(&str, Value, Value, Value)]) {
        for step in steps {
            let plan = plan(step.clone());
            assert_eq!(outside(&plan, &scope()), Some("The step"), "{step:?}");
            assert_eq!(outside(&plan, &OperatorScope::default()), None);
        }
    }
}
