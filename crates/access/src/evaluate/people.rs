//! Users as rows, groups as sets of rows.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

use authentik_api::{GroupPk, UserPk};

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
    groups: HashMap<GroupPk, usize>,
    keys: Vec<GroupPk>,
    /// Positions of the groups above, by position.
    parents: Vec<Vec<usize>>,
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
        let mut direct: Vec<Bits> = vec![Bits::none(rows.len()); keys.len()];
        let mut active = Bits::none(rows.len());
        let mut agents = Bits::none(rows.len());
        active.insert(rows.outsider());
        for (row, user) in snapshot.users.iter().enumerate() {
            if user.is_active {
                active.insert(row);
            }
            if semantics.agents && user.is_agent() {
                agents.insert(row);
            }
            for pk in &user.groups {
                if let Some(group) = groups.get(pk).and_then(|at| direct.get_mut(*at)) {
                    group.insert(row);
                }
            }
        }
        let mut people = Self {
            rows: Arc::new(rows),
            active,
            agents,
            groups,
            keys,
            parents,
            members: Vec::new(),
            levels: semantics.levels,
        };
        people.members = people.inherit(&direct);
        people
    }

    /// Members, those of groups below included: each group's people are handed to all groups above it.
    fn inherit(&self, direct: &[Bits]) -> Vec<Bits> {
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
                    if position != start
                        && let Some(group) = members.get_mut(position)
                    {
                        group.unite(people);
                    }
                    above.extend(self.parents.get(position).into_iter().flatten().copied());
                }
                climbed += 1;
                if self.levels.is_some_and(|most| climbed > most) {
                    break;
                }
                level = above;
            }
        }
        members
    }

    /// Members of a group, those of groups below included.
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
            if self.levels.is_some_and(|most| level >= most) {
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
