//! The forms that begin a change of who may open what: which fields each has, and what it says.

use access::Snapshot;
use serde::{Deserialize, Serialize};

use crate::{links, model::Choice};

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// People join a group.
    Join,
    /// People leave a group.
    Leave,
    /// A group is let into an application.
    Bind,
    /// A group's binding is taken away.
    Unbind,
    /// An application is opened, restricted or closed.
    Door,
    /// A group is made.
    NewGroup,
    /// A group is deleted.
    DeleteGroup,
}

impl Task {
    /// All, in the order of the page.
    pub const ALL: [Self; 7] = [
        Self::Join,
        Self::Leave,
        Self::Bind,
        Self::Unbind,
        Self::Door,
        Self::NewGroup,
        Self::DeleteGroup,
    ];

    /// The task as it stands in the address.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Join => "join",
            Self::Leave => "leave",
            Self::Bind => "bind",
            Self::Unbind => "unbind",
            Self::Door => "door",
            Self::NewGroup => "new-group",
            Self::DeleteGroup => "delete-group",
        }
    }

    /// The task of a word; the first one where it names none.
    pub fn parse(word: &str) -> Self {
        let known = Self::ALL.into_iter().find(|task| task.word() == word);
        known.unwrap_or(Self::Join)
    }

    /// What it is called.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Join => "Add people to a group",
            Self::Leave => "Remove people from a group",
            Self::Bind => "Let a group in",
            Self::Unbind => "Take a binding away",
            Self::Door => "Open or close an application",
            Self::NewGroup => "Create a group",
            Self::DeleteGroup => "Delete a group",
        }
    }

    /// The kind of its change set, see [`AccessDraft`](setup::access_change::AccessDraft).
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Join | Self::Leave => "membership",
            Self::Bind => "group-binding",
            Self::Unbind => "unbind",
            Self::Door => "application-access",
            Self::NewGroup | Self::DeleteGroup => "group",
        }
    }

    /// The page with its form, filled in as far as is known.
    pub fn link(self, known: &[(&str, &str)]) -> String {
        let task = [("do", self.word())];
        let pairs: Vec<(&str, &str)> = task.into_iter().chain(known.iter().copied()).collect();
        links::with_query(links::CHANGE_ACCESS, &pairs)
    }
}

/// What there is to choose from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// Groups, by name.
    pub groups: Vec<Choice>,
    /// Applications, by name.
    pub applications: Vec<Choice>,
}

/// What a snapshot has to choose from.
pub fn offer(snapshot: &Snapshot) -> Offer {
    let sorted = |mut choices: Vec<Choice>| {
        choices.sort_by_cached_key(|choice| choice.label.to_lowercase());
        choices
    };
    let groups = snapshot.groups.iter().map(|group| Choice {
        value: group.pk.to_string(),
        label: group.name.clone(),
    });
    let applications = snapshot.applications.iter().map(|application| Choice {
        value: application.slug.clone(),
        label: if application.name.trim().is_empty() {
            application.slug.clone()
        } else {
            application.name.clone()
        },
    });
    Offer {
        groups: sorted(groups.collect()),
        applications: sorted(applications.collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_lead_back_to_their_task() {
        for task in Task::ALL {
            assert_eq!(Task::parse(task.word()), task);
        }
        assert_eq!(Task::parse("hack"), Task::Join);
        assert_eq!(
            Task::Bind.link(&[("application", "a b")]),
            "/access/change?do=bind&application=a%20b"
        );
    }
}
