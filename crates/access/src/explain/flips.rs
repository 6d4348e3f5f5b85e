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
    /// What they are, in words without a full stop.
    pub sentence: Sentence,
}

/// The changes that turn the answer round, the gentlest first: no door opened, few changes, few side
/// effects.
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
    let mut flips: Vec<Flip> = Vec::new();
    for goal in goals {
        for changes in asked.candidates(*goal) {
            if !flips.iter().any(|flip| flip.changes == changes)
                && asked.is_minimal(&changes, *goal)
            {
                flips.push(asked.flip(changes, *goal));
            }
        }
    }
    flips.sort_by_key(|flip| {
        let effects = flip.side_effects;
        (effects.doors_opened, flip.changes.len(), effects.sum())
    });
    flips.truncate(MOST);
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
            if binding.enabled && binding.is_static() {
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
            binding.enabled && self.evaluator.binding_truth(binding).at(row) != goal
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

    /// Whether the changes lead to the goal, and do not without any one of them.
    fn is_minimal(&self, changes: &[Change], goal: Verdict) -> bool {
        let leads = |changes: &[Change]| self.after(changes) == Some(goal);
        let without = |left_out: usize| -> Vec<Change> {
            let kept = changes.iter().enumerate();
            let kept = kept.filter(|(index, _)| *index != left_out);
            kept.map(|(_, change)| change.clone()).collect()
        };
        leads(changes)
            && (changes.len() == 1 || !(0..changes.len()).any(|index| leads(&without(index))))
    }

    fn after(&self, changes: &[Change]) -> Option<Verdict> {
        let mut after = self.cell.clone();
        if !after.apply_all(changes).is_empty() {
            return None;
        }
        Evaluator::with(&after, self.evaluator.semantics().clone())
            .verdict(self.user.pk, self.application.pk)
    }

    fn flip(&self, changes: Vec<Change>, verdict: Verdict) -> Flip {
        let described = changes.iter();
        let described = described.map(|change| self.evaluator.snapshot().describe(change));
        Flip {
            sentence: Sentence::default().list(described.collect()),
            side_effects: self.side_effects(&changes),
            changes,
            verdict,
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
