use serde::{Deserialize, Serialize};

use super::{Provider, null_default, open_enum};
use crate::{ApplicationPk, Field, ProviderPk, TargetPk};

open_enum! {
    /// How the results of several bindings combine.
    PolicyEngineMode {
        /// One passing binding is enough. authentik's default.
        Any = "any",
        /// Every binding must pass; on 2025.8 to 2025.12 one passing group or user binding is
        /// enough all the same (trap T3).
        All = "all",
    }
}

/// An application. Its address in the API is the slug.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Application {
    /// Key; also what its bindings name as target.
    pub pk: ApplicationPk,
    /// Name.
    pub name: String,
    /// Slug, unique; part of the OIDC issuer.
    pub slug: String,
    /// The provider.
    #[serde(default)]
    pub provider: Option<ProviderPk>,
    /// The provider in short.
    #[serde(default)]
    pub provider_obj: Option<Provider>,
    /// Providers of the back channel (LDAP, SCIM …); deleted together with the application (T34).
    #[serde(default)]
    pub backchannel_providers: Vec<ProviderPk>,
    /// Where a click leads, filled in for the caller.
    #[serde(default)]
    pub launch_url: Option<String>,
    /// Whether a click opens a new tab.
    #[serde(default)]
    pub open_in_new_tab: bool,
    /// Template of the launch address; empty means that authentik guesses.
    #[serde(default, deserialize_with = "null_default")]
    pub meta_launch_url: String,
    /// The icon: an address up to 2025.10, a file name or address from 2025.12 on.
    #[serde(default)]
    pub meta_icon: Option<String>,
    /// Address of the icon; from 2025.12 on.
    #[serde(default)]
    pub meta_icon_url: Option<String>,
    /// Description.
    #[serde(default, deserialize_with = "null_default")]
    pub meta_description: String,
    /// Publisher.
    #[serde(default, deserialize_with = "null_default")]
    pub meta_publisher: String,
    /// How bindings combine.
    #[serde(default)]
    pub policy_engine_mode: Option<PolicyEngineMode>,
    /// Label under which the user's page lists the application; no group of users.
    #[serde(default, deserialize_with = "null_default")]
    pub group: String,
}

impl Application {
    /// What a policy binding of this application names as its target (trap T23).
    pub fn target(&self) -> TargetPk {
        self.pk.into()
    }

    /// The icon's address, whichever way the version tells it.
    pub fn icon(&self) -> Option<&str> {
        self.meta_icon_url
            .as_deref()
            .or(self.meta_icon.as_deref())
            .filter(|icon| !icon.is_empty())
    }
}

/// A new application.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ApplicationRequest {
    /// Name.
    pub name: String,
    /// Slug.
    pub slug: String,
    /// The provider; left out inside a transaction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<ProviderPk>,
    /// Launch address; always set it, the guess is poor.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub meta_launch_url: String,
    /// Icon, from 2025.12 on: an `https://` address or `fa://` name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meta_icon: Option<String>,
    /// Description.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub meta_description: String,
    /// Publisher.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub meta_publisher: String,
    /// Label on the user's page.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub group: String,
    /// How bindings combine.
    pub policy_engine_mode: PolicyEngineMode,
    /// Whether a click opens a new tab.
    #[serde(default)]
    pub open_in_new_tab: bool,
}

impl ApplicationRequest {
    /// An application in mode `any` without anything optional.
    pub fn new(name: impl Into<String>, slug: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            slug: slug.into(),
            provider: None,
            meta_launch_url: String::new(),
            meta_icon: None,
            meta_description: String::new(),
            meta_publisher: String::new(),
            group: String::new(),
            policy_engine_mode: PolicyEngineMode::Any,
            open_in_new_tab: false,
        }
    }
}

/// Changes of an application.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct PatchApplication {
    /// New name.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub name: Field<String>,
    /// New slug: changes the issuer and every address of the application.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub slug: Field<String>,
    /// New provider.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub provider: Field<ProviderPk>,
    /// New launch address.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub meta_launch_url: Field<String>,
    /// New description.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub meta_description: Field<String>,
    /// New label.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub group: Field<String>,
    /// New mode.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub policy_engine_mode: Field<PolicyEngineMode>,
}

/// What the policy engine says about one person and one application.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AccessResult {
    /// Whether the person may open it.
    pub passing: bool,
    /// What policies said; empty for group and user bindings.
    #[serde(default, deserialize_with = "null_default")]
    pub messages: Vec<String>,
}

/// An object that uses another one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UsedBy {
    /// Django application of the model.
    pub app: String,
    /// Model.
    pub model_name: String,
    /// Key, an integer or a UUID as text.
    pub pk: serde_json::Value,
    /// Name.
    pub name: String,
    /// What happens to it on delete: `cascade`, `cascade_many` (only unlinked), `set_null` …
    #[serde(default)]
    pub action: Option<String>,
}
