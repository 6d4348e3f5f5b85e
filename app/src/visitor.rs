//! Who looks at the page, what they may do, and what their form was answered.

use std::{fmt, str::FromStr};

use leptos::prelude::use_context;
use serde::{Deserialize, Serialize};
use setup::FieldErrors;

use crate::state::form::Fields;

/// What somebody may do. Each may do what the ones before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Look at everything but secrets.
    Viewer,
    /// Plan and apply change sets.
    Operator,
    /// Everything, the console's own settings included.
    Admin,
}

/// How somebody came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignInMethod {
    /// By the one-time link that the process prints.
    Link,
    /// As the local administrator.
    Passphrase,
    /// With authentik.
    Authentik,
    /// Through a proxy that had signed them in with authentik.
    ForwardAuth,
    /// By the key of a program.
    Key,
}

/// A text that names no role or no way in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownName;

impl Role {
    /// All, the least first.
    pub const ALL: [Self; 3] = [Self::Viewer, Self::Operator, Self::Admin];

    /// As it is kept.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Operator => "operator",
            Self::Admin => "admin",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, UnknownName> {
        let mut all = Self::ALL.into_iter();
        all.find(|role| role.as_str() == text).ok_or(UnknownName)
    }
}

impl SignInMethod {
    const ALL: [Self; 5] = [
        Self::Link,
        Self::Passphrase,
        Self::Authentik,
        Self::ForwardAuth,
        Self::Key,
    ];

    /// As it is kept.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Passphrase => "passphrase",
            Self::Authentik => "authentik",
            Self::ForwardAuth => "forward-auth",
            Self::Key => "key",
        }
    }

    /// Whether the session belongs to an account in authentik, which knows whether they are still somebody.
    pub const fn is_account(self) -> bool {
        matches!(self, Self::Authentik | Self::ForwardAuth)
    }

    /// In words: `signed in …`.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Link => "by the one-time link",
            Self::Passphrase => "with a passphrase",
            Self::Authentik => "with authentik",
            Self::ForwardAuth => "with authentik, through a proxy",
            Self::Key => "by an API key",
        }
    }
}

impl FromStr for SignInMethod {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, UnknownName> {
        let mut all = Self::ALL.into_iter();
        all.find(|method| method.as_str() == text)
            .ok_or(UnknownName)
    }
}

/// Whose request it is. Without one the page is shown to somebody who is not signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visitor {
    /// Which session: no secret.
    pub session: String,
    /// Their name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// How they came in.
    pub method: SignInMethod,
    /// Whether they proved a moment ago who they are.
    pub stepped_up: bool,
}

impl Visitor {
    /// Whether there is anything to sign out of: who came by the link could not come back.
    pub fn can_sign_out(&self) -> bool {
        self.method != SignInMethod::Link
    }
}

/// Who looks at the page.
pub fn visitor() -> Option<Visitor> {
    use_context()
}

/// Why a form was refused, with what was typed but for secrets. The page is shown again with it, in
/// the answer itself: nothing of it is in an address.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Refused {
    /// What was typed.
    pub fields: Fields,
    /// What is wrong with single fields.
    pub errors: FieldErrors,
    /// What is wrong with all of it: a title and a text.
    pub notice: Option<(String, String)>,
}

impl Refused {
    /// What was typed into a field; else `default`.
    pub fn value(&self, name: &str, default: &str) -> String {
        let value = self.fields.get(name).map(String::as_str);
        value.unwrap_or(default).to_owned()
    }

    /// What is wrong with a field.
    pub fn of(&self, name: &str) -> Vec<String> {
        self.errors.0.get(name).cloned().unwrap_or_default()
    }
}

/// What the form of this page was answered, where it was refused.
pub fn refused() -> Refused {
    use_context().unwrap_or_default()
}

/// The ways that the sign-in page offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ways {
    /// The local administrator's passphrase.
    pub passphrase: bool,
    /// authentik.
    pub authentik: bool,
}

/// The ways that the sign-in page offers.
pub(crate) fn ways() -> Ways {
    use_context().unwrap_or(Ways {
        passphrase: true,
        authentik: false,
    })
}

/// A secret that was just made, for the one page that shows it.
#[derive(Clone)]
pub struct Issued(pub String);

/// The secret that this page shows once.
pub fn issued() -> Option<String> {
    use_context::<Issued>().map(|issued| issued.0)
}

/// The visitor asked for the secrets of this page, and proved who they are.
#[derive(Debug, Clone, Copy)]
pub struct Revealed;

/// Whether this page shows its secrets.
pub(crate) fn revealed() -> bool {
    use_context::<Revealed>().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_written() {
        for role in Role::ALL {
            assert_eq!(role.as_str().parse(), Ok(role));
        }
        for method in SignInMethod::ALL {
            assert_eq!(method.as_str().parse(), Ok(method));
        }
        assert_eq!("root".parse::<Role>(), Err(UnknownName));
    }

    #[test]
    fn roles_are_ordered() {
        assert!(Role::Viewer < Role::Operator && Role::Operator < Role::Admin);
    }
}
