use serde::{Deserialize, Serialize};

/// A change of who may open what, as a person typed it. Applications are named by key, slug or
/// name, groups by key or name, users by key or login name; empty texts are skipped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum AccessDraft {
    /// Groups and users are bound to applications.
    GroupBinding(GroupBinding),
    /// Bindings are deleted.
    Unbind(Unbind),
    /// The bindings of applications combine in another way.
    EngineMode(EngineMode),
    /// A group is created, changed or deleted.
    Group(GroupDraft),
    /// People join or leave groups.
    Membership(MembershipDraft),
    /// A user is created, changed, deactivated or deleted.
    User(UserDraft),
    /// Applications are opened to everyone, to groups, or to nobody.
    ApplicationAccess(ApplicationAccess),
}

impl AccessDraft {
    /// All kinds, as they stand in JSON and in the addresses of pages.
    pub const KINDS: [&str; 7] = [
        "group-binding",
        "unbind",
        "engine-mode",
        "group",
        "membership",
        "user",
        "application-access",
    ];

    /// The kind.
    pub const fn kind(&self) -> &'static str {
        let [binding, unbind, mode, group, membership, user, access] = Self::KINDS;
        match self {
            Self::GroupBinding(_) => binding,
            Self::Unbind(_) => unbind,
            Self::EngineMode(_) => mode,
            Self::Group(_) => group,
            Self::Membership(_) => membership,
            Self::User(_) => user,
            Self::ApplicationAccess(_) => access,
        }
    }
}

/// Groups and users are bound to applications, every one to every one. What is bound already stays, is
/// enabled, or is set as asked; nothing is bound twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GroupBinding {
    /// Applications.
    pub applications: Vec<String>,
    /// Existing groups.
    pub groups: Vec<String>,
    /// Names of groups to create.
    pub new_groups: Vec<String>,
    /// Users.
    pub users: Vec<String>,
    /// Position; behind the others when absent.
    pub order: Option<i64>,
    /// Turns the result round: everybody else.
    pub negate: bool,
    /// Whether it counts.
    pub enabled: bool,
}

impl Default for GroupBinding {
    fn default() -> Self {
        Self {
            applications: Vec::new(),
            groups: Vec::new(),
            new_groups: Vec::new(),
            users: Vec::new(),
            order: None,
            negate: false,
            enabled: true,
        }
    }
}

/// Bindings are deleted: those named by key, and those of the named groups and users to the named
/// applications.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Unbind {
    /// Keys of bindings.
    pub bindings: Vec<String>,
    /// Applications.
    pub applications: Vec<String>,
    /// Groups.
    pub groups: Vec<String>,
    /// Users.
    pub users: Vec<String>,
    /// Whether an application that would be left without a binding gets a deny.
    pub leave_deny: bool,
}

/// The bindings of applications combine in another way.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EngineMode {
    /// Applications.
    pub applications: Vec<String>,
    /// `any` or `all`.
    pub mode: String,
}

/// What happens to a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GroupAction {
    /// It is created.
    #[default]
    Create,
    /// It is renamed, or moves below other groups.
    Change,
    /// It is deleted.
    Delete,
}

/// A group is created, changed or deleted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GroupDraft {
    /// What happens.
    pub action: GroupAction,
    /// The group to change or delete.
    pub group: String,
    /// Name of the new group, or the new name; empty to keep it. See
    /// [`suggested_name`](super::suggested_name).
    pub name: String,
    /// All groups directly above; none of them moves the group to the top, absent leaves it where it
    /// is. At most one up to 2025.10.
    pub parents: Option<Vec<String>>,
    /// First members of a new group.
    pub members: Vec<String>,
    /// Whether the members of a new group become superusers.
    pub is_superuser: bool,
    /// Whether an application that the deletion would leave without a binding gets a deny.
    pub leave_deny: bool,
}

/// People join or leave groups, one by one, so that nobody else's edit is lost (trap T9).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MembershipDraft {
    /// Groups.
    pub groups: Vec<String>,
    /// Users who join.
    pub add: Vec<String>,
    /// Users who leave.
    pub remove: Vec<String>,
}

/// What happens to a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UserAction {
    /// The account is created.
    #[default]
    Create,
    /// Names or address change.
    Change,
    /// The user may sign in again.
    Activate,
    /// The user may not sign in any more.
    Deactivate,
    /// The account is deleted.
    Delete,
}

/// A user is created, changed, deactivated or deleted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UserDraft {
    /// What happens.
    pub action: UserAction,
    /// The user, unless new.
    pub user: String,
    /// Login name of the new user, or the new one; empty to keep it.
    pub username: String,
    /// Full name; absent to keep it.
    pub name: Option<String>,
    /// E-mail address; absent to keep it.
    pub email: Option<String>,
    /// Kind of a new account: `internal` (when empty) or `external`.
    pub account: String,
    /// First groups of a new user.
    pub groups: Vec<String>,
    /// Whether an application that the deletion would leave without a binding gets a deny.
    pub leave_deny: bool,
}

/// Whom an application lets in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Door {
    /// Everybody with an account.
    Everyone,
    /// The members of groups, and single users.
    #[default]
    Restricted,
    /// Nobody.
    Closed,
}

/// Applications are opened to everyone, to exactly these groups and users, or to nobody. Bindings that
/// stand in the way are disabled, not deleted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ApplicationAccess {
    /// Applications.
    pub applications: Vec<String>,
    /// Whom they let in.
    pub door: Door,
    /// Existing groups.
    pub groups: Vec<String>,
    /// Names of groups to create.
    pub new_groups: Vec<String>,
    /// Users.
    pub users: Vec<String>,
}
