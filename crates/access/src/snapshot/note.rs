//! What did not fit together.

use std::collections::HashSet;

use authentik_api::{BindingPk, GroupPk, UserPk};
use serde::{Deserialize, Serialize};

use super::Snapshot;
use crate::List;

/// Something in a snapshot that did not fit together: as a rule an object that was made or deleted
/// while the snapshot was read. Reading again helps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "note", rename_all = "snake_case")]
pub enum Note {
    /// A binding names a group that the list of groups did not have. What it decides is unknown.
    BindingGroupMissing {
        /// The binding.
        binding: BindingPk,
        /// The group.
        group: GroupPk,
    },
    /// A binding names a user whom the list of users did not have. What it decides is unknown.
    BindingUserMissing {
        /// The binding.
        binding: BindingPk,
        /// The user.
        user: UserPk,
    },
    /// A user is in a group that the list of groups did not have. What else it makes
    /// the user a member of is unknown.
    UserGroupMissing {
        /// The user.
        user: UserPk,
        /// The group.
        group: GroupPk,
    },
    /// A group lies below one that the list of groups did not have. What else
    /// that makes its members members of is unknown.
    ParentMissing {
        /// The group below.
        group: GroupPk,
        /// The group above.
        parent: GroupPk,
    },
    /// A list had another length at its end than at its beginning: something may be missing.
    Moved {
        /// What was listed.
        list: List,
        /// Objects that the first page announced.
        announced: u32,
        /// Different objects that came.
        read: u32,
    },
}

impl Snapshot {
    /// The references that lead into nothing.
    pub fn dangling(&self) -> Vec<Note> {
        let groups: HashSet<GroupPk> = self.groups.iter().map(|group| group.pk).collect();
        let users: HashSet<UserPk> = self.users.iter().map(|user| user.pk).collect();
        let mut notes = Vec::new();
        for binding in &self.bindings {
            if let Some(group) = binding.group.filter(|pk| !groups.contains(pk)) {
                let binding = binding.pk;
                notes.push(Note::BindingGroupMissing { binding, group });
            }
            if let Some(user) = binding.user.filter(|pk| !users.contains(pk)) {
                let binding = binding.pk;
                notes.push(Note::BindingUserMissing { binding, user });
            }
        }
        for user in &self.users {
            for group in user.groups.iter().filter(|pk| !groups.contains(pk)) {
                let (user, group) = (user.pk, *group);
                notes.push(Note::UserGroupMissing { user, group });
            }
        }
        for group in &self.groups {
            for parent in group.parents.iter().filter(|pk| !groups.contains(pk)) {
                let (group, parent) = (group.pk, *parent);
                notes.push(Note::ParentMissing { group, parent });
            }
        }
        notes
    }
}
