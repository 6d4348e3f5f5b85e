//! What can be done about access: each task is a form that leads to a plan.

use setup::access_change::{AccessDraft, GroupAction, UserAction};

use crate::links;

/// What a task is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// Who is in which group, and the groups themselves.
    Groups,
    /// Bindings.
    Applications,
    /// Accounts.
    People,
}

impl About {
    /// All, in the order of the page.
    pub const ALL: [Self; 3] = [Self::Groups, Self::Applications, Self::People];

    /// What it is called.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Groups => "Groups",
            Self::Applications => "Applications",
            Self::People => "People",
        }
    }
}

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// People join a group.
    Join,
    /// People leave a group.
    Leave,
    /// A group is made.
    NewGroup,
    /// A group gets another name.
    RenameGroup,
    /// A group moves below another.
    MoveGroup,
    /// A group is deleted.
    DeleteGroup,
    /// Groups or people are let into applications.
    Bind,
    /// A binding is taken away.
    Unbind,
    /// An application is opened, restricted or closed.
    Door,
    /// The bindings of an application combine in another way.
    Mode,
    /// An account is made.
    NewUser,
    /// A person gets another name or address.
    EditUser,
    /// A person may sign in again.
    Activate,
    /// A person may not sign in any more.
    Deactivate,
    /// An account is deleted.
    DeleteUser,
}

impl Task {
    /// All, in the order of the page.
    pub const ALL: [Self; 15] = [
        Self::Join,
        Self::Leave,
        Self::NewGroup,
        Self::RenameGroup,
        Self::MoveGroup,
        Self::DeleteGroup,
        Self::Bind,
        Self::Unbind,
        Self::Door,
        Self::Mode,
        Self::NewUser,
        Self::EditUser,
        Self::Deactivate,
        Self::Activate,
        Self::DeleteUser,
    ];

    /// The task as it stands in the address.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Join => "join",
            Self::Leave => "leave",
            Self::NewGroup => "new-group",
            Self::RenameGroup => "rename-group",
            Self::MoveGroup => "move-group",
            Self::DeleteGroup => "delete-group",
            Self::Bind => "bind",
            Self::Unbind => "unbind",
            Self::Door => "door",
            Self::Mode => "mode",
            Self::NewUser => "new-user",
            Self::EditUser => "edit-user",
            Self::Activate => "activate",
            Self::Deactivate => "deactivate",
            Self::DeleteUser => "delete-user",
        }
    }

    /// The task of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|task| task.word() == word)
    }

    /// What it is called.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Join => "Add people to a group",
            Self::Leave => "Remove people from a group",
            Self::NewGroup => "Create a group",
            Self::RenameGroup => "Rename a group",
            Self::MoveGroup => "Move a group in the tree",
            Self::DeleteGroup => "Delete a group",
            Self::Bind => "Let groups or people in",
            Self::Unbind => "Take a binding away",
            Self::Door => "Open or close an application",
            Self::Mode => "Change the policy engine mode",
            Self::NewUser => "Create a person’s account",
            Self::EditUser => "Change names or address",
            Self::Activate => "Let a person sign in again",
            Self::Deactivate => "Stop a person from signing in",
            Self::DeleteUser => "Delete a person’s account",
        }
    }

    /// What it means, in a sentence.
    pub const fn hint(self) -> &'static str {
        match self {
            Self::Join => "One by one, so that nobody else’s edit of the group is lost.",
            Self::Leave => "Memberships through groups below stay.",
            Self::NewGroup => "With its first members, if you like.",
            Self::RenameGroup => "Bindings and memberships stay as they are.",
            Self::MoveGroup => "Members of a group below count for the groups above it.",
            Self::DeleteGroup => {
                "Its bindings go with it, which may open an application to everyone."
            }
            Self::Bind => "The guided way: choose, see who gains and who loses, apply.",
            Self::Unbind => "Taking the last one away opens the application to everyone.",
            Self::Door => "To everyone, to one group, or to nobody.",
            Self::Mode => "Whether one binding is enough, or every one must pass.",
            Self::NewUser => "Without a password: send a recovery link from authentik afterwards.",
            Self::EditUser => "What people see, and where mail goes.",
            Self::Activate => "Memberships and bindings were kept.",
            Self::Deactivate => "Memberships and bindings are kept for later.",
            Self::DeleteUser => {
                "Bindings to the person go with it. To undo it makes a new account."
            }
        }
    }

    /// What it is about.
    pub const fn about(self) -> About {
        match self {
            Self::Join
            | Self::Leave
            | Self::NewGroup
            | Self::RenameGroup
            | Self::MoveGroup
            | Self::DeleteGroup => About::Groups,
            Self::Bind | Self::Unbind | Self::Door | Self::Mode => About::Applications,
            Self::NewUser
            | Self::EditUser
            | Self::Activate
            | Self::Deactivate
            | Self::DeleteUser => About::People,
        }
    }

    /// The kind of its change set, see [`AccessDraft`].
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Join | Self::Leave => "membership",
            Self::NewGroup | Self::RenameGroup | Self::MoveGroup | Self::DeleteGroup => "group",
            Self::Bind => "group-binding",
            Self::Unbind => "unbind",
            Self::Door => "application-access",
            Self::Mode => "engine-mode",
            Self::NewUser
            | Self::EditUser
            | Self::Activate
            | Self::Deactivate
            | Self::DeleteUser => "user",
        }
    }

    /// The `action` of its draft, where the kind has several.
    pub const fn action(self) -> Option<&'static str> {
        match self {
            Self::NewGroup | Self::NewUser => Some("create"),
            Self::RenameGroup | Self::MoveGroup | Self::EditUser => Some("change"),
            Self::DeleteGroup | Self::DeleteUser => Some("delete"),
            Self::Activate => Some("activate"),
            Self::Deactivate => Some("deactivate"),
            Self::Join | Self::Leave | Self::Bind | Self::Unbind | Self::Door | Self::Mode => None,
        }
    }

    /// The task whose form makes such a draft.
    pub fn of(draft: &AccessDraft) -> Self {
        match draft {
            AccessDraft::GroupBinding(_) => Self::Bind,
            AccessDraft::Unbind(_) => Self::Unbind,
            AccessDraft::EngineMode(_) => Self::Mode,
            AccessDraft::ApplicationAccess(_) => Self::Door,
            AccessDraft::Membership(draft) if draft.add.is_empty() => Self::Leave,
            AccessDraft::Membership(_) => Self::Join,
            AccessDraft::Group(draft) => match draft.action {
                GroupAction::Create => Self::NewGroup,
                GroupAction::Change if draft.parents.is_some() => Self::MoveGroup,
                GroupAction::Change => Self::RenameGroup,
                GroupAction::Delete => Self::DeleteGroup,
            },
            AccessDraft::User(draft) => match draft.action {
                UserAction::Create => Self::NewUser,
                UserAction::Change => Self::EditUser,
                UserAction::Activate => Self::Activate,
                UserAction::Deactivate => Self::Deactivate,
                UserAction::Delete => Self::DeleteUser,
            },
        }
    }

    /// The page with its form, filled in as far as is known: fields of its draft.
    pub fn link(self, known: &[(&str, &str)]) -> String {
        if self == Self::Bind {
            return links::with_query(links::BIND, known);
        }
        let task = [("do", self.word())];
        let pairs: Vec<(&str, &str)> = task.into_iter().chain(known.iter().copied()).collect();
        links::with_query(links::CHANGE_ACCESS, &pairs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::access_form::draft;

    #[test]
    fn words_lead_back_to_their_task() {
        for task in Task::ALL {
            assert_eq!(Task::parse(task.word()), Some(task));
        }
        assert_eq!(Task::parse("hack"), None);
        assert_eq!(
            Task::Unbind.link(&[("applications", "a b")]),
            "/access/change?do=unbind&applications=a%20b"
        );
        assert_eq!(
            Task::Bind.link(&[("groups.0", "x")]),
            "/access/bind?groups.0=x"
        );
    }

    #[test]
    fn drafts_lead_back_to_the_form_that_makes_them() {
        for task in Task::ALL {
            let fields = [("kind", Some(task.kind())), ("action", task.action())];
            let shown = match task {
                Task::MoveGroup => Some("parents"),
                Task::Join => Some("add"),
                _ => None,
            };
            let fields = fields
                .into_iter()
                .filter_map(|(name, value)| Some((name, value?)));
            let fields = fields.chain(shown.map(|name| (name, "x")));
            let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
            assert_eq!(draft(&fields.collect()).map(|it| Task::of(&it)), Ok(task));
        }
    }
}
