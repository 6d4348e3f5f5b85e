//! Operations with the tag `oauth2`.

operations! { "oauth2"
    Dangerous 2023.10..        Delete "/oauth2/access_tokens/{id}/" "oauth2_access_tokens_destroy"
    Secret    2023.10..        Get    "/oauth2/access_tokens/" "oauth2_access_tokens_list"
    Secret    2023.10..        Get    "/oauth2/access_tokens/{id}/" "oauth2_access_tokens_retrieve"
    Read      2023.10..        Get    "/oauth2/access_tokens/{id}/used_by/" "oauth2_access_tokens_used_by_list"
    Dangerous 2023.10..        Delete "/oauth2/authorization_codes/{id}/" "oauth2_authorization_codes_destroy"
    Secret    2023.10..        Get    "/oauth2/authorization_codes/" "oauth2_authorization_codes_list"
    Secret    2023.10..        Get    "/oauth2/authorization_codes/{id}/" "oauth2_authorization_codes_retrieve"
    Read      2023.10..        Get    "/oauth2/authorization_codes/{id}/used_by/" "oauth2_authorization_codes_used_by_list"
    Dangerous 2023.10..        Delete "/oauth2/refresh_tokens/{id}/" "oauth2_refresh_tokens_destroy"
    Secret    2023.10..        Get    "/oauth2/refresh_tokens/" "oauth2_refresh_tokens_list"
    Secret    2023.10..        Get    "/oauth2/refresh_tokens/{id}/" "oauth2_refresh_tokens_retrieve"
    Read      2023.10..        Get    "/oauth2/refresh_tokens/{id}/used_by/" "oauth2_refresh_tokens_used_by_list"
}
