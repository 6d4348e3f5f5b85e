//! Operations with the tag `rac`.

operations! { "rac"
    Dangerous 2024.2..         Delete "/rac/connection_tokens/{connection_token_uuid}/" "rac_connection_tokens_destroy"
    Secret    2024.2..         Get    "/rac/connection_tokens/" "rac_connection_tokens_list"
    Write     2024.2..         Patch  "/rac/connection_tokens/{connection_token_uuid}/" "rac_connection_tokens_partial_update"
    Secret    2024.2..         Get    "/rac/connection_tokens/{connection_token_uuid}/" "rac_connection_tokens_retrieve"
    Write     2024.2..         Put    "/rac/connection_tokens/{connection_token_uuid}/" "rac_connection_tokens_update"
    Read      2024.2..         Get    "/rac/connection_tokens/{connection_token_uuid}/used_by/" "rac_connection_tokens_used_by_list"
    Write     2024.2..         Post   "/rac/endpoints/" "rac_endpoints_create"
    Dangerous 2024.2..         Delete "/rac/endpoints/{pbm_uuid}/" "rac_endpoints_destroy"
    Secret    2024.2..         Get    "/rac/endpoints/" "rac_endpoints_list"
    Write     2024.2..         Patch  "/rac/endpoints/{pbm_uuid}/" "rac_endpoints_partial_update"
    Secret    2024.2..         Get    "/rac/endpoints/{pbm_uuid}/" "rac_endpoints_retrieve"
    Write     2024.2..         Put    "/rac/endpoints/{pbm_uuid}/" "rac_endpoints_update"
    Read      2024.2..         Get    "/rac/endpoints/{pbm_uuid}/used_by/" "rac_endpoints_used_by_list"
}
