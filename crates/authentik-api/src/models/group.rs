use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::UserSummary;
use crate::{Field, GroupPk, UserPk};

/// A group. A member of a group counts as member of all its ancestors.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// Key.
    pub pk: GroupPk,
    /// Name; unique from 2024.6 on.
    pub name: String,
    /// Number for LDAP.
    #[serde(default)]
    pub num_pk: Option<i64>,
    /// Whether members, those of descendants included, are superusers.
    #[serde(default)]
    pub is_superuser: Option<bool>,
    /// The one parent; up to 2025.10.
    #[serde(default)]
    pub parent: Option<GroupPk>,
    /// The parents; from 2025.12 on.
    #[serde(default)]
    pub parents: Option<Vec<GroupPk>>,
    /// Direct members. Sent also where `users_obj` is left out.
    #[serde(default)]
    pub users: Vec<UserPk>,
    /// Direct members in short; null when asked without.
    #[serde(default)]
    pub users_obj: Option<Vec<UserSummary>>,
    /// Keys of the roles that it gives.
    #[serde(default)]
    pub roles: Vec<String>,
    /// Free attributes, merged into each member's.
    #[serde(default)]
    pub attributes: Map<String, Value>,
}

impl Group {
    /// The parents, whichever way the version tells them.
    pub fn parents(&self) -> Vec<GroupPk> {
        match &self.parents {
            Some(parents) => parents.clone(),
            None => self.parent.into_iter().collect(),
        }
    }
}

/// A new group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroupRequest {
    /// Name; at most 80 characters up to 2024.6.
    pub name: String,
    /// Whether members become superusers.
    #[serde(default)]
    pub is_superuser: bool,
    /// Groups above. Servers up to 2025.10 take at most one.
    #[serde(default)]
    pub parents: Vec<GroupPk>,
    /// Free attributes.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub attributes: Map<String, Value>,
}

impl GroupRequest {
    /// A plain group without parents.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            is_superuser: false,
            parents: Vec::new(),
            attributes: Map::new(),
        }
    }
}

/// Changes of a group. Members are not among them: a PATCH with `users` replaces them all (trap
/// T9); see [`AddUser`](crate::api::core::groups::AddUser).
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct PatchGroup {
    /// New name.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub name: Field<String>,
    /// New superuser flag.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub is_superuser: Field<bool>,
    /// New attributes, replacing the old ones whole.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub attributes: Field<Map<String, Value>>,
}
