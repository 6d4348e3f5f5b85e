//! A second evaluator, as plain as can be: one user, one application, recursion. It is written from the
//! fact sheet and the recordings, and shares nothing with the crate but the data.

use std::collections::BTreeSet;

use access::{Binding, Snapshot, User};
use authentik_api::{ApplicationPk, GroupPk, UserPk, models::PolicyEngineMode};

/// `None` is unknown.
type Answer = Option<bool>;

fn line(world: &Snapshot) -> (u16, u8) {
    (world.version.year, world.version.month)
}

/// Whether a user of this group is in `wanted`, looking `levels` up. A group that is not there may lie
/// below any.
fn is_in(world: &Snapshot, from: GroupPk, wanted: GroupPk, levels: usize) -> Answer {
    let group = world.groups.iter().find(|it| it.pk == from)?;
    if from == wanted {
        return Some(true);
    }
    let above = group.parents.iter().filter(|_| levels > 0);
    let above = above.map(|above| is_in(world, *above, wanted, levels - 1));
    any(&above.collect::<Vec<_>>())
}

fn member(world: &Snapshot, user: &User, wanted: GroupPk) -> Answer {
    // No way without circles is longer than there are groups.
    let levels = world.groups.len();
    let levels = if line(world) < (2025, 12) {
        levels.min(19)
    } else {
        levels
    };
    let own = user.groups.iter();
    let own = own.map(|own| is_in(world, *own, wanted, levels));
    any(&own.collect::<Vec<_>>())
}

fn one(world: &Snapshot, binding: &Binding, user: &User) -> Answer {
    if binding.policy.is_some() {
        return None;
    }
    if binding.group.is_none() && binding.user.is_none() {
        return None;
    }
    let agent = user
        .kind
        .as_ref()
        .is_some_and(|kind| kind.as_str() == "agent");
    if agent && line(world) >= (2026, 8) {
        return None;
    }
    let by_group = binding.group.map(|pk| {
        let known = world.groups.iter().any(|it| it.pk == pk);
        known.then(|| member(world, user, pk)).flatten()
    });
    let by_user = binding.user.map(|pk| {
        let known = world.users.iter().any(|it| it.pk == pk);
        known.then(|| user.pk == pk)
    });
    match (by_group, by_user) {
        (Some(group), Some(_)) if line(world) < (2025, 8) => group.map(|is| is != binding.negate),
        (Some(group), Some(user)) if binding.negate => {
            any(&[group.map(|is| !is), user.map(|is| !is)])
        }
        (Some(group), Some(user)) => any(&[group, user]),
        (Some(only), None) | (None, Some(only)) => only.map(|is| is != binding.negate),
        (None, None) => None,
    }
}

fn any(answers: &[Answer]) -> Answer {
    if answers.contains(&Some(true)) {
        Some(true)
    } else if answers.contains(&None) {
        None
    } else {
        Some(false)
    }
}

fn all(answers: &[Answer]) -> Answer {
    if answers.contains(&Some(false)) {
        Some(false)
    } else if answers.contains(&None) {
        None
    } else {
        Some(true)
    }
}

/// What the policy engine says.
pub(crate) fn engine(world: &Snapshot, user: &User, application: ApplicationPk) -> Answer {
    let bindings = world.bindings.iter();
    let bindings = bindings.filter(|it| it.application == application && it.enabled);
    // What has ended is left out of the query (2026.8).
    let bindings = bindings.filter(|it| it.expires.is_none_or(|end| end >= world.taken_at));
    let bindings: Vec<&Binding> = bindings.collect();
    if bindings.is_empty() {
        return Some(world.default_app_access || line(world) < (2026, 5));
    }
    let mode = &world
        .applications
        .iter()
        .find(|it| it.pk == application)
        .unwrap()
        .mode;
    let all_of_them = match mode {
        PolicyEngineMode::Any => false,
        PolicyEngineMode::All => true,
        PolicyEngineMode::Unknown(_) => return None,
    };
    let mixed = |it: &&Binding| it.policy.is_some() && (it.group.is_some() || it.user.is_some());
    if all_of_them && line(world) >= (2025, 8) && bindings.iter().any(mixed) {
        return None;
    }
    let answers = |wanted: &dyn Fn(&Binding) -> bool| -> Vec<Answer> {
        let wanted = bindings.iter().filter(|it| wanted(it));
        wanted.map(|it| one(world, it, user)).collect()
    };
    let results = if (2025, 8) <= line(world) && line(world) < (2026, 2) {
        let fixed = answers(&|it| it.policy.is_none() && (it.group.is_some() || it.user.is_some()));
        let mut results =
            answers(&|it| it.policy.is_some() || it.group.is_none() && it.user.is_none());
        if !fixed.is_empty() {
            results.push(any(&fixed));
        }
        results
    } else {
        answers(&|_| true)
    };
    if all_of_them {
        all(&results)
    } else {
        any(&results)
    }
}

/// What becomes of the user.
pub(crate) fn verdict(world: &Snapshot, pk: UserPk, application: ApplicationPk) -> Answer {
    let user = world.users.iter().find(|it| it.pk == pk).unwrap();
    if user.is_active {
        engine(world, user, application)
    } else {
        Some(false)
    }
}

/// The members of a group for certain, by asking everybody.
pub(crate) fn members(world: &Snapshot, group: GroupPk) -> BTreeSet<UserPk> {
    let users = world.users.iter();
    let users = users.filter(|user| member(world, user, group) == Some(true));
    users.map(|user| user.pk).collect()
}
