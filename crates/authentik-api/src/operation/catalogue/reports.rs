//! Operations with the tag `reports`.

operations! { "reports"
    Dangerous 2025.12..        Delete "/reports/exports/{id}/" "reports_exports_destroy"
    Secret    2025.12..        Get    "/reports/exports/" "reports_exports_list"
    Secret    2025.12..        Get    "/reports/exports/{id}/" "reports_exports_retrieve"
}
