//! `core/users/`.

use crate::{
    GroupPk, Parts, UserPk,
    api::{endpoint, handler},
    models::{Me, User},
    operation::named,
    page::list_endpoint,
};

list_endpoint! {
    /// Lists users; the anonymous guardian user is hidden.
    ///
    /// | | |
    /// |---|---|
    /// | Operation | `core_users_list`, `GET core/users/` |
    /// | Permission | `authentik_core.view_user` |
    /// | Versions | all; `include_groups` from 2024.4 on, ignored before |
    /// | Surprises | `search` is a substring: use `username` for one person; group filters know direct membership only |
    ListUsers(|_| named("core_users_list")) -> User {
        /// Exact login name.
        username: String = "username",
        /// Only users who may, or may not, sign in.
        is_active: bool = "is_active",
        /// Direct members of any of these groups.
        groups_by_pk: Vec<GroupPk> = "groups_by_pk",
        /// Whether `groups_obj` is filled.
        include_groups: bool = "include_groups",
    }
}

endpoint! {
    /// Tells whom the credential belongs to.
    ///
    /// | | |
    /// |---|---|
    /// | Operation | `core_users_me_retrieve`, `GET core/users/me/` |
    /// | Permission | any signed-in user |
    /// | Versions | all |
    RetrieveMe -> Me,
    |_capabilities| Ok(Parts::new(named("core_users_me_retrieve")))
}

endpoint! {
    /// Reads one user.
    ///
    /// | | |
    /// |---|---|
    /// | Operation | `core_users_retrieve`, `GET core/users/{id}/` |
    /// | Permission | `authentik_core.view_user` |
    /// | Versions | all |
    RetrieveUser {
        /// The user.
        pk: UserPk,
    } -> User,
    |this, _capabilities| Ok(Parts::new(named("core_users_retrieve")).param(this.pk))
}

handler! {
    /// Operations on users.
    Users {
        /// Lists users.
        list(ListUsers),
        /// Tells whom the credential belongs to.
        me(RetrieveMe),
        /// Reads one user.
        retrieve(RetrieveUser),
    }
}
