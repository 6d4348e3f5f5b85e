//! The way back.

use authentik_api::{GroupPk, UserPk};

use super::{Binding, Change, Group, Snapshot, User, index::Index};

impl Snapshot {
    /// The changes that lead back to this snapshot once `changes` have happened to it. A change that
    /// does not fit, or changes nothing, needs no way back.
    pub fn inverse(&self, changes: &[Change]) -> Vec<Change> {
        let mut now = self.clone();
        let mut index = Index::new(self, changes.len());
        let mut back: Vec<Vec<Change>> = Vec::new();
        for change in changes {
            let inverse = now.inverse_of(&index, change);
            if now.apply_with(&mut index, change).is_ok() {
                back.push(inverse);
            }
        }
        back.into_iter().rev().flatten().collect()
    }

    fn inverse_of(&self, index: &Index, change: &Change) -> Vec<Change> {
        match change {
            Change::AddMember { group, user } => {
                let is_member = self
                    .user_at(index, *user)
                    .is_some_and(|it| it.groups.contains(group));
                let (group, user) = (*group, *user);
                one((!is_member).then_some(Change::RemoveMember { group, user }))
            }
            Change::RemoveMember { group, user } => {
                let before = self.user_at(index, *user);
                let before = before.filter(|it| it.groups.contains(group));
                one(before.map(|before| {
                    let (group, user) = (*group, *user);
                    if self.group_at(index, group).is_some() {
                        Change::AddMember { group, user }
                    } else {
                        // Nobody can be added to a group that is not there.
                        let user = before.clone();
                        Change::PutUser { user }
                    }
                }))
            }
            Change::PutUser { user } => vec![match self.user_at(index, user.pk).cloned() {
                Some(user) => Change::PutUser { user },
                None => Change::DeleteUser { user: user.pk },
            }],
            Change::SetActive { user, .. } => {
                one(self.user_at(index, *user).map(|it| Change::SetActive {
                    user: *user,
                    active: it.is_active,
                }))
            }
            Change::DeleteUser { user } => {
                let made = self.user_at(index, *user).cloned();
                let put = one(made.map(|user| Change::PutUser { user }));
                self.with_bindings(put, |it| it.user == Some(*user))
            }
            Change::PutGroup { .. } | Change::SetParents { .. } | Change::DeleteGroup { .. } => {
                self.inverse_of_group(index, change)
            }
            Change::PutBinding { binding } => vec![match self.binding(binding.pk).cloned() {
                Some(binding) => Change::PutBinding { binding },
                None => Change::RemoveBinding {
                    binding: binding.pk,
                },
            }],
            Change::RemoveBinding { binding: pk }
            | Change::SetEnabled { binding: pk, .. }
            | Change::SetNegate { binding: pk, .. }
            | Change::SetOrder { binding: pk, .. }
            | Change::SetFailureResult { binding: pk, .. } => {
                let before = self.binding(*pk).cloned();
                one(before.map(|binding| Change::PutBinding { binding }))
            }
            Change::PutApplication { .. }
            | Change::SetMode { .. }
            | Change::DeleteApplication { .. }
            | Change::PutPolicy { .. }
            | Change::DeletePolicy { .. }
            | Change::SetDefaultAccess { .. } => self.inverse_of_other(change),
        }
    }

    fn inverse_of_group(&self, index: &Index, change: &Change) -> Vec<Change> {
        match change {
            Change::PutGroup { group } => vec![match self.group_at(index, group.pk).cloned() {
                Some(group) => Change::PutGroup { group },
                None => Change::DeleteGroup { group: group.pk },
            }],
            Change::SetParents { group, .. } => {
                let before = self.group_at(index, *group);
                one(before.map(|it| Change::SetParents {
                    group: *group,
                    parents: it.parents.clone(),
                }))
            }
            Change::DeleteGroup { group } => {
                let made = self.group_at(index, *group).cloned();
                let mut back = one(made.map(|group| Change::PutGroup { group }));
                let below = self.groups.iter().filter(|it| it.parents.contains(group));
                back.extend(below.map(|it| Change::SetParents {
                    group: it.pk,
                    parents: it.parents.clone(),
                }));
                let members = self.users.iter().filter(|it| it.groups.contains(group));
                back.extend(members.map(|it| Change::AddMember {
                    group: *group,
                    user: it.pk,
                }));
                self.with_bindings(back, |it| it.group == Some(*group))
            }
            _ => Vec::new(),
        }
    }

    fn inverse_of_other(&self, change: &Change) -> Vec<Change> {
        match change {
            Change::PutApplication { application } => {
                let before = self.application(application.pk).cloned();
                vec![match before {
                    Some(application) => Change::PutApplication { application },
                    None => Change::DeleteApplication {
                        application: application.pk,
                    },
                }]
            }
            Change::SetMode { application, .. } => {
                let before = self.application(*application).cloned();
                one(before.map(|application| Change::PutApplication { application }))
            }
            Change::DeleteApplication { application: pk } => {
                let before = self.application(*pk).cloned();
                let put = one(before.map(|application| Change::PutApplication { application }));
                self.with_bindings(put, |it| it.application == *pk)
            }
            Change::PutPolicy { policy } => vec![match self.policy(policy.pk).cloned() {
                Some(policy) => Change::PutPolicy { policy },
                None => Change::DeletePolicy { policy: policy.pk },
            }],
            Change::DeletePolicy { policy: pk } => {
                let before = self.policy(*pk).cloned();
                let put = one(before.map(|policy| Change::PutPolicy { policy }));
                self.with_bindings(put, |it| it.policy == Some(*pk))
            }
            _ => vec![Change::SetDefaultAccess {
                open: self.default_app_access,
            }],
        }
    }

    fn user_at(&self, index: &Index, pk: UserPk) -> Option<&User> {
        self.users.get(index.user(&self.users, pk)?)
    }

    fn group_at(&self, index: &Index, pk: GroupPk) -> Option<&Group> {
        self.groups.get(index.group(&self.groups, pk)?)
    }

    /// The changes, and the bindings that went along.
    fn with_bindings(
        &self,
        mut changes: Vec<Change>,
        went_along: impl Fn(&Binding) -> bool,
    ) -> Vec<Change> {
        let gone = self.bindings.iter().filter(|binding| went_along(binding));
        changes.extend(gone.cloned().map(|binding| Change::PutBinding { binding }));
        changes
    }
}

fn one(change: Option<Change>) -> Vec<Change> {
    change.into_iter().collect()
}
