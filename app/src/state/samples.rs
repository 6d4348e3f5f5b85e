//! A small server for tests.

use access::{Application, Binding, Group, Policy, Snapshot, User};
use authentik_api::{ApplicationPk, BindingPk, GroupPk, PolicyPk, UserPk, models::Subject};

/// Not in any group.
pub(crate) const JODIE: UserPk = UserPk(5);
/// In `kids`, which lies below `family`.
pub(crate) const SAM: UserPk = UserPk(6);
/// In `family`, and may not sign in.
pub(crate) const OLD: UserPk = UserPk(7);
/// Bound to `family`.
pub(crate) const JELLYFIN: ApplicationPk = application(1);
/// Without binding.
pub(crate) const STATUS: ApplicationPk = application(2);
/// A policy decides.
pub(crate) const MYSTERY: ApplicationPk = application(3);
/// Groups.
pub(crate) const FAMILY: GroupPk = group(1);
/// Below [`FAMILY`].
pub(crate) const KIDS: GroupPk = group(2);
/// Superusers; nobody is in it.
pub(crate) const ADMINS: GroupPk = group(3);

const fn id(kind: u8, number: u8) -> [u8; 16] {
    [kind, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, number]
}

const fn application(number: u8) -> ApplicationPk {
    ApplicationPk(uuid::Uuid::from_bytes(id(1, number)))
}

const fn group(number: u8) -> GroupPk {
    GroupPk(uuid::Uuid::from_bytes(id(2, number)))
}

/// A binding's key.
pub(crate) const fn binding(number: u8) -> BindingPk {
    BindingPk(uuid::Uuid::from_bytes(id(3, number)))
}

/// Three people, three groups, three applications, on 2026.5.
pub(crate) fn home() -> Snapshot {
    let taken_at = "2026-11-22T00:00:00Z".parse().unwrap();
    let mut home = Snapshot::empty(taken_at, "2026.5.0".parse().unwrap());
    let person = |pk, username: &str, groups: Vec<GroupPk>| User {
        groups,
        ..User::new(pk, username)
    };
    home.users = vec![
        person(JODIE, "jodie", vec![]),
        person(SAM, "sam", vec![KIDS]),
        User {
            is_active: false,
            ..person(OLD, "old", vec![FAMILY])
        },
    ];
    home.groups = vec![
        Group::new(FAMILY, "family"),
        Group {
            parents: vec![FAMILY],
            ..Group::new(KIDS, "kids")
        },
        Group {
            is_superuser: true,
            ..Group::new(ADMINS, "admins")
        },
    ];
    home.applications = vec![
        Application::new(JELLYFIN, "jellyfin", "Jellyfin"),
        Application::new(STATUS, "status", "Status"),
        Application::new(MYSTERY, "mystery", "Mystery"),
    ];
    let policy = PolicyPk(uuid::Uuid::from_bytes(id(4, 1)));
    home.policies = vec![Policy {
        pk: policy,
        name: "office hours".into(),
        model: Some("authentik_policies_expression.expressionpolicy".into()),
    }];
    home.bindings = vec![
        Binding::new(binding(1), JELLYFIN, Subject::Group(FAMILY), 0),
        Binding::new(binding(2), MYSTERY, Subject::Policy(policy), 0),
    ];
    home
}
