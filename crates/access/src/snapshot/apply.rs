//! Changes happen to a snapshot.

use authentik_api::{ApplicationPk, BindingPk, GroupPk, UserPk};

use super::{
    Application, Binding, Change, Group, Inapplicable, Missing, Snapshot, User, index::Index,
};

impl Snapshot {
    /// Lets a change happen, with all that authentik takes along.
    ///
    /// # Errors
    /// When an object that the change is about does not exist; nothing changes then.
    pub fn apply(&mut self, change: &Change) -> Result<(), Missing> {
        self.apply_with(&mut Index::default(), change)
    }

    pub(super) fn apply_with(&mut self, index: &mut Index, change: &Change) -> Result<(), Missing> {
        match change {
            Change::AddMember { .. }
            | Change::RemoveMember { .. }
            | Change::PutUser { .. }
            | Change::SetActive { .. }
            | Change::DeleteUser { .. } => self.change_user(index, change),
            Change::PutGroup { .. } | Change::SetParents { .. } | Change::DeleteGroup { .. } => {
                self.change_group(index, change)
            }
            Change::PutBinding { .. }
            | Change::RemoveBinding { .. }
            | Change::SetEnabled { .. }
            | Change::SetNegate { .. }
            | Change::SetOrder { .. }
            | Change::SetFailureResult { .. } => self.change_binding(index, change),
            Change::PutApplication { .. }
            | Change::SetMode { .. }
            | Change::DeleteApplication { .. }
            | Change::PutPolicy { .. }
            | Change::DeletePolicy { .. }
            | Change::SetDefaultAccess { .. } => self.change_other(change),
        }
    }

    /// Lets changes happen one after the other, and gives back those that did not fit.
    pub fn apply_all(&mut self, changes: &[Change]) -> Vec<Inapplicable> {
        let mut index = Index::new(self, changes.len());
        let tried = changes.iter().filter_map(|change| {
            self.apply_with(&mut index, change)
                .err()
                .map(|missing| Inapplicable {
                    change: change.clone(),
                    missing,
                })
        });
        tried.collect()
    }

    fn change_user(&mut self, index: &mut Index, change: &Change) -> Result<(), Missing> {
        match change {
            Change::AddMember { group, user } => {
                self.group_mut(index, *group)?;
                let user = self.user_mut(index, *user)?;
                if !user.groups.contains(group) {
                    user.groups.push(*group);
                }
            }
            Change::RemoveMember { group, user } => {
                self.user_mut(index, *user)?.groups.retain(|pk| pk != group);
            }
            Change::PutUser { user } => index.put_user(&mut self.users, user),
            Change::SetActive { user, active } => self.user_mut(index, *user)?.is_active = *active,
            Change::DeleteUser { user } => {
                self.user_mut(index, *user)?;
                self.users.retain(|it| it.pk != *user);
                index.moved(self);
                self.bindings.retain(|it| it.user != Some(*user));
            }
            _ => {}
        }
        Ok(())
    }

    fn change_group(&mut self, index: &mut Index, change: &Change) -> Result<(), Missing> {
        match change {
            Change::PutGroup { group } => index.put_group(&mut self.groups, group),
            Change::SetParents { group, parents } => {
                for parent in parents {
                    self.group_mut(index, *parent)?;
                }
                self.group_mut(index, *group)?.parents.clone_from(parents);
            }
            Change::DeleteGroup { group } => {
                self.group_mut(index, *group)?;
                self.groups.retain(|it| it.pk != *group);
                index.moved(self);
                self.bindings.retain(|it| it.group != Some(*group));
                for it in &mut self.groups {
                    it.parents.retain(|pk| pk != group);
                }
                for it in &mut self.users {
                    it.groups.retain(|pk| pk != group);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn change_binding(&mut self, index: &Index, change: &Change) -> Result<(), Missing> {
        match change {
            Change::PutBinding { binding } => {
                self.application_mut(binding.application)?;
                if let Some(group) = binding.group {
                    self.group_mut(index, group)?;
                }
                if let Some(user) = binding.user {
                    self.user_mut(index, user)?;
                }
                put(&mut self.bindings, binding, |it| it.pk == binding.pk);
            }
            Change::RemoveBinding { binding } => {
                self.binding_mut(*binding)?;
                self.bindings.retain(|it| it.pk != *binding);
            }
            Change::SetEnabled { binding, enabled } => {
                self.binding_mut(*binding)?.enabled = *enabled;
            }
            Change::SetNegate { binding, negate } => self.binding_mut(*binding)?.negate = *negate,
            Change::SetOrder { binding, order } => self.binding_mut(*binding)?.order = *order,
            Change::SetFailureResult {
                binding,
                failure_result,
            } => self.binding_mut(*binding)?.failure_result = *failure_result,
            _ => {}
        }
        Ok(())
    }

    fn change_other(&mut self, change: &Change) -> Result<(), Missing> {
        match change {
            Change::PutApplication { application } => {
                put(&mut self.applications, application, |it| {
                    it.pk == application.pk
                });
            }
            Change::SetMode { application, mode } => {
                self.application_mut(*application)?.mode = mode.clone();
            }
            Change::DeleteApplication { application } => {
                self.application_mut(*application)?;
                self.applications.retain(|it| it.pk != *application);
                self.bindings.retain(|it| it.application != *application);
            }
            Change::PutPolicy { policy } => {
                put(&mut self.policies, policy, |it| it.pk == policy.pk);
            }
            Change::DeletePolicy { policy } => {
                self.policy(*policy).ok_or(Missing::Policy(*policy))?;
                self.policies.retain(|it| it.pk != *policy);
                self.bindings.retain(|it| it.policy != Some(*policy));
            }
            Change::SetDefaultAccess { open } => self.default_app_access = *open,
            _ => {}
        }
        Ok(())
    }

    fn user_mut(&mut self, index: &Index, pk: UserPk) -> Result<&mut User, Missing> {
        let place = index.user(&self.users, pk);
        let found = place.and_then(|place| self.users.get_mut(place));
        found.ok_or(Missing::User(pk))
    }

    fn group_mut(&mut self, index: &Index, pk: GroupPk) -> Result<&mut Group, Missing> {
        let place = index.group(&self.groups, pk);
        let found = place.and_then(|place| self.groups.get_mut(place));
        found.ok_or(Missing::Group(pk))
    }

    fn binding_mut(&mut self, pk: BindingPk) -> Result<&mut Binding, Missing> {
        let found = self.bindings.iter_mut().find(|it| it.pk == pk);
        found.ok_or(Missing::Binding(pk))
    }

    fn application_mut(&mut self, pk: ApplicationPk) -> Result<&mut Application, Missing> {
        let found = self.applications.iter_mut().find(|it| it.pk == pk);
        found.ok_or(Missing::Application(pk))
    }
}

/// Replaces the object that is the same, or adds it.
fn put<T: Clone>(objects: &mut Vec<T>, object: &T, same: impl Fn(&T) -> bool) {
    match objects.iter_mut().find(|it| same(it)) {
        Some(found) => found.clone_from(object),
        None => objects.push(object.clone()),
    }
}
