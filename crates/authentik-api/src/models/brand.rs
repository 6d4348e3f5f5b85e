use serde::{Deserialize, Serialize};

use super::null_default;

/// The brand (tenant before 2024.2) in force for the caller's host. Flows are slugs, absent where
/// unset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CurrentBrand {
    /// Domain that matched.
    #[serde(default, deserialize_with = "null_default")]
    pub matched_domain: String,
    /// Title.
    #[serde(default, deserialize_with = "null_default")]
    pub branding_title: String,
    /// Sign-in flow.
    #[serde(default)]
    pub flow_authentication: Option<String>,
    /// Sign-out flow.
    #[serde(default)]
    pub flow_invalidation: Option<String>,
    /// Recovery flow.
    #[serde(default)]
    pub flow_recovery: Option<String>,
}
