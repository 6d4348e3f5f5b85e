//! `policies/bindings/` and the policy cache.

use super::{endpoint, handler};
use crate::{
    BindingPk, Parts, PolicyPk, TargetPk,
    models::{BindingRequest, PolicyBinding},
    operation::named,
    page::list_endpoint,
};

list_endpoint! {
    /// Lists policy bindings.
    ///
    /// | | |
    /// |---|---|
    /// | Operation | `policies_bindings_list`, `GET policies/bindings/` |
    /// | Permission | `authentik_policies.view_policybinding` |
    /// | Versions | all |
    /// | Surprises | there is no filter by group or user, and unknown filters are ignored (T22); an unknown target is a 400; `target` is no flow's key (T23) |
    ListBindings(|_| named("policies_bindings_list")) -> PolicyBinding {
        /// Only bindings of this target.
        target: TargetPk = "target",
        /// Only bindings of this policy.
        policy: PolicyPk = "policy",
        /// Only group and user bindings, or only policy bindings.
        policy_isnull: bool = "policy__isnull",
        /// Only those that count, or those that do not.
        enabled: bool = "enabled",
    }
}

endpoint! {
    /// Reads one binding.
    ///
    /// | | |
    /// |---|---|
    /// | Operation | `policies_bindings_retrieve`, `GET policies/bindings/{policy_binding_uuid}/` |
    /// | Permission | `authentik_policies.view_policybinding` |
    /// | Versions | all |
    RetrieveBinding {
        /// The binding.
        pk: BindingPk,
    } -> PolicyBinding,
    |this, _capabilities| Ok(Parts::new(named("policies_bindings_retrieve")).param(this.pk))
}

endpoint! {
    /// Creates a binding.
    ///
    /// | | |
    /// |---|---|
    /// | Operation | `policies_bindings_create`, `POST policies/bindings/` |
    /// | Permission | `authentik_policies.add_policybinding` |
    /// | Versions | all |
    /// | Surprises | the same group or user can be bound twice: look first (fact sheet §5) |
    CreateBinding {
        /// The new binding.
        binding: BindingRequest,
    } -> PolicyBinding,
    |this, _capabilities| Parts::new(named("policies_bindings_create")).json(&this.binding)
}

endpoint! {
    /// Replaces a binding.
    ///
    /// | | |
    /// |---|---|
    /// | Operation | `policies_bindings_update`, `PUT policies/bindings/{policy_binding_uuid}/` |
    /// | Permission | `authentik_policies.change_policybinding` |
    /// | Versions | all |
    ReplaceBinding {
        /// The binding.
        pk: BindingPk,
        /// Its new content.
        binding: BindingRequest,
    } -> PolicyBinding,
    |this, _capabilities| {
        Parts::new(named("policies_bindings_update")).param(this.pk).json(&this.binding)
    }
}

endpoint! {
    /// Changes a binding. The body is always whole: see [`BindingRequest`].
    ///
    /// | | |
    /// |---|---|
    /// | Operation | `policies_bindings_partial_update`, `PATCH policies/bindings/{policy_binding_uuid}/` |
    /// | Permission | `authentik_policies.change_policybinding` |
    /// | Versions | all |
    /// | Surprises | without target a server error, without subject a 400 (T12) |
    UpdateBinding {
        /// The binding.
        pk: BindingPk,
        /// Its new content.
        binding: BindingRequest,
    } -> PolicyBinding,
    |this, _capabilities| {
        Parts::new(named("policies_bindings_partial_update")).param(this.pk).json(&this.binding)
    }
}

endpoint! {
    /// Deletes a binding; the last one gone, its target is open to everyone (T4).
    ///
    /// | | |
    /// |---|---|
    /// | Operation | `policies_bindings_destroy`, `DELETE policies/bindings/{policy_binding_uuid}/` |
    /// | Permission | `authentik_policies.delete_policybinding` |
    /// | Versions | all |
    DestroyBinding {
        /// The binding.
        pk: BindingPk,
    } -> (),
    |this, _capabilities| Ok(Parts::new(named("policies_bindings_destroy")).param(this.pk))
}

endpoint! {
    /// Clears cached policy results and the cached application lists (T7).
    ///
    /// | | |
    /// |---|---|
    /// | Operation | `policies_all_cache_clear_create`, `POST policies/all/cache_clear/` |
    /// | Permission | `authentik_policies.clear_policy_cache` |
    /// | Versions | all |
    ClearPolicyCache -> (),
    |_capabilities| Ok(Parts::new(named("policies_all_cache_clear_create")))
}

handler! {
    /// Operations on policies and their bindings.
    Policies {
        /// Lists bindings.
        bindings(ListBindings),
        /// Reads one binding.
        binding(RetrieveBinding),
        /// Creates a binding.
        create_binding(CreateBinding),
        /// Replaces a binding.
        replace_binding(ReplaceBinding),
        /// Changes a binding.
        update_binding(UpdateBinding),
        /// Deletes a binding.
        destroy_binding(DestroyBinding),
        /// Clears the policy cache.
        clear_cache(ClearPolicyCache),
    }
}
