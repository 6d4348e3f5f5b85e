//! Operations with the tag `tenants`.

operations! { "tenants"
    Dangerous 2024.2..         Post   "/tenants/domains/" "tenants_domains_create"
    Dangerous 2024.2..         Delete "/tenants/domains/{id}/" "tenants_domains_destroy"
    Read      2024.2..         Get    "/tenants/domains/" "tenants_domains_list"
    Dangerous 2024.2..         Patch  "/tenants/domains/{id}/" "tenants_domains_partial_update"
    Read      2024.2..         Get    "/tenants/domains/{id}/" "tenants_domains_retrieve"
    Dangerous 2024.2..         Put    "/tenants/domains/{id}/" "tenants_domains_update"
    Dangerous 2024.2..         Post   "/tenants/tenants/" "tenants_tenants_create"
    Dangerous 2024.2..         Post   "/tenants/tenants/{tenant_uuid}/create_admin_group/" "tenants_tenants_create_admin_group_create"
    Dangerous 2024.2..         Post   "/tenants/tenants/{tenant_uuid}/create_recovery_key/" "tenants_tenants_create_recovery_key_create"
    Dangerous 2024.2..         Delete "/tenants/tenants/{tenant_uuid}/" "tenants_tenants_destroy"
    Read      2024.2..         Get    "/tenants/tenants/" "tenants_tenants_list"
    Dangerous 2024.2..         Patch  "/tenants/tenants/{tenant_uuid}/" "tenants_tenants_partial_update"
    Read      2024.2..         Get    "/tenants/tenants/{tenant_uuid}/" "tenants_tenants_retrieve"
    Dangerous 2024.2..         Put    "/tenants/tenants/{tenant_uuid}/" "tenants_tenants_update"
}
