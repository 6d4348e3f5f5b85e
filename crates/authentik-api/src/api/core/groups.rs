//! `core/groups/`.

use serde_json::json;

use crate::{
    BuildError, Capabilities, Endpoint, GroupPk, Parts, UserPk,
    api::{endpoint, handler},
    models::{Group, GroupRequest, PatchGroup, UsedBy},
    operation::named,
    page::list_endpoint,
};

list_endpoint! {
    /// Lists groups.
    ///
    /// | | |
    /// |---|---|
    /// | Operation | `core_groups_list`, `GET core/groups/` |
    /// | Permission | `authentik_core.view_group` |
    /// | Versions | all; `include_users` from 2024.4 on, ignored before |
    /// | Surprises | `users` lists the keys of all direct members either way |
    ListGroups(|_| named("core_groups_list")) -> Group {
        /// Exact name.
        name: String = "name",
        /// Whether `users_obj` is filled.
        include_users: bool = "include_users",
        /// Groups of which any of these is a direct member.
        members_by_pk: Vec<UserPk> = "members_by_pk",
    }
}

endpoint! {
    /// Reads one group with its direct members.
    ///
    /// | | |
    /// |---|---|
    /// | Operation | `core_groups_retrieve`, `GET core/groups/{group_uuid}/` |
    /// | Permission | `authentik_core.view_group` |
    /// | Versions | all |
    RetrieveGroup {
        /// The group.
        pk: GroupPk,
    } -> Group,
    |this, _capabilities| Ok(Parts::new(named("core_groups_retrieve")).param(this.pk))
}

/// Creates a group.
///
/// | | |
/// |---|---|
/// | Operation | `core_groups_create`, `POST core/groups/` |
/// | Permission | `authentik_core.add_group` |
/// | Versions | all; one parent up to 2025.10, several from 2025.12 on (T27) |
/// | Surprises | up to 2024.4 a name can be taken twice |
#[derive(Debug, Clone, PartialEq)]
pub struct CreateGroup {
    /// The new group.
    pub group: GroupRequest,
}

impl Endpoint for CreateGroup {
    type Output = Group;

    fn parts(&self, capabilities: &Capabilities) -> Result<Parts, BuildError> {
        let mut body = json!({
            "name": self.group.name,
            "is_superuser": self.group.is_superuser,
            "attributes": self.group.attributes,
        });
        let parents = if capabilities.group_parents {
            Some(("parents", json!(self.group.parents)))
        } else {
            match self.group.parents.as_slice() {
                [] => None,
                [parent] => Some(("parent", json!(parent))),
                _ => {
                    return Err(BuildError::Unsupported {
                        version: capabilities.version.clone(),
                        what: "a group has at most one parent before 2025.12",
                    });
                }
            }
        };
        if let (Some(map), Some((key, value))) = (body.as_object_mut(), parents) {
            map.insert(key.to_owned(), value);
        }
        Parts::new(named("core_groups_create")).json(&body)
    }
}

endpoint! {
    /// Changes a group, its members excepted.
    ///
    /// | | |
    /// |---|---|
    /// | Operation | `core_groups_partial_update`, `PATCH core/groups/{group_uuid}/` |
    /// | Permission | `authentik_core.change_group` |
    /// | Versions | all |
    UpdateGroup {
        /// The group.
        pk: GroupPk,
        /// What changes.
        patch: PatchGroup,
    } -> Group,
    |this, _capabilities| {
        Parts::new(named("core_groups_partial_update")).param(this.pk).json(&this.patch)
    }
}

endpoint! {
    /// Deletes a group, and with it the policy bindings that name it: what it was the only binding
    /// of is open to everyone afterwards (T34).
    ///
    /// | | |
    /// |---|---|
    /// | Operation | `core_groups_destroy`, `DELETE core/groups/{group_uuid}/` |
    /// | Permission | `authentik_core.delete_group` |
    /// | Versions | all |
    DestroyGroup {
        /// The group.
        pk: GroupPk,
    } -> (),
    |this, _capabilities| Ok(Parts::new(named("core_groups_destroy")).param(this.pk))
}

endpoint! {
    /// Adds one member and leaves the others alone. Adding a member again is no error.
    ///
    /// | | |
    /// |---|---|
    /// | Operation | `core_groups_add_user_create`, `POST core/groups/{group_uuid}/add_user/` |
    /// | Permission | `authentik_core.add_user_to_group`; before 2024.4 `authentik_core.add_user` |
    /// | Versions | all |
    AddUser {
        /// The group.
        group: GroupPk,
        /// The new member.
        user: UserPk,
    } -> (),
    |this, _capabilities| {
        Parts::new(named("core_groups_add_user_create"))
            .param(this.group)
            .json(&json!({ "pk": this.user }))
    }
}

endpoint! {
    /// Removes one member and leaves the others alone.
    ///
    /// | | |
    /// |---|---|
    /// | Operation | `core_groups_remove_user_create`, `POST core/groups/{group_uuid}/remove_user/` |
    /// | Permission | `authentik_core.remove_user_from_group`; before 2024.4 `authentik_core.add_user` |
    /// | Versions | all |
    RemoveUser {
        /// The group.
        group: GroupPk,
        /// Who leaves.
        user: UserPk,
    } -> (),
    |this, _capabilities| {
        Parts::new(named("core_groups_remove_user_create"))
            .param(this.group)
            .json(&json!({ "pk": this.user }))
    }
}

endpoint! {
    /// Lists what uses a group, as far as the caller may see it.
    ///
    /// | | |
    /// |---|---|
    /// | Operation | `core_groups_used_by_list`, `GET core/groups/{group_uuid}/used_by/` |
    /// | Permission | `authentik_core.view_group` |
    /// | Versions | all |
    ListGroupUses {
        /// The group.
        pk: GroupPk,
    } -> Vec<UsedBy>,
    |this, _capabilities| Ok(Parts::new(named("core_groups_used_by_list")).param(this.pk))
}

handler! {
    /// Operations on groups.
    Groups {
        /// Lists groups.
        list(ListGroups),
        /// Reads one group.
        retrieve(RetrieveGroup),
        /// Creates a group.
        create(CreateGroup),
        /// Changes a group.
        update(UpdateGroup),
        /// Deletes a group.
        destroy(DestroyGroup),
        /// Adds one member.
        add_user(AddUser),
        /// Removes one member.
        remove_user(RemoveUser),
        /// Lists what uses a group.
        used_by(ListGroupUses),
    }
}
