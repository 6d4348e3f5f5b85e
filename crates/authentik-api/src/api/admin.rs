//! `admin/` and `root/`: what the server is.

use super::{endpoint, handler};
use crate::{
    BuildError, Parts,
    models::{Config, ServerVersion, Settings},
    operation::named,
};

endpoint! {
    /// Tells the version.
    ///
    /// | | |
    /// |---|---|
    /// | Operation | `admin_version_retrieve`, `GET admin/version/` |
    /// | Permission | any signed-in user |
    /// | Versions | all |
    /// | Surprises | a version string does not fix the schema: see [`Capabilities::correct`](crate::Capabilities::correct) |
    RetrieveVersion -> ServerVersion,
    |_capabilities| Ok(Parts::new(named("admin_version_retrieve")))
}

endpoint! {
    /// Reads the system settings.
    ///
    /// | | |
    /// |---|---|
    /// | Operation | `admin_settings_retrieve`, `GET admin/settings/` |
    /// | Permission | `authentik_rbac.view_system_settings` |
    /// | Versions | 2024.2 and later |
    /// | Surprises | an absent flag means its default (T4) |
    RetrieveSettings -> Settings,
    |capabilities| {
        if !capabilities.settings {
            return Err(BuildError::Unsupported {
                version: capabilities.version.clone(),
                what: "system settings exist from 2024.2 on",
            });
        }
        Ok(Parts::new(named("admin_settings_retrieve")))
    }
}

endpoint! {
    /// Reads what the server tells everybody.
    ///
    /// | | |
    /// |---|---|
    /// | Operation | `root_config_retrieve`, `GET root/config/` |
    /// | Permission | none, not even a credential |
    /// | Versions | all |
    RetrieveConfig -> Config,
    |_capabilities| Ok(Parts::new(named("root_config_retrieve")))
}

endpoint! {
    /// Reads the server's OpenAPI document: 1 to 2 MB.
    ///
    /// | | |
    /// |---|---|
    /// | Operation | `schema_retrieve`, `GET schema/?format=json` |
    /// | Permission | none |
    /// | Versions | all |
    RetrieveSchema -> serde_json::Value,
    |_capabilities| Ok(Parts::new(named("schema_retrieve")).query("format", &"json"))
}

handler! {
    /// Operations on the server itself.
    Admin {
        /// Tells the version.
        version(RetrieveVersion),
        /// Reads the system settings.
        settings(RetrieveSettings),
        /// Reads what the server tells everybody.
        config(RetrieveConfig),
        /// Reads the server's OpenAPI document.
        schema(RetrieveSchema),
    }
}
