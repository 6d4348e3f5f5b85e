//! `rbac/`: roles and permissions.

use super::handler;
use crate::{
    models::{Permission, Role},
    operation::named,
    page::list_endpoint,
};

list_endpoint! {
    /// Lists roles.
    ///
    /// | | |
    /// |---|---|
    /// | Operation | `rbac_roles_list`, `GET rbac/roles/` |
    /// | Permission | `authentik_rbac.view_role` |
    /// | Versions | all |
    /// | Surprises | no filter by name up to 2025.8; from 2025.12 on those that hold one user's own permissions are listed too |
    ListRoles(|_| named("rbac_roles_list")) -> Role {}
}

list_endpoint! {
    /// Lists the permissions that there are.
    ///
    /// | | |
    /// |---|---|
    /// | Operation | `rbac_permissions_list`, `GET rbac/permissions/` |
    /// | Permission | none |
    /// | Versions | all |
    /// | Surprises | those of base models may be missing although they can be assigned |
    ListPermissions(|_| named("rbac_permissions_list")) -> Permission {
        /// Name without the label of its application.
        codename: String = "codename",
        /// Label of the Django application, such as `authentik_core`.
        app_label: String = "content_type__app_label",
    }
}

handler! {
    /// Operations on roles and permissions.
    Rbac {
        /// Lists roles.
        roles(ListRoles),
        /// Lists permissions.
        permissions(ListPermissions),
    }
}
