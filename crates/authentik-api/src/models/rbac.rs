use std::fmt;

use serde::{Deserialize, Serialize};

/// A role: permissions that its holders have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    /// Key, a UUID.
    pub pk: String,
    /// Name, unique.
    pub name: String,
}

/// A permission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Permission {
    /// Name without the label: `view_application`.
    pub codename: String,
    /// Label of the Django application: `authentik_core`.
    #[serde(default)]
    pub app_label: String,
}

impl Permission {
    /// As it is assigned: `authentik_core.view_application`.
    pub fn full_name(&self) -> String {
        format!("{}.{}", self.app_label, self.codename)
    }
}

/// The key of a token. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenKey {
    /// What a program sends as bearer.
    pub key: String,
}

impl fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenKey").finish_non_exhaustive()
    }
}
