//! What changes do to people.

use std::collections::{BTreeMap, BTreeSet};

use authentik_api::{ApplicationPk, UserPk};
use serde::{Deserialize, Serialize};

use crate::{Change, Counts, Evaluator, Inapplicable, Matrix, MatrixRow, Snapshot, User, Verdict};

/// A user, to be shown.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct UserRef {
    /// Key; negative for a user who is yet to be made.
    pub pk: UserPk,
    /// Login name.
    pub username: String,
    /// Full name; may be empty.
    pub name: String,
}

impl From<&User> for UserRef {
    fn from(user: &User) -> Self {
        Self {
            pk: user.pk,
            username: user.username.clone(),
            name: user.name.clone(),
        }
    }
}

/// Whom an application's door is open to, as far as it is a matter of principle and not of who is in
/// which group today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Door {
    /// Somebody who is in no group and whom no binding names gets in.
    Everyone,
    /// Such a stranger is refused.
    Chosen,
    /// A policy decides about such a stranger.
    Unknown,
    /// There is no such application.
    Absent,
}

impl From<Verdict> for Door {
    fn from(outsider: Verdict) -> Self {
        match outsider {
            Verdict::Allowed => Self::Everyone,
            Verdict::Denied => Self::Chosen,
            Verdict::Unknown => Self::Unknown,
        }
    }
}

/// What happens at one application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplicationDiff {
    /// Key.
    pub application: ApplicationPk,
    /// Slug.
    pub slug: String,
    /// Name; may be empty.
    pub name: String,
    /// Users who were refused and get in now.
    pub gains: Vec<UserRef>,
    /// Users who got in and are refused now.
    pub losses: Vec<UserRef>,
    /// Users who got in, and of whom it is not known any more.
    pub allowed_to_unknown: Vec<UserRef>,
    /// Users who were refused, and of whom it is not known any more.
    pub denied_to_unknown: Vec<UserRef>,
    /// Users of whom it was not known, and who get in now.
    pub unknown_to_allowed: Vec<UserRef>,
    /// Users of whom it was not known, and who are refused now.
    pub unknown_to_denied: Vec<UserRef>,
    /// Everybody before.
    pub before: Counts,
    /// Everybody after.
    pub after: Counts,
    /// The door before.
    pub door_before: Door,
    /// The door after.
    pub door_after: Door,
}

impl ApplicationDiff {
    fn new(application: &crate::Application) -> Self {
        Self {
            application: application.pk,
            slug: application.slug.clone(),
            name: application.name.clone(),
            gains: Vec::new(),
            losses: Vec::new(),
            allowed_to_unknown: Vec::new(),
            denied_to_unknown: Vec::new(),
            unknown_to_allowed: Vec::new(),
            unknown_to_denied: Vec::new(),
            before: Counts::default(),
            after: Counts::default(),
            door_before: Door::Absent,
            door_after: Door::Absent,
        }
    }

    /// Whether the door is open to everyone now, and was not.
    pub fn opens(&self) -> bool {
        self.door_after == Door::Everyone && self.door_before != Door::Everyone
    }

    /// Whether the door was open to everyone, and is not any more.
    pub fn closes(&self) -> bool {
        self.door_before == Door::Everyone && self.door_after != Door::Everyone
    }

    /// Whether certainly nobody gets in any more, where somebody did.
    pub fn shuts_everybody_out(&self) -> bool {
        self.before.allowed > 0 && self.after.allowed == 0 && self.after.unknown == 0
    }

    /// Users whose answer is another one.
    pub fn changed(&self) -> impl Iterator<Item = &UserRef> {
        self.gains
            .iter()
            .chain(&self.losses)
            .chain(&self.allowed_to_unknown)
            .chain(&self.denied_to_unknown)
            .chain(&self.unknown_to_allowed)
            .chain(&self.unknown_to_denied)
    }

    fn list(&mut self, before: Verdict, after: Verdict) -> Option<&mut Vec<UserRef>> {
        use Verdict::{Allowed, Denied, Unknown};
        match (before, after) {
            (Denied, Allowed) => Some(&mut self.gains),
            (Allowed, Denied) => Some(&mut self.losses),
            (Allowed, Unknown) => Some(&mut self.allowed_to_unknown),
            (Denied, Unknown) => Some(&mut self.denied_to_unknown),
            (Unknown, Allowed) => Some(&mut self.unknown_to_allowed),
            (Unknown, Denied) => Some(&mut self.unknown_to_denied),
            (Allowed, Allowed) | (Denied, Denied) | (Unknown, Unknown) => None,
        }
    }
}

/// What changes do to people.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AccessDiff {
    /// The applications at which something changes: somebody's answer, or the door. A user who does not
    /// exist counts as refused; at an application that does not exist everybody does.
    pub applications: Vec<ApplicationDiff>,
    /// Changes that did not fit the snapshot and were left out.
    pub left_out: Vec<Inapplicable>,
}

impl AccessDiff {
    /// Whether nobody's access changes and no door moves.
    pub fn is_empty(&self) -> bool {
        self.applications.is_empty()
    }

    /// Pairs of user and application that are refused before and allowed after.
    pub fn gains(&self) -> u32 {
        self.count(|it| it.gains.len())
    }

    /// Pairs of user and application that are allowed before and refused after.
    pub fn losses(&self) -> u32 {
        self.count(|it| it.losses.len())
    }

    /// Pairs of user and application whose answer becomes unknown, or was.
    pub fn uncertain(&self) -> u32 {
        let certain = self.gains() + self.losses();
        self.count(|it| it.changed().count()) - certain
    }

    fn count(&self, of: impl Fn(&ApplicationDiff) -> usize) -> u32 {
        let sum: usize = self.applications.iter().map(of).sum();
        u32::try_from(sum).unwrap_or(u32::MAX)
    }

    /// The people who lose at least one application, by key.
    pub fn losers(&self) -> BTreeSet<&UserRef> {
        let lists = self.applications.iter().map(|it| &it.losses);
        lists.flatten().collect()
    }

    /// The people who lose at least one application, or of whom it is not known any more whether they
    /// get into one that they got into, by key.
    pub fn may_lose(&self) -> BTreeSet<&UserRef> {
        let lists = self.applications.iter();
        let lists = lists.flat_map(|it| [&it.losses, &it.allowed_to_unknown]);
        lists.flatten().collect()
    }

    /// The people who gain at least one application, by key.
    pub fn gainers(&self) -> BTreeSet<&UserRef> {
        let lists = self.applications.iter().map(|it| &it.gains);
        lists.flatten().collect()
    }

    /// Applications that are open to everyone after, and were not.
    pub fn doors_opened(&self) -> impl Iterator<Item = &ApplicationDiff> {
        self.applications.iter().filter(|it| it.opens())
    }

    /// Applications that kept strangers out before, and where a policy decides about them after.
    pub fn doors_left_to_policies(&self) -> impl Iterator<Item = &ApplicationDiff> {
        let moved = |it: &&ApplicationDiff| {
            it.door_before == Door::Chosen && it.door_after == Door::Unknown
        };
        self.applications.iter().filter(moved)
    }

    /// Applications that were open to everyone, and are not any more.
    pub fn doors_closed(&self) -> impl Iterator<Item = &ApplicationDiff> {
        self.applications.iter().filter(|it| it.closes())
    }
}

/// What `changes`, one after the other, would do to people.
pub fn diff(before: &Snapshot, changes: &[Change]) -> AccessDiff {
    let mut after = before.clone();
    let left_out = after.apply_all(changes);
    AccessDiff {
        left_out,
        ..compare(before, &after)
    }
}

/// What differs for people between two snapshots.
pub fn compare(before: &Snapshot, after: &Snapshot) -> AccessDiff {
    let old = Evaluator::new(before).matrix();
    let new = Evaluator::new(after).matrix();
    let old_rows = by_application(&old);
    let new_rows = by_application(&new);
    let users: BTreeMap<UserPk, &User> = before
        .users
        .iter()
        .chain(&after.users)
        .map(|user| (user.pk, user))
        .collect();
    let mut met = BTreeSet::new();
    let all = before.applications.iter().chain(&after.applications);
    let applications = all.filter(|application| met.insert(application.pk));
    let diffs = applications.filter_map(|application| {
        let (old, new) = (old_rows.get(&application.pk), new_rows.get(&application.pk));
        if let (Some(old), Some(new)) = (old, new)
            && old.says_the_same(new)
        {
            return None;
        }
        let mut diff = ApplicationDiff::new(application);
        compare_rows(&mut diff, old.copied(), new.copied(), &users);
        let moved = diff.door_before != diff.door_after || diff.changed().next().is_some();
        moved.then_some(diff)
    });
    AccessDiff {
        applications: diffs.collect(),
        left_out: Vec::new(),
    }
}

fn by_application(matrix: &Matrix) -> BTreeMap<ApplicationPk, &MatrixRow> {
    let rows = matrix.applications().iter();
    rows.map(|row| (row.application, row)).collect()
}

fn compare_rows(
    diff: &mut ApplicationDiff,
    old: Option<&MatrixRow>,
    new: Option<&MatrixRow>,
    users: &BTreeMap<UserPk, &User>,
) {
    let verdict = |row: Option<&MatrixRow>, user| {
        let known = row.and_then(|row| row.verdict(user));
        known.unwrap_or(Verdict::Denied)
    };
    for (pk, user) in users {
        let change = diff.list(verdict(old, *pk), verdict(new, *pk));
        if let Some(list) = change {
            list.push(UserRef::from(*user));
        }
    }
    if let Some(old) = old {
        diff.before = old.counts();
        diff.door_before = old.outsider().into();
    }
    if let Some(new) = new {
        diff.after = new.counts();
        diff.door_after = new.outsider().into();
    }
}
