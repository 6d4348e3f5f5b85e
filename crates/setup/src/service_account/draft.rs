use serde::{Deserialize, Serialize};

/// A service account that is to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceAccount {
    /// Login name, which its group, its role and its token are called after.
    pub username: String,
    /// What it may do.
    pub rights: Rights,
}

/// What a service account may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rights {
    /// Look, set applications up, and undo that.
    SetUp,
    /// Everything: its group makes superusers.
    Everything,
}

impl Rights {
    /// All, the least first.
    pub const ALL: [Self; 2] = [Self::SetUp, Self::Everything];

    /// As it stands in JSON and in forms.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SetUp => "set-up",
            Self::Everything => "everything",
        }
    }
}

impl ServiceAccount {
    /// Name of its group and of its role.
    pub fn group(&self) -> String {
        format!("{} (service account)", self.username.trim())
    }

    /// Identifier of its token.
    pub fn token(&self) -> String {
        format!("{}-api-token", self.username.trim())
    }
}
