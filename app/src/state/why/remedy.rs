//! A change of the `access` crate as a draft of a change set.

use access::{Binding, Change, Snapshot};
use authentik_api::{ApplicationPk, BindingPk, UserPk};
use setup::access_change::{
    AccessDraft, EngineMode, GroupBinding, MembershipDraft, UserAction, UserDraft,
};

/// The change set that makes these changes; `None` where no single one does, or where it takes what Ostiary does
/// not change, such as a policy.
pub(super) fn remedy(snapshot: &Snapshot, changes: &[Change]) -> Option<AccessDraft> {
    let drafts = changes.iter().map(|change| of_change(snapshot, change));
    let drafts: Option<Vec<AccessDraft>> = drafts.collect();
    let mut drafts = drafts?.into_iter();
    let first = drafts.next()?;
    drafts.try_fold(first, together)
}

fn of_change(snapshot: &Snapshot, change: &Change) -> Option<AccessDraft> {
    Some(match change {
        Change::AddMember { group, user } => AccessDraft::Membership(MembershipDraft {
            groups: vec![group.to_string()],
            add: vec![username(snapshot, *user)?],
            remove: Vec::new(),
        }),
        Change::RemoveMember { group, user } => AccessDraft::Membership(MembershipDraft {
            groups: vec![group.to_string()],
            add: Vec::new(),
            remove: vec![username(snapshot, *user)?],
        }),
        Change::SetActive { user, active } => AccessDraft::User(UserDraft {
            action: if *active {
                UserAction::Activate
            } else {
                UserAction::Deactivate
            },
            user: username(snapshot, *user)?,
            ..UserDraft::default()
        }),
        Change::PutBinding { binding } => bound(snapshot, binding)?,
        Change::SetEnabled { binding, enabled } => {
            let enabled = *enabled;
            bound(
                snapshot,
                &Binding {
                    enabled,
                    ..only_one(snapshot, *binding)?
                },
            )?
        }
        Change::SetNegate { binding, negate } => {
            let negate = *negate;
            bound(
                snapshot,
                &Binding {
                    negate,
                    ..only_one(snapshot, *binding)?
                },
            )?
        }
        Change::SetMode { application, mode } => AccessDraft::EngineMode(EngineMode {
            applications: vec![slug(snapshot, *application)?],
            mode: mode.as_str().to_owned(),
        }),
        _ => return None,
    })
}

/// A binding that is the only one between its application and its group or user: a draft names no other.
fn only_one(snapshot: &Snapshot, pk: BindingPk) -> Option<Binding> {
    let binding = snapshot.binding(pk)?;
    let alike = |it: &&Binding| {
        let subject = (it.group, it.user, it.policy);
        it.application == binding.application
            && subject == (binding.group, binding.user, binding.policy)
    };
    (snapshot.bindings.iter().filter(alike).count() == 1).then(|| binding.clone())
}

fn bound(snapshot: &Snapshot, binding: &Binding) -> Option<AccessDraft> {
    let user = match binding.user {
        Some(user) => Some(username(snapshot, user)?),
        None => None,
    };
    // A draft names groups or users; what names both is not made by one.
    if binding.policy.is_some() || user.is_some() == binding.group.is_some() {
        return None;
    }
    Some(AccessDraft::GroupBinding(GroupBinding {
        applications: vec![slug(snapshot, binding.application)?],
        groups: binding.group.iter().map(ToString::to_string).collect(),
        users: user.into_iter().collect(),
        negate: binding.negate,
        enabled: binding.enabled,
        ..GroupBinding::default()
    }))
}

/// Two drafts as one, where they are alike: several groups for the same people.
fn together(one: AccessDraft, other: AccessDraft) -> Option<AccessDraft> {
    match (one, other) {
        (AccessDraft::Membership(mut one), AccessDraft::Membership(other))
            if one.add == other.add && one.remove == other.remove =>
        {
            one.groups.extend(other.groups);
            Some(AccessDraft::Membership(one))
        }
        _ => None,
    }
}

fn username(snapshot: &Snapshot, pk: UserPk) -> Option<String> {
    snapshot.user(pk).map(|it| it.username.clone())
}

fn slug(snapshot: &Snapshot, pk: ApplicationPk) -> Option<String> {
    snapshot.application(pk).map(|it| it.slug.clone())
}

#[cfg(test)]
mod tests {
    use access::{Evaluator, Verdict};
    use setup::access_change::{Acting, preview};

    use super::*;
    use crate::state::samples;

    /// Whatever the answer, each fix that has a change set turns it round as it says.
    #[test]
    fn a_remedy_does_what_its_fix_says() {
        let mut home = samples::home();
        home.bindings[0].negate = true;
        let mut off = home.bindings[0].clone();
        off.pk = samples::binding(9);
        off.application = samples::STATUS;
        off.enabled = false;
        home.bindings.push(off);
        let mut tried = 0;
        for user in [samples::JODIE, samples::SAM, samples::OLD] {
            for app in [samples::JELLYFIN, samples::STATUS, samples::MYSTERY] {
                let why = Evaluator::new(&home).explain(user, app).unwrap();
                for flip in &why.flips {
                    let Some(draft) = remedy(&home, &flip.changes) else {
                        continue;
                    };
                    let ahead = preview(&draft, &home, &Acting::default()).unwrap();
                    let verdict = Evaluator::new(&ahead.then).verdict(user, app);
                    assert_eq!(verdict, Some(flip.verdict), "{:?}", flip.changes);
                    assert_ne!(flip.verdict, Verdict::Unknown);
                    tried += 1;
                }
            }
        }
        assert!(tried > 8, "{tried} remedies");
    }

    #[test]
    fn what_takes_several_change_sets_or_a_policy_has_no_remedy() {
        let home = samples::home();
        let (user, group) = (samples::JODIE, samples::FAMILY);
        let both = [
            Change::AddMember { group, user },
            Change::SetActive { user, active: true },
        ];
        assert_eq!(remedy(&home, &both), None);
        let policy = Change::SetEnabled {
            binding: samples::binding(2),
            enabled: false,
        };
        assert_eq!(remedy(&home, &[policy]), None);
        assert_eq!(remedy(&home, &[]), None);
    }
}
