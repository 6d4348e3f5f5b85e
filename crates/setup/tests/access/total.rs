//! Any draft makes a plan or a list of field errors, whatever stands in it.

use std::collections::BTreeSet;

use authentik_api::UserPk;
use proptest::prelude::*;
use setup::{
    access_change::{
        AccessDraft, Acting, ApplicationAccess, Door, EngineMode, GroupAction, GroupBinding,
        GroupDraft, MembershipDraft, Unbind, UserAction, UserDraft, plan,
    },
    change::Plan,
};

use crate::drafts::odd;

fn text() -> impl Strategy<Value = String> {
    let known = [
        "",
        " ",
        "a",
        "b",
        "c",
        "Same",
        "twice",
        "below",
        "6",
        "six",
        "odd",
        "ak-outpost",
        "any",
        "all",
        "12340000-0000-0000-0000-000000000001",
        "12340000-0000-0000-0000-000000000002",
        "12340000-0000-0000-0000-000000000005",
        "nobody-keep-empty",
        "external",
    ];
    prop_oneof![
        9 => prop::sample::select(known.to_vec()).prop_map(str::to_owned),
        1 => ".{0,12}",
    ]
}

fn many() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(text(), 0..4)
}

fn maybe() -> impl Strategy<Value = Option<String>> {
    prop::option::of(text())
}

fn bindings() -> impl Strategy<Value = AccessDraft> {
    let order = prop::option::of(any::<i64>());
    (many(), many(), many(), many(), order, any::<(bool, bool)>()).prop_map(
        |(applications, groups, new_groups, users, order, (negate, enabled))| {
            AccessDraft::GroupBinding(GroupBinding {
                applications,
                groups,
                new_groups,
                users,
                order,
                negate,
                enabled,
            })
        },
    )
}

fn unbind() -> impl Strategy<Value = AccessDraft> {
    (many(), many(), many(), many(), any::<bool>()).prop_map(
        |(bindings, applications, groups, users, leave_deny)| {
            AccessDraft::Unbind(Unbind {
                bindings,
                applications,
                groups,
                users,
                leave_deny,
            })
        },
    )
}

fn group() -> impl Strategy<Value = AccessDraft> {
    let action = prop::sample::select(vec![
        GroupAction::Create,
        GroupAction::Change,
        GroupAction::Delete,
    ]);
    let parents = prop::option::of(many());
    (
        action,
        text(),
        text(),
        parents,
        many(),
        any::<(bool, bool)>(),
    )
        .prop_map(
            |(action, group, name, parents, members, (is_superuser, leave_deny))| {
                AccessDraft::Group(GroupDraft {
                    action,
                    group,
                    name,
                    parents,
                    members,
                    is_superuser,
                    leave_deny,
                })
            },
        )
}

fn user() -> impl Strategy<Value = AccessDraft> {
    let action = prop::sample::select(vec![
        UserAction::Create,
        UserAction::Change,
        UserAction::Activate,
        UserAction::Deactivate,
        UserAction::Delete,
    ]);
    (
        action,
        text(),
        text(),
        maybe(),
        maybe(),
        text(),
        many(),
        any::<bool>(),
    )
        .prop_map(
            |(action, user, username, name, email, account, groups, leave_deny)| {
                AccessDraft::User(UserDraft {
                    action,
                    user,
                    username,
                    name,
                    email,
                    account,
                    groups,
                    leave_deny,
                })
            },
        )
}

fn door() -> impl Strategy<Value = AccessDraft> {
    let door = prop::sample::select(vec![Door::Everyone, Door::Restricted, Door::Closed]);
    (many(), door, many(), many(), many()).prop_map(
        |(applications, door, groups, new_groups, users)| {
            AccessDraft::ApplicationAccess(ApplicationAccess {
                applications,
                door,
                groups,
                new_groups,
                users,
            })
        },
    )
}

fn draft() -> impl Strategy<Value = AccessDraft> {
    let mode = (many(), text()).prop_map(|(applications, mode)| {
        AccessDraft::EngineMode(EngineMode { applications, mode })
    });
    let membership = (many(), many(), many()).prop_map(|(groups, add, remove)| {
        AccessDraft::Membership(MembershipDraft {
            groups,
            add,
            remove,
        })
    });
    prop_oneof![
        bindings(),
        unbind(),
        mode,
        group(),
        membership,
        user(),
        door()
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn every_draft_makes_a_plan_or_names_its_fields(
        draft in draft(),
        version in prop::sample::select(vec!["2023.10.0", "2025.10.0", "2026.5.0"]),
        open in any::<bool>(),
    ) {
        let mut snapshot = odd(version);
        snapshot.default_app_access = open;
        let acting = Acting {
            console: Some(UserPk(5)),
            person: Some(UserPk(8)),
            ..Acting::default()
        };
        let json = serde_json::to_value(&draft).unwrap();
        match plan(&draft, &snapshot, &acting) {
            Ok(plan) => {
                let mut names = BTreeSet::new();
                for step in &plan.steps {
                    prop_assert!(names.insert(step.id.clone()), "{} twice", step.id);
                    prop_assert!(step.creates.is_empty() || step.alters.is_none());
                    for field in step.fields.values() {
                        prop_assert!(json.get(field).is_some(), "no field {field}: {draft:?}");
                    }
                }
                let diff = plan.diff.as_ref().unwrap();
                prop_assert!(diff.left_out.is_empty());
                let opens = diff.doors_opened().next().is_some();
                prop_assert!(!opens || plan.confirm.is_some(), "a door opens unconfirmed");
                prop_assert!(!plan.steps.is_empty() || diff.is_empty());
                let text = serde_json::to_string(&plan).unwrap();
                prop_assert_eq!(serde_json::from_str::<Plan>(&text).unwrap(), plan);
            }
            Err(errors) => {
                prop_assert!(!errors.is_empty());
                for field in errors.0.keys() {
                    prop_assert!(json.get(field).is_some(), "no field {field}: {draft:?}");
                }
            }
        }
    }
}
