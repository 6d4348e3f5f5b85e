//! What operators may change, where it is not everything.

use serde::{Deserialize, Serialize};

/// What operators may change. Where it names nothing, everything.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorScope {
    /// Applications, by slug.
    pub applications: Vec<Scoped>,
    /// Groups, by name.
    pub groups: Vec<Scoped>,
}

impl OperatorScope {
    /// Whether operators may change everything.
    pub const fn is_everything(&self) -> bool {
        self.applications.is_empty() && self.groups.is_empty()
    }

    /// What is in it, in words.
    pub fn words(&self) -> String {
        if self.is_everything() {
            return "everything".to_owned();
        }
        let named = |what: &str, things: &[Scoped]| match things {
            [] => format!("no {what}"),
            some => format!("the {what} {}", names(some)),
        };
        let applications = named("applications", &self.applications);
        format!("{applications}, {}", named("groups", &self.groups))
    }
}

/// An application or a group that operators may change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scoped {
    /// authentik's key, which stays when it is renamed.
    pub pk: String,
    /// Slug or name when it was chosen.
    pub name: String,
}

/// The names, separated by commas.
pub fn names(scoped: &[Scoped]) -> String {
    let names: Vec<&str> = scoped.iter().map(|thing| thing.name.as_str()).collect();
    names.join(", ")
}
