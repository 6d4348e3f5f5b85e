//! What an operator may not do: make somebody an administrator, of authentik or of Ostiary.

use std::collections::BTreeSet;

use authentik_api::{GroupPk, UserPk, models::Group};
use serde_json::Value;
use setup::change::{Plan, Step};

/// Whether a plan makes a role or a token; or touches a group whose members administer authentik (superusers, or by a
/// role) or Ostiary (`admins`, by name), or
/// one below such a group, since its members count there too; changes the account of such a member, whose e-mail
/// address may be the way to a new password; or makes a superuser group, or one of such a name.
pub(crate) fn is_touched(plan: &Plan, groups: &[Group], admins: &[String]) -> bool {
    let powerful = powerful(groups, admins);
    let (mut words, mut people) = (admins.to_vec(), Vec::new());
    for group in groups.iter().filter(|group| powerful.contains(&group.pk)) {
        words.push(group.pk.to_string());
        people.extend(group.users.iter().map(ToString::to_string));
    }
    plan.steps.iter().any(|step| {
        let request = &step.request;
        let mut values = request.params.iter().chain(&request.body);
        let operation = request.operation.get().id;
        if ["rbac_", "core_tokens_"]
            .iter()
            .any(|of| operation.starts_with(of))
        {
            return true;
        }
        let is_account = operation.starts_with("core_users_");
        let theirs = is_account && request.params.iter().any(|user| is_one_of(user, &people));
        theirs || values.any(|value| mentions(value, &words))
    })
}

/// Whether undoing a plan makes an account or a group again, with the rights that it had: whose, nobody can look up any
/// more.
pub(crate) fn revives(plan: &Plan) -> bool {
    let deletes = |step: &Step| {
        let operation = step.request.operation.get().id;
        ["core_users_destroy", "core_groups_destroy"].contains(&operation)
    };
    plan.steps.iter().any(deletes)
}

/// The accounts that a plan changes: one with a role of its own is a group's member in all but name.
pub(crate) fn accounts(plan: &Plan) -> Vec<UserPk> {
    let theirs = |step: &&Step| {
        let operation = step.request.operation.get().id;
        operation.starts_with("core_users_")
    };
    let params = plan.steps.iter().filter(theirs);
    let params = params.filter_map(|step| step.request.params.first());
    let keys = params.filter_map(|key| serde_json::from_value(key.clone()).ok());
    keys.collect()
}

fn powerful(groups: &[Group], admins: &[String]) -> BTreeSet<GroupPk> {
    let is_top = |group: &&Group| {
        group.is_superuser == Some(true) || !group.roles.is_empty() || admins.contains(&group.name)
    };
    let mut found: BTreeSet<GroupPk> = BTreeSet::new();
    let mut next: Vec<&Group> = groups.iter().filter(is_top).collect();
    while let Some(above) = next.pop() {
        if found.insert(above.pk) {
            next.extend(groups.iter().filter(|group| {
                let mut parents = group.parents.iter().flatten().chain(&group.parent);
                parents.any(|parent| *parent == above.pk)
            }));
        }
    }
    found
}

/// Whether a path parameter, a text or a number, is one of these.
fn is_one_of(value: &Value, texts: &[String]) -> bool {
    match value {
        Value::String(text) => texts.contains(text),
        Value::Number(number) => texts.contains(&number.to_string()),
        _ => false,
    }
}

fn mentions(value: &Value, powerful: &[String]) -> bool {
    match value {
        Value::String(text) => powerful.contains(text),
        Value::Array(values) => values.iter().any(|value| mentions(value, powerful)),
        Value::Object(fields) => fields.iter().any(|(name, value)| {
            (name == "is_superuser" && *value == Value::Bool(true)) || mentions(value, powerful)
        }),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pk(n: u8) -> String {
        format!("00000000-0000-0000-0000-00000000000{n}")
    }

    #[test]
    fn superuser_groups_role_groups_and_those_below_are_powerful() {
        let group = |n: u8, parent: Option<u8>, superuser: bool| {
            json!({ "pk": pk(n), "name": format!("g{n}"), "is_superuser": superuser,
                "parent": parent.map(pk), "users": [] })
        };
        let all = json!([
            group(1, None, true),
            group(2, Some(1), false),
            group(3, None, false),
            group(4, Some(3), false),
            group(5, None, false)
        ]);
        let all: Vec<Group> = serde_json::from_value(all).unwrap();
        let found = powerful(&all, &["g3".to_owned()]);
        let found: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(found, [pk(1), pk(2), pk(3), pk(4)]);
    }

    #[test]
    fn what_undoing_makes_again_is_for_administrators() {
        let plan = |operation: &str| -> Plan {
            let step = json!({ "id": "x", "title": "x", "lines": [], "creates": [],
                "request": { "operation": operation, "params": [7], "body": null } });
            let plan = json!({ "title": "x", "steps": [step], "findings": [],
                "access": { "everyone": false, "groups": [], "people": 0, "sentence": "x" } });
            serde_json::from_value(plan).unwrap()
        };
        assert!(revives(&plan("core_users_destroy")) && revives(&plan("core_groups_destroy")));
        assert!(!revives(&plan("core_users_partial_update")));
        assert_eq!(accounts(&plan("core_users_partial_update")), [UserPk(7)]);
        assert!(is_touched(&plan("core_tokens_create"), &[], &[]));
        assert!(is_touched(&plan("rbac_roles_create"), &[], &[]));
    }

    #[test]
    fn groups_are_found_wherever_a_request_names_them() {
        let powerful = [pk(1)];
        for value in [
            json!(pk(1)),
            json!({ "groups": [pk(2), pk(1)] }),
            json!({ "parent": pk(1) }),
            json!({ "is_superuser": true }),
        ] {
            assert!(mentions(&value, &powerful), "{value}");
        }
        for value in [json!(pk(2)), json!({ "is_superuser": false }), json!(1)] {
            assert!(!mentions(&value, &powerful), "{value}");
        }
    }
}
