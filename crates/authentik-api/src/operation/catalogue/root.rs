//! Operations with the tag `root`.

operations! { "root"
    Read      2023.10..        Get    "/root/config/" "root_config_retrieve"
}
