//! Where users and groups stand, for many changes at once.

use std::collections::HashMap;

use authentik_api::{GroupPk, UserPk};

use super::{Group, Snapshot, User};

/// From so many changes on, looking everybody up once is cheaper than searching for each.
const MANY: usize = 16;

/// Where users and groups stand. Without places it searches.
#[derive(Debug, Default)]
pub(super) struct Index {
    places: Option<Places>,
}

#[derive(Debug)]
struct Places {
    users: HashMap<UserPk, usize>,
    groups: HashMap<GroupPk, usize>,
}

impl Places {
    fn of(snapshot: &Snapshot) -> Self {
        let mut users = HashMap::with_capacity(snapshot.users.len());
        for (place, user) in snapshot.users.iter().enumerate() {
            users.entry(user.pk).or_insert(place);
        }
        let mut groups = HashMap::with_capacity(snapshot.groups.len());
        for (place, group) in snapshot.groups.iter().enumerate() {
            groups.entry(group.pk).or_insert(place);
        }
        Self { users, groups }
    }
}

impl Index {
    /// For this many changes of a snapshot.
    pub(super) fn new(snapshot: &Snapshot, changes: usize) -> Self {
        Self {
            places: (changes >= MANY).then(|| Places::of(snapshot)),
        }
    }

    /// To be called when users or groups were taken away.
    pub(super) fn moved(&mut self, snapshot: &Snapshot) {
        if self.places.is_some() {
            self.places = Some(Places::of(snapshot));
        }
    }

    /// The place of a user.
    pub(super) fn user(&self, users: &[User], pk: UserPk) -> Option<usize> {
        match &self.places {
            Some(places) => places.users.get(&pk).copied(),
            None => users.iter().position(|it| it.pk == pk),
        }
    }

    /// The place of a group.
    pub(super) fn group(&self, groups: &[Group], pk: GroupPk) -> Option<usize> {
        match &self.places {
            Some(places) => places.groups.get(&pk).copied(),
            None => groups.iter().position(|it| it.pk == pk),
        }
    }

    /// Replaces a user, or adds one.
    pub(super) fn put_user(&mut self, users: &mut Vec<User>, user: &User) {
        let place = self.user(users, user.pk);
        if let Some(found) = place.and_then(|place| users.get_mut(place)) {
            found.clone_from(user);
            return;
        }
        if let Some(places) = &mut self.places {
            places.users.insert(user.pk, users.len());
        }
        users.push(user.clone());
    }

    /// Replaces a group, or adds one.
    pub(super) fn put_group(&mut self, groups: &mut Vec<Group>, group: &Group) {
        let place = self.group(groups, group.pk);
        if let Some(found) = place.and_then(|place| groups.get_mut(place)) {
            found.clone_from(group);
            return;
        }
        if let Some(places) = &mut self.places {
            places.groups.insert(group.pk, groups.len());
        }
        groups.push(group.clone());
    }
}
