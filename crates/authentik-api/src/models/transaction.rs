use serde::{Deserialize, Serialize};

use super::{ApplicationRequest, OAuth2ProviderRequest, Subject};

/// An application, its OAuth2 provider and its bindings, made in one transaction.
#[derive(Debug, Clone, PartialEq)]
pub struct Transaction {
    /// The application, without provider.
    pub app: ApplicationRequest,
    /// The provider.
    pub provider: OAuth2ProviderRequest,
    /// Who decides about access, in order. Servers up to 2024.10 ignore them silently, so asking
    /// such a server for bindings is refused before anything is sent.
    pub bindings: Vec<Subject>,
}

/// What became of a transaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransactionResult {
    /// Whether anything was written: a 200 does not say so (trap T26).
    pub applied: bool,
    /// Always empty so far.
    #[serde(default)]
    pub logs: Vec<serde_json::Value>,
}
