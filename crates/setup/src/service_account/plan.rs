use std::collections::BTreeMap;

use authentik_api::{OperationId, operation::named};
use serde_json::{Value, json};

use super::{FEATURES, Rights, ServiceAccount, World, permissions::known};
use crate::{
    FieldErrors,
    change::{AccessSummary, Creation, Find, Line, Object, Plan, PlannedRequest, Step, reference},
    finding::{Finding, Severity},
};

/// Folder of the account, as authentik calls that of service accounts.
const PATH: &str = "goauthentik.io/service-accounts";

/// Plans a service account with its rights and a token.
///
/// # Errors
/// What is wrong with the draft, field by field: by itself, or against the server.
pub fn plan(draft: &ServiceAccount, world: &World) -> Result<Plan, FieldErrors> {
    check(draft, world)?;
    let mut steps = Vec::new();
    if draft.rights == Rights::SetUp {
        steps.extend([role(draft), permissions(world)]);
    }
    steps.extend([user(draft), group(draft), membership(draft), token(draft)]);
    Ok(Plan {
        title: format!("Make the service account “{}”", draft.username.trim()),
        steps,
        findings: findings(draft),
        access: AccessSummary {
            everyone: false,
            groups: Vec::new(),
            people: None,
            sentence:
                "Nobody’s access changes: the account has no password, and only its token is used."
                    .to_owned(),
        },
        diff: None,
        confirm: None,
    })
}

fn check(draft: &ServiceAccount, world: &World) -> Result<(), FieldErrors> {
    let mut errors = draft.validate().err().unwrap_or_default();
    if !world.taken.is_empty() {
        errors.add(
            "username",
            format!(
                "There is already a {} of this name. Choose another name, or delete what is there in authentik.",
                world.taken.join(", a ")
            ),
        );
    }
    if !world.superuser {
        errors.add(
            "rights",
            "The token that Ostiary has now is no superuser’s, and authentik lets nobody else make roles and tokens of \
             others. Enter a superuser’s token first.",
        );
    } else if draft.rights == Rights::SetUp && !world.capabilities.transactional_bindings {
        errors.add(
            "rights",
            format!(
                "authentik {} lets only superusers set applications up: such permissions are of use from 2024.12 on.",
                world.capabilities.version
            ),
        );
    }
    errors.into_result(())
}

fn findings(draft: &ServiceAccount) -> Vec<Finding> {
    let mut findings = vec![match draft.rights {
        Rights::SetUp => Finding::new(
            Severity::Warning,
            "no-answers-about-access",
            "Who may open what is not shown with this token",
            "authentik answers that to superusers only, whatever the permissions: Access, People, Groups and their \
             change sets are closed then, and the list of applications may be short. Set-ups, their checks without \
             other people, and undoing them go on.",
        )
        .way_out("Choose “Everything” where you use those pages."),
        Rights::Everything => Finding::new(
            Severity::Warning,
            "superuser-token",
            "The token can do everything",
            "It is nobody’s own: it outlives the people who come and go, authentik’s log tells it from them, and it is \
             revoked by deleting it. But whoever has it has everything.",
        ),
    }];
    if draft.rights == Rights::SetUp {
        findings.push(Finding::new(
            Severity::Warning,
            "mappings-are-code",
            "Scope mappings are programs",
            "Who may add scope mappings may run Python in authentik’s server. Set-ups of some applications need that, \
             so keep this token as safe as a superuser’s.",
        ));
    }
    findings
}

fn step(
    id: &str,
    title: String,
    lines: Vec<Line>,
    (operation, params, body): (OperationId, Vec<Value>, Value),
    creates: Vec<Creation>,
) -> Step {
    Step {
        id: id.to_owned(),
        title,
        lines,
        request: PlannedRequest {
            operation,
            params,
            body: Some(body),
        },
        fields: BTreeMap::from([(String::new(), "username".to_owned())]),
        creates,
        alters: None,
        tidies_up: false,
    }
}

fn creation(name: &str, object: Object, label: String) -> Vec<Creation> {
    let find = Find::Name {
        name: label.clone(),
    };
    vec![found(name, object, label, find)]
}

fn found(name: &str, object: Object, label: String, find: Find) -> Creation {
    Creation {
        name: name.to_owned(),
        object,
        label,
        find,
        beside_others: false,
        shared: false,
    }
}

fn role(draft: &ServiceAccount) -> Step {
    let name = draft.group();
    step(
        "role",
        format!("Create the role “{name}”"),
        vec![Line::new("Name", &name)],
        (
            named("rbac_roles_create"),
            Vec::new(),
            json!({ "name": name }),
        ),
        creation("role", Object::Role, name),
    )
}

fn permissions(world: &World) -> Step {
    let mut all: Vec<&str> = Vec::new();
    let mut lines = Vec::new();
    for feature in &FEATURES {
        let names = known(feature, &world.permissions);
        if !names.is_empty() {
            lines.push(Line::new(feature.name, names.join(", ")));
        }
        all.extend(names);
    }
    step(
        "permissions",
        format!("Give the role {} permissions", all.len()),
        lines,
        (
            named("rbac_permissions_assigned_by_roles_assign"),
            vec![reference("role")],
            json!({ "permissions": all }),
        ),
        Vec::new(),
    )
}

fn user(draft: &ServiceAccount) -> Step {
    let username = draft.username.trim().to_owned();
    let body = json!({
        "username": username,
        "name": "Ostiary",
        "type": "service_account",
        "path": PATH,
        "is_active": true,
    });
    step(
        "user",
        format!("Create the service account “{username}”"),
        vec![
            Line::new("Login name", &username),
            Line::new("Kind", "service account: no password, no sign-in"),
            Line::new("Path", PATH),
        ],
        (named("core_users_create"), Vec::new(), body),
        creation("user", Object::User, username),
    )
}

fn group(draft: &ServiceAccount) -> Step {
    let name = draft.group();
    let superuser = draft.rights == Rights::Everything;
    let (gives, body) = if superuser {
        let body = json!({ "name": name, "is_superuser": true });
        ("its members are superusers", body)
    } else {
        // A role reaches an account through a group in every version.
        let roles = [reference("role")];
        let body = json!({ "name": name, "is_superuser": false, "roles": roles });
        ("the role", body)
    };
    step(
        "group",
        format!("Create the group “{name}”"),
        vec![Line::new("Name", &name), Line::new("Gives", gives)],
        (named("core_groups_create"), Vec::new(), body),
        creation("group", Object::Group, name),
    )
}

fn membership(draft: &ServiceAccount) -> Step {
    let (group, user) = (reference("group"), reference("user"));
    let label = format!("{} in {}", draft.username.trim(), draft.group());
    let find = Find::Membership {
        group: group.clone(),
        user: user.clone(),
    };
    step(
        "membership",
        format!("Add “{}” to the group", draft.username.trim()),
        vec![Line::new("Group", draft.group())],
        (
            named("core_groups_add_user_create"),
            vec![group],
            json!({ "pk": user }),
        ),
        vec![found("membership", Object::Membership, label, find)],
    )
}

fn token(draft: &ServiceAccount) -> Step {
    let identifier = draft.token();
    let body = json!({
        "identifier": identifier,
        "intent": "api",
        "user": reference("user"),
        "description": "Ostiary’s own",
        "expiring": false,
    });
    step(
        "token",
        format!("Create the token “{identifier}”"),
        vec![
            Line::new("Identifier", &identifier),
            Line::new("For", "the API"),
            Line::new("Ends", "never: delete it to revoke it"),
        ],
        (named("core_tokens_create"), Vec::new(), body),
        creation("token", Object::Token, identifier),
    )
}
