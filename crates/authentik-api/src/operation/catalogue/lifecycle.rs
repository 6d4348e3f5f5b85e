//! Operations with the tag `lifecycle`.

operations! { "lifecycle"
    Write     2026.2..         Post   "/lifecycle/iterations/" "lifecycle_iterations_create"
    Read      2026.2..         Get    "/lifecycle/iterations/latest/{content_type}/{object_id}/" "lifecycle_iterations_list_latest"
    Read      2026.2..         Get    "/lifecycle/iterations/open/" "lifecycle_iterations_list_open"
    Write     2026.2..         Post   "/lifecycle/reviews/" "lifecycle_reviews_create"
    Write     2026.2..         Post   "/lifecycle/rules/" "lifecycle_rules_create"
    Dangerous 2026.2..         Delete "/lifecycle/rules/{id}/" "lifecycle_rules_destroy"
    Read      2026.2..         Get    "/lifecycle/rules/" "lifecycle_rules_list"
    Write     2026.2..         Patch  "/lifecycle/rules/{id}/" "lifecycle_rules_partial_update"
    Read      2026.2..         Get    "/lifecycle/rules/{id}/" "lifecycle_rules_retrieve"
    Write     2026.2..         Put    "/lifecycle/rules/{id}/" "lifecycle_rules_update"
    Dangerous 2026.8..         Post   "/lifecycle/user_offboarding/" "lifecycle_user_offboarding_create"
    Dangerous 2026.8..         Delete "/lifecycle/user_offboarding/{id}/" "lifecycle_user_offboarding_destroy"
    Read      2026.8..         Get    "/lifecycle/user_offboarding/" "lifecycle_user_offboarding_list"
    Read      2026.8..         Get    "/lifecycle/user_offboarding/{id}/" "lifecycle_user_offboarding_retrieve"
}
