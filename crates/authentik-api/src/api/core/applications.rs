//! `core/applications/`. One application is addressed by its slug.

use crate::{
    Parts, UserPk,
    api::{endpoint, handler},
    models::{AccessResult, Application, ApplicationRequest, PatchApplication, UsedBy},
    operation::named,
    page::list_endpoint,
};

list_endpoint! {
    /// Lists applications.
    ///
    /// | | |
    /// |---|---|
    /// | Operation | `core_applications_list`, `GET core/applications/` |
    /// | Permission | `authentik_core.view_application` |
    /// | Versions | all |
    /// | Surprises | without `superuser_full_list` the list is what the *caller* may open, filtered after paging and cached up to a day, filters ignored (T7); for callers who are no superusers the flag is ignored without a word (T8) |
    ListApplications(|_| named("core_applications_list")) -> Application {
        /// All applications, whoever may open them.
        superuser_full_list: bool = "superuser_full_list",
        /// Exact slug; only together with `superuser_full_list`.
        slug: String = "slug",
        /// Exact name; only together with `superuser_full_list`.
        name: String = "name",
    }
}

impl ListApplications {
    /// All applications, whoever may open them.
    pub fn everything() -> Self {
        Self::default().superuser_full_list(true)
    }
}

endpoint! {
    /// Reads one application.
    ///
    /// | | |
    /// |---|---|
    /// | Operation | `core_applications_retrieve`, `GET core/applications/{slug}/` |
    /// | Permission | `authentik_core.view_application` |
    /// | Versions | all |
    RetrieveApplication {
        /// Slug.
        slug: String,
    } -> Application,
    |this, _capabilities| {
        Ok(Parts::new(named("core_applications_retrieve")).param(&this.slug))
    }
}

endpoint! {
    /// Creates an application.
    ///
    /// | | |
    /// |---|---|
    /// | Operation | `core_applications_create`, `POST core/applications/` |
    /// | Permission | `authentik_core.add_application` |
    /// | Versions | all; `meta_icon` from 2025.12 on, ignored before (T28) |
    /// | Surprises | slug and provider are unique |
    CreateApplication {
        /// The new application.
        application: ApplicationRequest,
    } -> Application,
    |this, capabilities| {
        let mut application = this.application.clone();
        application.meta_icon = application.meta_icon.filter(|_| capabilities.application_icon);
        Parts::new(named("core_applications_create")).json(&application)
    }
}

endpoint! {
    /// Changes an application.
    ///
    /// | | |
    /// |---|---|
    /// | Operation | `core_applications_partial_update`, `PATCH core/applications/{slug}/` |
    /// | Permission | `authentik_core.change_application` |
    /// | Versions | all |
    UpdateApplication {
        /// Slug.
        slug: String,
        /// What changes.
        patch: PatchApplication,
    } -> Application,
    |this, _capabilities| {
        Parts::new(named("core_applications_partial_update")).param(&this.slug).json(&this.patch)
    }
}

endpoint! {
    /// Deletes an application with its bindings and its back-channel providers (T34); the provider
    /// stays behind, unassigned.
    ///
    /// | | |
    /// |---|---|
    /// | Operation | `core_applications_destroy`, `DELETE core/applications/{slug}/` |
    /// | Permission | `authentik_core.delete_application` |
    /// | Versions | all |
    DestroyApplication {
        /// Slug.
        slug: String,
    } -> (),
    |this, _capabilities| {
        Ok(Parts::new(named("core_applications_destroy")).param(&this.slug))
    }
}

endpoint! {
    /// Asks the policy engine whether a person may open an application. Not cached.
    ///
    /// | | |
    /// |---|---|
    /// | Operation | `core_applications_check_access_retrieve`, `GET core/applications/{slug}/check_access/` |
    /// | Permission | `for_user` is honoured for superusers only; otherwise the caller is asked about (T8) |
    /// | Versions | all |
    /// | Surprises | an unknown user is a 404 on 2023.10 and a 400 from 2024.2 on; superusers get no bypass (T2) |
    CheckAccess {
        /// Slug.
        slug: String,
        /// The person; the caller when `None`.
        for_user: Option<UserPk>,
    } -> AccessResult,
    |this, _capabilities| {
        Ok(Parts::new(named("core_applications_check_access_retrieve"))
            .param(&this.slug)
            .query("for_user", &this.for_user))
    }
}

endpoint! {
    /// Lists what uses an application, as far as the caller may see it.
    ///
    /// | | |
    /// |---|---|
    /// | Operation | `core_applications_used_by_list`, `GET core/applications/{slug}/used_by/` |
    /// | Permission | `authentik_core.view_application` |
    /// | Versions | all |
    /// | Surprises | not a list of deletions: `cascade_many` only unlinks (recordings, observation 14) |
    ListApplicationUses {
        /// Slug.
        slug: String,
    } -> Vec<UsedBy>,
    |this, _capabilities| {
        Ok(Parts::new(named("core_applications_used_by_list")).param(&this.slug))
    }
}

handler! {
    /// Operations on applications.
    Applications {
        /// Lists applications.
        list(ListApplications),
        /// Reads one application.
        retrieve(RetrieveApplication),
        /// Creates an application.
        create(CreateApplication),
        /// Changes an application.
        update(UpdateApplication),
        /// Deletes an application.
        destroy(DestroyApplication),
        /// Asks the policy engine.
        check_access(CheckAccess),
        /// Lists what uses an application.
        used_by(ListApplicationUses),
    }
}
