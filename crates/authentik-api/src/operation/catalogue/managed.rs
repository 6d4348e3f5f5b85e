//! Operations with the tag `managed`.

operations! { "managed"
    Dangerous 2023.10..        Post   "/managed/blueprints/{instance_uuid}/apply/" "managed_blueprints_apply_create"
    Read      2023.10..        Get    "/managed/blueprints/available/" "managed_blueprints_available_list"
    Dangerous 2023.10..        Post   "/managed/blueprints/" "managed_blueprints_create"
    Dangerous 2023.10..        Delete "/managed/blueprints/{instance_uuid}/" "managed_blueprints_destroy"
    Dangerous 2026.5..         Post   "/managed/blueprints/import/" "managed_blueprints_import_create"
    Secret    2023.10..        Get    "/managed/blueprints/" "managed_blueprints_list"
    Dangerous 2023.10..        Patch  "/managed/blueprints/{instance_uuid}/" "managed_blueprints_partial_update"
    Secret    2023.10..        Get    "/managed/blueprints/{instance_uuid}/" "managed_blueprints_retrieve"
    Dangerous 2023.10..        Put    "/managed/blueprints/{instance_uuid}/" "managed_blueprints_update"
    Read      2023.10..        Get    "/managed/blueprints/{instance_uuid}/used_by/" "managed_blueprints_used_by_list"
}
