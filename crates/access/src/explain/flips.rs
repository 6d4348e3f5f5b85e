//! The smallest changes that turn an answer round.

use authentik_api::models::{PolicyEngineMode, Subject};
use serde::{Deserialize, Serialize};

use super::reason::Reason;
use crate::{
    AccessDiff, Application, Binding, Change, Evaluator, Sentence, Snapshot, User, Verdict, diff,
    proposed_binding,
};

/// At most so many are shown.
const MOST: usize = 12;

/// What a change does beside what it is for, in pairs of user and application.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SideEffects {
    /// Applications whose door opens to everyone.
    pub doors_opened: u32,
    /// Others that get in.
    pub gains: u32,
    /// Others that are refused.
    pub losses: u32,
    /// Others whose answer becomes unknown, or was.
    pub uncertain: u32,
}

impl SideEffects {
    fn sum(self) -> u32 {
        self.gains + self.losses + self.uncertain
    }
}

/// Changes that turn an answer round: leave one of them out and they do not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flip {
    /// The changes, to be made in this order.
    pub changes: Vec<Change>,
    /// The answer after them.
    pub verdict: Verdict,
    /// What else they do.
    pub side_effects: SideEffects,
    /// People whom they make superuser, or superuser no more.
    #[serde(default)]
    pub superusers: u32,
    /// What they are, in words without a full stop.
    pub sentence: Sentence,
}

/// A set of changes that was tried and leads to a goal.
struct Found {
    changes: Vec<Change>,
    verdict: Verdict,
    /// Whether the door opens to everyone by it.
    opens: bool,
    /// What the user becomes: superuser, or superuser no more.
    superuser: Option<bool>,
}

impl Found {
    /// How much it disturbs, as far as that is seen without asking everybody. What is about this user
    /// alone comes before memberships, and those before what is about all.
    fn disturbs(&self) -> (bool, bool, usize, u8) {
        let touches = self.changes.iter().map(|change| match change {
            Change::PutBinding { .. } | Change::SetActive { .. } => 0,
            Change::AddMember { .. } | Change::RemoveMember { .. } => 1,
            _ => 2,
        });
        let touches = touches.max().unwrap_or_default();
        let superuser = self.superuser.is_some();
        (self.opens, superuser, self.changes.len(), touches)
    }
}

/// The changes that turn the answer round, the gentlest first: no door opened, nobody made superuser,
/// few changes, few side effects.
pub(super) fn flips(evaluator: &Evaluator<'_>, reason: &Reason) -> Vec<Flip> {
    let snapshot = evaluator.snapshot();
    let (Some(user), Some(application)) = (
        snapshot.user(reason.user),
        snapshot.application(reason.application),
    ) else {
        return Vec::new();
    };
    let goals: &[Verdict] = match reason.verdict {
        Verdict::Allowed => &[Verdict::Denied],
        Verdict::Denied => &[Verdict::Allowed],
        Verdict::Unknown => &[Verdict::Allowed, Verdict::Denied],
    };
    let row = snapshot.only_user(user.pk);
    let asked = Asked {
        evaluator,
        user,
        application,
        cell: row.only_application(application.pk),
        row,
        column: snapshot.only_application(application.pk),
    };
    let mut found: Vec<Found> = Vec::new();
    for goal in goals {
        for changes in asked.candidates(*goal) {
            if !found.iter().any(|it| it.changes == changes) {
                found.extend(asked.minimal(changes, *goal));
            }
        }
    }
    // Asking everybody is dear, so only those that will be shown are asked about.
    let mut kept: Vec<(usize, Found)> = found.into_iter().enumerate().collect();
    kept.sort_by_key(|(_, found)| found.disturbs());
    kept.truncate(MOST);
    kept.sort_by_key(|(index, _)| *index);
    let flips = kept.into_iter().map(|(_, found)| asked.flip(found));
    let mut flips: Vec<Flip> = flips.collect();
    flips.sort_by_key(|flip| {
        let effects = flip.side_effects;
        let changes = flip.changes.len();
        (
            effects.doors_opened,
            flip.superusers,
            changes,
            effects.sum(),
        )
    });
    flips
}

/// One question, and the parts of the snapshot that changes are tried on.
struct Asked<'a> {
    evaluator: &'a Evaluator<'a>,
    user: &'a User,
    application: &'a Application,
    /// This user and this application.
    cell: Snapshot,
    /// This user and all applications.
    row: Snapshot,
    /// All users and this application.
    column: Snapshot,
}

impl Asked<'_> {
    /// Sets of changes that might lead to the goal, each tried later.
    fn candidates(&self, goal: Verdict) -> Vec<Vec<Change>> {
        let singles = self.single_changes(goal);
        let mut candidates: Vec<Vec<Change>> = singles;
        candidates.extend(self.together(goal, true));
        candidates.extend(self.together(goal, false));
        if goal == Verdict::Allowed && !self.user.is_active {
            let activate = self.set_active(true);
            for candidate in &mut candidates {
                candidate.insert(0, activate.clone());
            }
            candidates.insert(0, vec![activate]);
        }
        candidates
    }

    fn single_changes(&self, goal: Verdict) -> Vec<Vec<Change>> {
        let bindings = self.evaluator.bindings(self.application.pk);
        let mut changes = Vec::new();
        for binding in bindings {
            changes.extend(self.membership(binding));
        }
        for binding in bindings {
            let (pk, negate) = (binding.pk, !binding.negate);
            changes.push(vec![Change::SetEnabled {
                binding: pk,
                enabled: !binding.enabled,
            }]);
            if self.evaluator.counts(binding) && binding.is_static() {
                changes.push(vec![Change::SetNegate {
                    binding: pk,
                    negate,
                }]);
            }
        }
        changes.push(vec![self.bind_user(goal)]);
        changes.push(vec![Change::SetMode {
            application: self.application.pk,
            mode: match self.application.mode {
                PolicyEngineMode::Any => PolicyEngineMode::All,
                _ => PolicyEngineMode::Any,
            },
        }]);
        if goal == Verdict::Denied {
            changes.push(vec![self.set_active(false)]);
        }
        changes
    }

    /// Every binding that stands in the way, dealt with at once: by membership where that can be done,
    /// else by disabling it.
    fn together(&self, goal: Verdict, by_membership: bool) -> Option<Vec<Change>> {
        let row = self.evaluator.row(self.user.pk)?;
        let bindings = self.evaluator.bindings(self.application.pk).iter();
        let in_the_way = bindings.filter(|binding| {
            self.evaluator.counts(binding) && self.evaluator.binding_truth(binding).at(row) != goal
        });
        let mut changes: Vec<Change> = Vec::new();
        for binding in in_the_way {
            let membership = self.membership(binding).filter(|_| by_membership);
            let disable = || {
                vec![Change::SetEnabled {
                    binding: binding.pk,
                    enabled: false,
                }]
            };
            for change in membership.unwrap_or_else(disable) {
                if !changes.contains(&change) {
                    changes.push(change);
                }
            }
        }
        (changes.len() > 1).then_some(changes)
    }

    /// The changes of membership that turn the result of a group binding round.
    fn membership(&self, binding: &Binding) -> Option<Vec<Change>> {
        let group = binding.group?;
        let user = self.user.pk;
        self.evaluator.member_rows(group)?;
        if self.evaluator.chain(user, group).is_none() {
            return Some(vec![Change::AddMember { group, user }]);
        }
        let own = self.user.groups.iter();
        let own = own.filter(|own| self.evaluator.leads_to(**own, group));
        Some(
            own.map(|own| Change::RemoveMember { group: *own, user })
                .collect(),
        )
    }

    fn bind_user(&self, goal: Verdict) -> Change {
        let bindings = self.evaluator.bindings(self.application.pk);
        let last = bindings.iter().map(|binding| binding.order).max();
        let mut number = 1;
        while self
            .evaluator
            .snapshot()
            .binding(proposed_binding(number))
            .is_some()
        {
            number += 1;
        }
        let mut binding = Binding::new(
            proposed_binding(number),
            self.application.pk,
            Subject::User(self.user.pk),
            last.map_or(0, |order| order.saturating_add(1)),
        );
        binding.negate = goal == Verdict::Denied;
        Change::PutBinding { binding }
    }

    fn set_active(&self, active: bool) -> Change {
        Change::SetActive {
            user: self.user.pk,
            active,
        }
    }

    /// The changes, if they lead to the goal, and do not without any one of them.
    fn minimal(&self, changes: Vec<Change>, goal: Verdict) -> Option<Found> {
        let verdict = |after: &Snapshot| {
            let evaluator = Evaluator::with(after, self.evaluator.semantics().clone());
            evaluator.verdict(self.user.pk, self.application.pk)
        };
        let leads = |changes: &[Change]| {
            let after = self.after(changes)?;
            (verdict(&after) == Some(goal)).then_some(after)
        };
        let without = |left_out: usize| -> Vec<Change> {
            let kept = changes.iter().enumerate();
            let kept = kept.filter(|(index, _)| *index != left_out);
            kept.map(|(_, change)| change.clone()).collect()
        };
        let after = leads(&changes)?;
        let is_idle = |index: usize| leads(&without(index)).is_some();
        if changes.len() > 1 && (0..changes.len()).any(is_idle) {
            return None;
        }
        let after = Evaluator::with(&after, self.evaluator.semantics().clone());
        let (user, application) = (self.user.pk, self.application.pk);
        let is_open = |it: &Evaluator<'_>| it.outsider(application) == Some(Verdict::Allowed);
        let superuser = after.is_superuser(user);
        Some(Found {
            changes,
            verdict: goal,
            opens: is_open(&after) && !is_open(self.evaluator),
            superuser: (superuser != self.evaluator.is_superuser(user)).then_some(superuser),
        })
    }

    fn after(&self, changes: &[Change]) -> Option<Snapshot> {
        let mut after = self.cell.clone();
        after.apply_all(changes).is_empty().then_some(after)
    }

    fn flip(&self, found: Found) -> Flip {
        let snapshot = self.evaluator.snapshot();
        let described = found.changes.iter();
        let described = described.map(|change| snapshot.describe(change));
        let sentence = Sentence::default().list(described.collect());
        let user = self.user.pk;
        let sentence = match found.superuser {
            None => sentence,
            Some(true) => sentence
                .text(", which makes ")
                .user(snapshot, user)
                .text(" a superuser"),
            Some(false) => sentence
                .text(", after which ")
                .user(snapshot, user)
                .text(" is no superuser any more"),
        };
        Flip {
            sentence,
            side_effects: self.side_effects(&found.changes),
            superusers: u32::from(found.superuser.is_some()),
            changes: found.changes,
            verdict: found.verdict,
        }
    }

    /// What the changes do beside. A change of this user touches no other user, one of the
    /// application's bindings no other application, so that the parts tell the whole.
    fn side_effects(&self, changes: &[Change]) -> SideEffects {
        let of_user = |change: &Change| {
            matches!(
                change,
                Change::AddMember { .. } | Change::RemoveMember { .. } | Change::SetActive { .. }
            )
        };
        let diff = if changes.iter().all(of_user) {
            diff(&self.row, changes)
        } else if changes.iter().any(of_user) {
            diff(self.evaluator.snapshot(), changes)
        } else {
            diff(&self.column, changes)
        };
        self.beside(&diff)
    }

    fn beside(&self, diff: &AccessDiff) -> SideEffects {
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let mut effects = SideEffects {
            doors_opened: count(diff.doors_opened().count()),
            ..SideEffects::default()
        };
        for application in &diff.applications {
            let is_asked = |user: &&crate::UserRef| {
                application.application == self.application.pk && user.pk == self.user.pk
            };
            let others = |users: &[crate::UserRef]| {
                count(users.iter().filter(|user| !is_asked(user)).count())
            };
            let changed = count(application.changed().filter(|it| !is_asked(it)).count());
            let (gains, losses) = (others(&application.gains), others(&application.losses));
            effects.gains += gains;
            effects.losses += losses;
            effects.uncertain += changed - gains - losses;
        }
        effects
    }
}
