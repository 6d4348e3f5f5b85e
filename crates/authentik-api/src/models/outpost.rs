use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::open_enum;
use crate::{OutpostPk, ProviderPk};

open_enum! {
    /// What an outpost serves.
    OutpostType {
        /// Forward auth and reverse proxy.
        Proxy = "proxy",
        /// LDAP.
        Ldap = "ldap",
        /// RADIUS.
        Radius = "radius",
        /// Remote access; from 2024.2 on.
        Rac = "rac",
    }
}

/// An outpost.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outpost {
    /// Key.
    pub pk: OutpostPk,
    /// Name, unique.
    pub name: String,
    /// What it serves.
    #[serde(default, rename = "type")]
    pub kind: Option<OutpostType>,
    /// Providers it serves.
    #[serde(default)]
    pub providers: Vec<ProviderPk>,
    /// Settings.
    #[serde(default)]
    pub config: Map<String, Value>,
    /// `goauthentik.io/outposts/embedded` for the one inside the server.
    #[serde(default)]
    pub managed: Option<String>,
}

impl Outpost {
    /// Whether this is the outpost inside the server.
    pub fn is_embedded(&self) -> bool {
        self.managed.as_deref() == Some("goauthentik.io/outposts/embedded")
    }
}

/// Changes of an outpost. The list of providers replaces the old one, and the type goes along so
/// that the server checks that they fit (fact sheet §6.17).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PatchOutpost {
    /// Type, unchanged.
    #[serde(rename = "type")]
    pub kind: OutpostType,
    /// All providers, the old ones too.
    pub providers: Vec<ProviderPk>,
}
