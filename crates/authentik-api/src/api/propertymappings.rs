//! `propertymappings/provider/scope/`, `propertymappings/scope/` before 2024.8.

use super::{endpoint, handler};
use crate::{
    MappingPk, Parts,
    models::{ScopeMapping, ScopeMappingRequest, UsedBy},
    page::list_endpoint,
};

list_endpoint! {
    /// Lists scope mappings.
    ///
    /// | | |
    /// |---|---|
    /// | Operation | `propertymappings_provider_scope_list`, `GET propertymappings/provider/scope/`; before 2024.8 `propertymappings_scope_list`, `GET propertymappings/scope/` |
    /// | Permission | `authentik_providers_oauth2.view_scopemapping` |
    /// | Versions | all |
    ListScopeMappings(|capabilities| capabilities.scope_mappings().list) -> ScopeMapping {
        /// Exact name.
        name: String = "name",
        /// Exact name of the scope.
        scope_name: String = "scope_name",
    }
}

endpoint! {
    /// Reads one scope mapping.
    ///
    /// | | |
    /// |---|---|
    /// | Operation | `propertymappings_provider_scope_retrieve`; before 2024.8 `propertymappings_scope_retrieve` |
    /// | Permission | `authentik_providers_oauth2.view_scopemapping` |
    /// | Versions | all |
    RetrieveScopeMapping {
        /// The mapping.
        pk: MappingPk,
    } -> ScopeMapping,
    |this, capabilities| Ok(Parts::new(capabilities.scope_mappings().retrieve).param(this.pk))
}

endpoint! {
    /// Creates a scope mapping.
    ///
    /// | | |
    /// |---|---|
    /// | Operation | `propertymappings_provider_scope_create`; before 2024.8 `propertymappings_scope_create` |
    /// | Permission | `authentik_providers_oauth2.add_scopemapping` |
    /// | Versions | all |
    /// | Surprises | the expression is checked for syntax only |
    CreateScopeMapping {
        /// The new mapping.
        mapping: ScopeMappingRequest,
    } -> ScopeMapping,
    |this, capabilities| Parts::new(capabilities.scope_mappings().create).json(&this.mapping)
}

endpoint! {
    /// Deletes a scope mapping; providers lose it.
    ///
    /// | | |
    /// |---|---|
    /// | Operation | `propertymappings_provider_scope_destroy`; before 2024.8 `propertymappings_scope_destroy` |
    /// | Permission | `authentik_providers_oauth2.delete_scopemapping` |
    /// | Versions | all |
    DestroyScopeMapping {
        /// The mapping.
        pk: MappingPk,
    } -> (),
    |this, capabilities| Ok(Parts::new(capabilities.scope_mappings().destroy).param(this.pk))
}

endpoint! {
    /// Lists what uses a scope mapping, as far as the caller may see it.
    ///
    /// | | |
    /// |---|---|
    /// | Operation | `propertymappings_provider_scope_used_by_list`; before 2024.8 `propertymappings_scope_used_by_list` |
    /// | Permission | `authentik_providers_oauth2.view_scopemapping` |
    /// | Versions | all |
    ListScopeMappingUses {
        /// The mapping.
        pk: MappingPk,
    } -> Vec<UsedBy>,
    |this, capabilities| Ok(Parts::new(capabilities.scope_mappings().used_by).param(this.pk))
}

handler! {
    /// Operations on property mappings.
    PropertyMappings {
        /// Lists scope mappings.
        scopes(ListScopeMappings),
        /// Reads one scope mapping.
        scope(RetrieveScopeMapping),
        /// Creates a scope mapping.
        create_scope(CreateScopeMapping),
        /// Deletes a scope mapping.
        destroy_scope(DestroyScopeMapping),
        /// Lists what uses a scope mapping.
        scope_used_by(ListScopeMappingUses),
    }
}
