//! Operations with the tag `schema`.

operations! { "schema"
    Read      2023.10..        Get    "/schema/" "schema_retrieve"
}
