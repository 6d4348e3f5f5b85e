//! Operations with the tag `enterprise`.

operations! { "enterprise"
    Write     2023.10..        Post   "/enterprise/license/" "enterprise_license_create"
    Dangerous 2023.10..        Delete "/enterprise/license/{license_uuid}/" "enterprise_license_destroy"
    Read      2023.10..        Get    "/enterprise/license/forecast/" "enterprise_license_forecast_retrieve"
    Read      2023.10..2024.8  Get    "/enterprise/license/get_install_id/" "enterprise_license_get_install_id_retrieve"
    Read      2024.8..         Get    "/enterprise/license/install_id/" "enterprise_license_install_id_retrieve"
    Secret    2023.10..        Get    "/enterprise/license/" "enterprise_license_list"
    Write     2023.10..        Patch  "/enterprise/license/{license_uuid}/" "enterprise_license_partial_update"
    Secret    2023.10..        Get    "/enterprise/license/{license_uuid}/" "enterprise_license_retrieve"
    Read      2023.10..        Get    "/enterprise/license/summary/" "enterprise_license_summary_retrieve"
    Write     2023.10..        Put    "/enterprise/license/{license_uuid}/" "enterprise_license_update"
    Read      2023.10..        Get    "/enterprise/license/{license_uuid}/used_by/" "enterprise_license_used_by_list"
}
