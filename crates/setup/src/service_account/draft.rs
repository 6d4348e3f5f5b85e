use serde::{Deserialize, Serialize};

use crate::FieldErrors;

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
    /// Whether the login name can be one, which nobody need be asked about.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn validate(&self) -> Result<(), FieldErrors> {
        let mut errors = FieldErrors::default();
        let username = self.username.trim();
        let is_fit = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        if username.is_empty() {
            errors.add("username", "Give a login name.");
        } else if username.len() > 100 || !username.chars().all(is_fit) {
            // authentik takes a slug for the identifier of a token.
            errors.add(
                "username",
                "Letters without accents, digits, hyphens and underscores, 100 at most: the token is called after it.",
            );
        }
        errors.into_result(())
    }

    /// Name of its group and of its role.
    pub fn group(&self) -> String {
        format!("{} (service account)", self.username.trim())
    }

    /// Identifier of its token.
    pub fn token(&self) -> String {
        format!("{}-api-token", self.username.trim())
    }
}
