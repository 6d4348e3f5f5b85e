use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::null_default;
use crate::Version;

/// The server's version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerVersion {
    /// What runs.
    pub version_current: Version,
    /// The newest release; `0.0.0` when the server could not ask.
    #[serde(default, deserialize_with = "null_default")]
    pub version_latest: String,
    /// Whether a newer release is out.
    #[serde(default)]
    pub outdated: bool,
}

/// The system settings; from 2024.2 on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Feature flags; an absent key means its default (trap T4).
    #[serde(default)]
    pub flags: Map<String, Value>,
    /// Duration such as `minutes=30`.
    #[serde(default)]
    pub default_token_duration: Option<String>,
    /// Page size when none is asked for; from 2025.12 on.
    #[serde(default)]
    pub pagination_default_page_size: Option<u32>,
    /// Largest page size; from 2025.12 on.
    #[serde(default)]
    pub pagination_max_page_size: Option<u32>,
}

impl Settings {
    /// Whether an application without binding is open to everyone (trap T4).
    pub fn default_app_access(&self) -> bool {
        self.flags
            .get("core_default_app_access")
            .and_then(Value::as_bool)
            .unwrap_or(true)
    }
}

/// What the server tells everybody about itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Config {
    /// `can_impersonate`, `is_enterprise` …
    #[serde(default)]
    pub capabilities: Vec<String>,
    /// Seconds that policy results are cached.
    #[serde(default)]
    pub cache_timeout_policies: Option<u32>,
}
