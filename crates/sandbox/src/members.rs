//! Who is in which group, from both sides.

use std::collections::{BTreeSet, HashMap};

/// Direct memberships. Users by number; groups by the text of their primary key.
#[derive(Debug, Clone, Default)]
pub(crate) struct Members {
    groups: HashMap<i64, BTreeSet<String>>,
    users: HashMap<String, BTreeSet<i64>>,
}

impl Members {
    /// Lets a user be in a group, or not.
    pub(crate) fn set(&mut self, user: i64, group: &str, belongs: bool) {
        let groups = self.groups.entry(user).or_default();
        let users = self.users.entry(group.to_owned()).or_default();
        if belongs {
            groups.insert(group.to_owned());
            users.insert(user);
        } else {
            groups.remove(group);
            users.remove(&user);
        }
    }

    /// The members of a group, by number.
    pub(crate) fn of_group(&self, group: &str) -> impl Iterator<Item = i64> {
        self.users.get(group).into_iter().flatten().copied()
    }

    /// The groups of a user, in no order that means anything.
    pub(crate) fn of_user(&self, user: i64) -> impl Iterator<Item = &str> {
        let groups = self.groups.get(&user).into_iter().flatten();
        groups.map(String::as_str)
    }

    /// Makes these the only members of a group.
    pub(crate) fn set_users(&mut self, group: &str, wanted: &BTreeSet<i64>) {
        let gone: Vec<i64> = self
            .of_group(group)
            .filter(|user| !wanted.contains(user))
            .collect();
        for user in gone {
            self.set(user, group, false);
        }
        for user in wanted {
            self.set(*user, group, true);
        }
    }

    /// Makes these the only groups of a user.
    pub(crate) fn set_groups(&mut self, user: i64, wanted: &BTreeSet<String>) {
        let gone: Vec<String> = self
            .of_user(user)
            .filter(|group| !wanted.contains(*group))
            .map(str::to_owned)
            .collect();
        for group in gone {
            self.set(user, &group, false);
        }
        for group in wanted {
            self.set(user, group, true);
        }
    }

    pub(crate) fn forget_user(&mut self, user: i64) {
        self.set_groups(user, &BTreeSet::new());
        self.groups.remove(&user);
    }

    pub(crate) fn forget_group(&mut self, group: &str) {
        self.set_users(group, &BTreeSet::new());
        self.users.remove(group);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both_sides(members: &Members) -> (Vec<i64>, Vec<&str>) {
        (
            members.of_group("a").collect(),
            members.of_user(7).collect(),
        )
    }

    #[test]
    fn both_sides_say_the_same() {
        let mut members = Members::default();
        members.set_users("a", &BTreeSet::from([9, 7]));
        members.set(7, "b", true);
        assert_eq!(both_sides(&members), (vec![7, 9], vec!["a", "b"]));
        members.set_groups(7, &BTreeSet::from(["b".to_owned()]));
        assert_eq!(both_sides(&members), (vec![9], vec!["b"]));
        members.set(7, "a", true);
        members.forget_group("b");
        assert_eq!(both_sides(&members), (vec![7, 9], vec!["a"]));
        members.forget_user(7);
        assert_eq!(both_sides(&members), (vec![9], vec![]));
    }
}
