use serde::{Deserialize, Serialize};

use crate::{FlowPk, MappingPk, ProviderPk};

/// A provider of any type, in short. [`meta_model_name`](Self::meta_model_name) tells the type.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Provider {
    /// Key.
    pub pk: ProviderPk,
    /// Name; unique over all types.
    pub name: String,
    /// `authentik_providers_oauth2.oauth2provider` and so on.
    #[serde(default)]
    pub meta_model_name: Option<String>,
    /// The type for people: `OAuth2/OpenID Provider`.
    #[serde(default)]
    pub verbose_name: Option<String>,
    /// Authorization flow.
    #[serde(default)]
    pub authorization_flow: Option<FlowPk>,
    /// Invalidation flow; from 2024.10 on.
    #[serde(default)]
    pub invalidation_flow: Option<FlowPk>,
    /// Property mappings.
    #[serde(default)]
    pub property_mappings: Vec<MappingPk>,
    /// Slug of the application that uses it.
    #[serde(default)]
    pub assigned_application_slug: Option<String>,
    /// Name of the application that uses it.
    #[serde(default)]
    pub assigned_application_name: Option<String>,
}

impl Provider {
    /// The model of OAuth2 providers.
    pub const OAUTH2: &'static str = "authentik_providers_oauth2.oauth2provider";

    /// Whether this is an OAuth2 / OpenID provider.
    pub fn is_oauth2(&self) -> bool {
        self.meta_model_name.as_deref() == Some(Self::OAUTH2)
    }
}
