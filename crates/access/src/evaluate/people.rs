//! Users as rows, groups as sets of rows.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::Arc,
};

use authentik_api::{GroupPk, UserPk};

use super::truth::Truth;
use crate::{Semantics, Snapshot, bits::Bits};

/// Which row is which user. Behind the users' rows comes one more: the *outsider*, who is in no group
/// and whom no binding names, such as a user who signs up tomorrow.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Rows {
    users: Vec<UserPk>,
    rows: HashMap<UserPk, usize>,
}

impl Rows {
    fn of(snapshot: &Snapshot) -> Self {
        let users: Vec<UserPk> = snapshot.users.iter().map(|user| user.pk).collect();
        let mut rows = HashMap::with_capacity(users.len());
        for (row, pk) in users.iter().enumerate() {
            rows.entry(*pk).or_insert(row);
        }
        Self { users, rows }
    }

    /// Rows in all, the outsider's included.
    pub(crate) fn len(&self) -> usize {
        self.users.len() + 1
    }

    pub(crate) fn outsider(&self) -> usize {
        self.users.len()
    }

    pub(crate) fn row(&self, user: UserPk) -> Option<usize> {
        self.rows.get(&user).copied()
    }

    pub(crate) fn users(&self) -> &[UserPk] {
        &self.users
    }

    /// The users of these rows, without the outsider.
    pub(crate) fn of_rows<'a>(&'a self, rows: &'a Bits) -> impl Iterator<Item = UserPk> + 'a {
        rows.iter().filter_map(|row| self.users.get(row).copied())
    }
}

/// Users and groups, made ready for set algebra.
#[derive(Debug)]
pub(crate) struct People {
    pub(crate) rows: Arc<Rows>,
    /// Users who may sign in, and the outsider.
    pub(crate) active: Bits,
    /// Accounts of type `agent`, where the version has them.
    pub(crate) agents: Bits,
    /// Users in a group that the snapshot does not have, or below one. It may lie below any other, so
    /// that where they are not known to be members, they may be.
    loose: Bits,
    groups: HashMap<GroupPk, usize>,
    keys: Vec<GroupPk>,
    /// Positions of the groups above, by position.
    parents: Vec<Vec<usize>>,
    /// A group above that the snapshot does not have, by position.
    missing: HashMap<usize, GroupPk>,
    /// Members by position, those of groups below included.
    members: Vec<Bits>,
    levels: Option<usize>,
}

impl People {
    pub(crate) fn of(snapshot: &Snapshot, semantics: &Semantics) -> Self {
        let rows = Rows::of(snapshot);
        let keys: Vec<GroupPk> = snapshot.groups.iter().map(|group| group.pk).collect();
        let mut groups = HashMap::with_capacity(keys.len());
        for (position, pk) in keys.iter().enumerate() {
            groups.entry(*pk).or_insert(position);
        }
        let parents = snapshot.groups.iter().map(|group| {
            let above = group.parents.iter();
            above.filter_map(|pk| groups.get(pk).copied()).collect()
        });
        let parents: Vec<Vec<usize>> = parents.collect();
        let missing = snapshot.groups.iter().enumerate();
        let missing = missing.filter_map(|(position, group)| {
            let mut above = group.parents.iter();
            let missing = above.find(|pk| !groups.contains_key(*pk))?;
            Some((position, *missing))
        });
        let missing = missing.collect();
        let mut direct: Vec<Bits> = vec![Bits::none(rows.len()); keys.len()];
        let mut active = Bits::none(rows.len());
        let mut agents = Bits::none(rows.len());
        let mut loose = Bits::none(rows.len());
        active.insert(rows.outsider());
        for (row, user) in snapshot.users.iter().enumerate() {
            if user.is_active {
                active.insert(row);
            }
            if semantics.agents && user.is_agent() {
                agents.insert(row);
            }
            for pk in &user.groups {
                match groups.get(pk).and_then(|at| direct.get_mut(*at)) {
                    Some(group) => group.insert(row),
                    None => loose.insert(row),
                }
            }
        }
        let mut people = Self {
            rows: Arc::new(rows),
            active,
            agents,
            loose,
            groups,
            keys,
            parents,
            missing,
            members: Vec::new(),
            levels: semantics.levels,
        };
        people.inherit(&direct);
        people
    }

    /// Members, those of groups below included: each group's people are handed to all groups above it.
    fn inherit(&mut self, direct: &[Bits]) {
        let mut members = direct.to_vec();
        // The group for which a position was last met, so that circles end.
        let mut met = vec![usize::MAX; direct.len()];
        for (start, people) in direct.iter().enumerate() {
            if people.is_empty() {
                continue;
            }
            let mut level = vec![start];
            let mut climbed = 0;
            while !level.is_empty() {
                let mut above = Vec::new();
                for position in level {
                    let Some(mark) = met.get_mut(position).filter(|mark| **mark != start) else {
                        continue;
                    };
                    *mark = start;
                    if self.missing.contains_key(&position) && self.goes_on(climbed) {
                        self.loose.unite(people);
                    }
                    if position != start
                        && let Some(group) = members.get_mut(position)
                    {
                        group.unite(people);
                    }
                    above.extend(self.parents.get(position).into_iter().flatten().copied());
                }
                if !self.goes_on(climbed) {
                    break;
                }
                climbed += 1;
                level = above;
            }
        }
        self.members = members;
    }

    /// Whether a group this many levels above a user's own has a level above it that counts.
    fn goes_on(&self, climbed: usize) -> bool {
        self.levels.is_none_or(|most| climbed < most)
    }

    /// Who is in a group, or may be; `None` for a group that the snapshot does not have.
    pub(crate) fn membership(&self, group: GroupPk) -> Option<Truth> {
        let mut membership = Truth::known(self.members(group)?.clone());
        membership.may.unite(&self.loose);
        Some(membership)
    }

    /// A group of these, or one above them, that the snapshot does not have.
    pub(crate) fn missing_above(&self, own: &[GroupPk]) -> Option<GroupPk> {
        if let Some(pk) = own.iter().find(|pk| !self.groups.contains_key(*pk)) {
            return Some(*pk);
        }
        let mut met = HashSet::new();
        let level = own.iter().filter_map(|pk| self.groups.get(pk));
        let mut level: Vec<usize> = level.copied().collect();
        let mut climbed = 0;
        while !level.is_empty() && self.goes_on(climbed) {
            level.retain(|position| met.insert(*position));
            if let Some(pk) = level.iter().find_map(|at| self.missing.get(at)) {
                return Some(*pk);
            }
            let above = level.iter().filter_map(|at| self.parents.get(*at));
            level = above.flatten().copied().collect();
            climbed += 1;
        }
        None
    }

    /// Members of a group for certain, those of groups below included.
    pub(crate) fn members(&self, group: GroupPk) -> Option<&Bits> {
        self.members.get(*self.groups.get(&group)?)
    }

    /// The shortest way up from one of `direct` to `group`, both ends included.
    pub(crate) fn chain(&self, direct: &[GroupPk], group: GroupPk) -> Option<Vec<GroupPk>> {
        let goal = *self.groups.get(&group)?;
        let mut from: HashMap<usize, Option<usize>> = HashMap::new();
        let mut open: VecDeque<(usize, usize)> = VecDeque::new();
        for position in direct.iter().filter_map(|pk| self.groups.get(pk)) {
            if from.insert(*position, None).is_none() {
                open.push_back((*position, 0));
            }
        }
        while let Some((position, level)) = open.pop_front() {
            if position == goal {
                let mut chain: Vec<GroupPk> = Vec::new();
                let mut at = Some(goal);
                while let Some(position) = at {
                    chain.extend(self.keys.get(position));
                    at = from.get(&position).copied().flatten();
                }
                chain.reverse();
                return Some(chain);
            }
            if !self.goes_on(level) {
                continue;
            }
            for above in self.parents.get(position).into_iter().flatten() {
                if !from.contains_key(above) {
                    from.insert(*above, Some(position));
                    open.push_back((*above, level + 1));
                }
            }
        }
        None
    }
}
