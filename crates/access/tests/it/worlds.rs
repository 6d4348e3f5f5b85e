//! Worlds made by chance.

use access::{Application, Binding, Change, Group, Snapshot, User};
use authentik_api::models::{PolicyEngineMode, Subject, UserType};
use proptest::{collection::vec, prelude::*};

use crate::common::{app, bound, group, policy, user};

const USERS: u32 = 7;
const GROUPS: u32 = 6;
const APPS: u32 = 4;

/// One version of each kind of rules, and some at their edges.
pub(crate) const VERSIONS: [&str; 8] = [
    "2023.10.7",
    "2025.6.4",
    "2025.8.1",
    "2025.10.0-rc1",
    "2025.12.6",
    "2026.2.7",
    "2026.5.8",
    "2026.8.5",
];

fn subject() -> impl Strategy<Value = Subject> {
    prop_oneof![
        5 => (1..=GROUPS).prop_map(|n| Subject::Group(group(n))),
        3 => (1..=i64::from(USERS)).prop_map(|n| Subject::User(user(n))),
        2 => (1..=3_u32).prop_map(|n| Subject::Policy(policy(n))),
    ]
}

fn a_binding() -> impl Strategy<Value = Binding> {
    let flags = (prop::bool::weighted(0.3), prop::bool::weighted(0.8));
    (1..=APPS, subject(), flags, -3..4_i64).prop_map(|(on, subject, (negate, enabled), order)| {
        Binding {
            negate,
            enabled,
            ..Binding::new(bound(0), app(on), subject, order)
        }
    })
}

fn mode() -> impl Strategy<Value = PolicyEngineMode> {
    prop_oneof![Just(PolicyEngineMode::Any), Just(PolicyEngineMode::All)]
}

fn a_user() -> impl Strategy<Value = (bool, Vec<u32>)> {
    (prop::bool::weighted(0.85), vec(1..=GROUPS, 0..4))
}

/// A world in which everything that is named exists; groups may lie in circles.
pub(crate) fn sound() -> impl Strategy<Value = Snapshot> {
    let parents = vec(vec(1..=GROUPS, 0..3), GROUPS as usize);
    (
        prop::sample::select(&VERSIONS[..]),
        prop::bool::weighted(0.7),
        vec(a_user(), USERS as usize),
        parents,
        vec(mode(), APPS as usize),
        vec(a_binding(), 0..12),
    )
        .prop_map(|(version, open, users, parents, modes, bindings)| {
            let mut world = crate::common::world(version, 0, 0, 0);
            world.default_app_access = open;
            world.users = (1..)
                .zip(users)
                .map(|(n, (is_active, groups))| User {
                    is_active,
                    groups: groups.into_iter().map(group).collect(),
                    ..User::new(user(n), format!("user {n}"))
                })
                .collect();
            world.groups = (1..)
                .zip(parents)
                .map(|(n, parents)| Group {
                    parents: parents.into_iter().map(group).collect(),
                    ..Group::new(group(n), format!("group {n}"))
                })
                .collect();
            world.applications = (1..)
                .zip(modes)
                .map(|(n, mode)| Application {
                    mode,
                    ..Application::new(app(n), format!("app-{n}"), format!("app {n}"))
                })
                .collect();
            world.bindings = (1..)
                .zip(bindings)
                .map(|(n, binding)| Binding {
                    pk: bound(n),
                    ..binding
                })
                .collect();
            world
        })
}

/// A world with everything that can be wrong with one: references into nothing, bindings with two
/// subjects or none, bindings that have ended, agents, modes of tomorrow.
pub(crate) fn broken() -> impl Strategy<Value = Snapshot> {
    let edit = (0..12_usize, 0..9_u8);
    (sound(), vec(edit, 0..5)).prop_map(|(mut world, edits)| {
        for (at, what) in edits {
            if let Some(binding) = world.bindings.get_mut(at) {
                match what {
                    0 => binding.group = Some(group(99)),
                    1 => binding.user = Some(user(99)),
                    2 => (binding.policy, binding.group, binding.user) = (None, None, None),
                    3 => (binding.group, binding.user) = (Some(group(1)), Some(user(2))),
                    4 => {
                        binding.expires = Some(
                            if at % 2 == 0 {
                                "2026-01-01T00:00:00Z"
                            } else {
                                "2027-01-01T00:00:00Z"
                            }
                            .parse()
                            .unwrap(),
                        );
                    }
                    _ => {}
                }
            }
            match what {
                5 => {
                    world.users[at % USERS as usize].kind = Some(UserType::Unknown("agent".into()));
                }
                8 => world.users[at % USERS as usize].groups.push(group(97)),
                6 => world.groups[at % GROUPS as usize].parents.push(group(98)),
                7 => {
                    world.applications[at % APPS as usize].mode =
                        PolicyEngineMode::Unknown("most".into());
                }
                _ => {}
            }
        }
        world
    })
}

/// A change that fits a sound world, most of the time.
pub(crate) fn a_change() -> impl Strategy<Value = Change> {
    let groups = || (1..=GROUPS).prop_map(group);
    let users = || (1..=i64::from(USERS)).prop_map(user);
    let bindings = || (1..13_u32).prop_map(bound);
    let apps = || (1..=APPS).prop_map(app);
    prop_oneof![
        (groups(), users()).prop_map(|(group, user)| Change::AddMember { group, user }),
        (groups(), users()).prop_map(|(group, user)| Change::RemoveMember { group, user }),
        groups().prop_map(|pk| Change::PutGroup {
            group: Group::new(pk, "new")
        }),
        Just(Change::PutGroup {
            group: Group::new(group(50), "made")
        }),
        (groups(), vec((1..=GROUPS).prop_map(group), 0..3))
            .prop_map(|(group, parents)| Change::SetParents { group, parents }),
        groups().prop_map(|group| Change::DeleteGroup { group }),
        (users(), vec((1..=GROUPS).prop_map(group), 0..3)).prop_map(|(pk, groups)| {
            Change::PutUser {
                user: User {
                    groups,
                    ..User::new(pk, "somebody")
                },
            }
        }),
        (users(), any::<bool>()).prop_map(|(user, active)| Change::SetActive { user, active }),
        users().prop_map(|user| Change::DeleteUser { user }),
        (a_binding(), 1..16_u32).prop_map(|(binding, n)| Change::PutBinding {
            binding: Binding {
                pk: bound(n),
                ..binding
            }
        }),
        bindings().prop_map(|binding| Change::RemoveBinding { binding }),
        (bindings(), any::<bool>())
            .prop_map(|(binding, enabled)| Change::SetEnabled { binding, enabled }),
        (bindings(), any::<bool>())
            .prop_map(|(binding, negate)| Change::SetNegate { binding, negate }),
        (bindings(), -5..5_i64).prop_map(|(binding, order)| Change::SetOrder { binding, order }),
        (bindings(), any::<bool>()).prop_map(|(binding, failure_result)| {
            Change::SetFailureResult {
                binding,
                failure_result,
            }
        }),
        (apps(), mode()).prop_map(|(application, mode)| Change::SetMode { application, mode }),
        Just(Change::PutApplication {
            application: Application::new(app(50), "made", "Made")
        }),
        apps().prop_map(|application| Change::DeleteApplication { application }),
        any::<bool>().prop_map(|open| Change::SetDefaultAccess { open }),
    ]
}
