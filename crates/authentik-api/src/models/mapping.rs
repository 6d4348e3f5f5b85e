use serde::{Deserialize, Serialize};

use crate::MappingPk;

/// A scope mapping: which claims a scope brings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScopeMapping {
    /// Key; differs between servers, so look mappings up by [`managed`](Self::managed).
    pub pk: MappingPk,
    /// Name; unique over all property mappings.
    pub name: String,
    /// Name of the scope.
    pub scope_name: String,
    /// Python expression that returns the claims.
    #[serde(default)]
    pub expression: Option<String>,
    /// What the consent page says; empty means that it says nothing.
    #[serde(default)]
    pub description: Option<String>,
    /// Identifier of a mapping that authentik ships, `goauthentik.io/providers/oauth2/scope-openid`.
    #[serde(default)]
    pub managed: Option<String>,
}

/// A new scope mapping.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScopeMappingRequest {
    /// Name.
    pub name: String,
    /// Name of the scope.
    pub scope_name: String,
    /// Python expression that returns the claims.
    pub expression: String,
    /// What the consent page says.
    #[serde(default)]
    pub description: String,
}
