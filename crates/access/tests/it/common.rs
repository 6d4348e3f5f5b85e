//! Small worlds, written down quickly.

use access::{
    Application, Binding, Evaluator, Group, Policy, Snapshot, User, Verdict, proposed_binding,
    proposed_group,
};
use authentik_api::{
    ApplicationPk, BindingPk, GroupPk, PolicyPk, UserPk,
    models::{PolicyEngineMode, Subject},
};
use uuid::Uuid;

pub(crate) fn app(number: u32) -> ApplicationPk {
    ApplicationPk(Uuid::from_u128(u128::from(number)))
}

pub(crate) fn policy(number: u32) -> PolicyPk {
    PolicyPk(Uuid::from_u128(u128::from(number)))
}

pub(crate) fn group(number: u32) -> GroupPk {
    proposed_group(number)
}

pub(crate) fn bound(number: u32) -> BindingPk {
    proposed_binding(number)
}

pub(crate) fn user(number: i64) -> UserPk {
    UserPk(number)
}

/// A server with as many users, groups and applications as wanted, called `user 1`, `group 1`,
/// `app 1` …; nobody is in a group and nothing is bound.
pub(crate) fn world(version: &str, users: u32, groups: u32, applications: u32) -> Snapshot {
    let moment = "2026-11-22T12:00:00Z".parse().unwrap();
    let mut world = Snapshot::empty(moment, version.parse().unwrap());
    world.users = (1..=users)
        .map(|n| User::new(user(n.into()), format!("user {n}")))
        .collect();
    world.groups = (1..=groups)
        .map(|n| Group::new(group(n), format!("group {n}")))
        .collect();
    world.applications = (1..=applications)
        .map(|n| Application::new(app(n), format!("app-{n}"), format!("app {n}")))
        .collect();
    world
}

/// Changes that read like a description.
pub(crate) trait Describe {
    fn joins(self, user: i64, group: u32) -> Self;
    fn below(self, group: u32, parent: u32) -> Self;
    fn mode_all(self, app: u32) -> Self;
    fn inactive(self, user: i64) -> Self;
    fn policy_named(self, number: u32, name: &str) -> Self;
    fn binds(self, app: u32, subject: Subject, edit: impl FnOnce(&mut Binding)) -> Self;
}

impl Describe for Snapshot {
    fn joins(mut self, pk: i64, number: u32) -> Self {
        let found = self.users.iter_mut().find(|it| it.pk == user(pk)).unwrap();
        found.groups.push(group(number));
        self
    }

    fn below(mut self, number: u32, parent: u32) -> Self {
        let found = self
            .groups
            .iter_mut()
            .find(|it| it.pk == group(number))
            .unwrap();
        found.parents.push(group(parent));
        self
    }

    fn mode_all(mut self, number: u32) -> Self {
        let found = self
            .applications
            .iter_mut()
            .find(|it| it.pk == app(number))
            .unwrap();
        found.mode = PolicyEngineMode::All;
        self
    }

    fn inactive(mut self, pk: i64) -> Self {
        let found = self.users.iter_mut().find(|it| it.pk == user(pk)).unwrap();
        found.is_active = false;
        self
    }

    fn policy_named(mut self, number: u32, name: &str) -> Self {
        self.policies.push(Policy {
            pk: policy(number),
            name: name.to_owned(),
            model: Some("authentik_policies_expression.expressionpolicy".to_owned()),
        });
        self
    }

    /// Binding number `n` is the `n`th that was described.
    fn binds(mut self, number: u32, subject: Subject, edit: impl FnOnce(&mut Binding)) -> Self {
        let next = u32::try_from(self.bindings.len()).unwrap() + 1;
        let mut binding = Binding::new(bound(next), app(number), subject, next.into());
        edit(&mut binding);
        self.bindings.push(binding);
        self
    }
}

pub(crate) fn negated(binding: &mut Binding) {
    binding.negate = true;
}

pub(crate) fn disabled(binding: &mut Binding) {
    binding.enabled = false;
}

pub(crate) fn plain(_: &mut Binding) {}

pub(crate) fn to_group(number: u32) -> Subject {
    Subject::Group(group(number))
}

pub(crate) fn to_user(pk: i64) -> Subject {
    Subject::User(user(pk))
}

pub(crate) fn to_policy(number: u32) -> Subject {
    Subject::Policy(policy(number))
}

/// The answers of all users for one application: `+` in, `-` out, `?` unknown.
pub(crate) fn column(world: &Snapshot, number: u32) -> String {
    let matrix = Evaluator::new(world).matrix();
    let row = matrix.application(app(number)).unwrap();
    let signs = row.verdicts().map(|(_, verdict)| match verdict {
        Verdict::Allowed => '+',
        Verdict::Denied => '-',
        Verdict::Unknown => '?',
    });
    signs.collect()
}
