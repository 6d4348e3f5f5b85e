//! A company of any size, made up.

use access::{Application, Binding, Group, Snapshot, User, proposed_binding, proposed_group};
use authentik_api::{
    ApplicationPk, GroupPk, PolicyPk, UserPk,
    models::{PolicyEngineMode, Subject},
};
use uuid::Uuid;

pub(crate) const GROUPS: u32 = 200;
pub(crate) const APPLICATIONS: u32 = 200;

pub(crate) fn group(number: u32) -> GroupPk {
    proposed_group(number % GROUPS)
}

/// Ten trees of groups, four levels deep and with a second parent here and there; each user in five
/// groups; each application with three bindings, some negated, some to users, some to policies.
pub(crate) fn company(users: u32) -> Snapshot {
    let mut company = Snapshot::empty(
        "2026-11-22T12:00:00Z".parse().unwrap_or_default(),
        authentik_api::Version::new(2026, 5, 0),
    );
    company.groups = (0..GROUPS)
        .map(|n| {
            let mut parents = Vec::new();
            if n >= 10 {
                parents.push(group(n / 3));
            }
            if n % 7 == 0 && n > 0 {
                parents.push(group(n - 1));
            }
            Group {
                parents,
                ..Group::new(group(n), format!("group {n}"))
            }
        })
        .collect();
    company.users = (0..users)
        .map(|n| User {
            groups: (0..5).map(|k| group(n.wrapping_mul(31) + k * 41)).collect(),
            is_active: n % 20 != 0,
            ..User::new(UserPk(i64::from(n)), format!("user {n}"))
        })
        .collect();
    for n in 0..APPLICATIONS {
        let pk = ApplicationPk(Uuid::from_u128(u128::from(n)));
        company.applications.push(Application {
            mode: if n % 3 == 0 {
                PolicyEngineMode::All
            } else {
                PolicyEngineMode::Any
            },
            ..Application::new(pk, format!("app-{n}"), format!("App {n}"))
        });
        for k in 0..3 {
            let subject = match n * 3 + k {
                it if it % 20 == 1 => Subject::Policy(PolicyPk(Uuid::nil())),
                it if it % 10 == 3 => Subject::User(UserPk(i64::from(it % users))),
                it => Subject::Group(group(it * 13)),
            };
            let mut binding = Binding::new(proposed_binding(n * 3 + k), pk, subject, k.into());
            binding.negate = (n + k) % 11 == 0;
            company.bindings.push(binding);
        }
    }
    company
}
