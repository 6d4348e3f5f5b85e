use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{null_default, open_enum};
use crate::{GroupPk, UserPk};

open_enum! {
    /// What kind of account a user is.
    UserType {
        /// A person of the organisation.
        Internal = "internal",
        /// A person from outside.
        External = "external",
        /// An account of a program.
        ServiceAccount = "service_account",
        /// An account of authentik's own, such as an outpost's.
        InternalServiceAccount = "internal_service_account",
    }
}

/// A user.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct User {
    /// Key.
    pub pk: UserPk,
    /// Login name, unique, at most 150 characters; upper and lower case differ.
    pub username: String,
    /// Full name; may be empty.
    #[serde(default)]
    pub name: String,
    /// Whether the user may sign in.
    #[serde(default)]
    pub is_active: Option<bool>,
    /// Whether any of the user's groups, inherited ones included, makes a superuser.
    #[serde(default)]
    pub is_superuser: Option<bool>,
    /// E-mail address; not unique, may be empty.
    #[serde(default, deserialize_with = "null_default")]
    pub email: String,
    /// Last sign-in.
    #[serde(default)]
    pub last_login: Option<Timestamp>,
    /// Direct groups.
    #[serde(default)]
    pub groups: Vec<GroupPk>,
    /// Direct groups in short; absent when asked without.
    #[serde(default)]
    pub groups_obj: Option<Vec<GroupSummary>>,
    /// Keys of the roles that the account has by itself; from 2025.12 on.
    #[serde(default)]
    pub roles: Vec<String>,
    /// Address or data of a picture.
    #[serde(default)]
    pub avatar: Option<String>,
    /// Free attributes.
    #[serde(default)]
    pub attributes: Map<String, Value>,
    /// Hash that identifies the user towards applications.
    #[serde(default)]
    pub uid: Option<String>,
    /// Folder of the user.
    #[serde(default)]
    pub path: Option<String>,
    /// Kind of account.
    #[serde(default, rename = "type")]
    pub kind: Option<UserType>,
    /// When the account was made; since 2025.4.
    #[serde(default)]
    pub date_joined: Option<Timestamp>,
}

impl User {
    /// The full name, or the login name where there is none.
    pub fn label(&self) -> &str {
        if self.name.trim().is_empty() {
            &self.username
        } else {
            &self.name
        }
    }
}

/// A group as it stands inside another object.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroupSummary {
    /// Key.
    pub pk: GroupPk,
    /// Name.
    pub name: String,
    /// Whether its members are superusers.
    #[serde(default)]
    pub is_superuser: Option<bool>,
}

/// A user as it stands inside another object.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UserSummary {
    /// Key.
    pub pk: UserPk,
    /// Login name.
    pub username: String,
    /// Full name; may be empty.
    #[serde(default)]
    pub name: String,
    /// Whether the user may sign in.
    #[serde(default)]
    pub is_active: Option<bool>,
    /// E-mail address.
    #[serde(default, deserialize_with = "null_default")]
    pub email: String,
}

/// The answer of `core/users/me/`: whom the credential belongs to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Me {
    /// The user in force.
    pub user: MyUser,
    /// The user behind an impersonation.
    #[serde(default)]
    pub original: Option<MyUser>,
}

/// A user as it sees itself. The groups include inherited ones.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MyUser {
    /// Key.
    pub pk: UserPk,
    /// Login name.
    pub username: String,
    /// Full name.
    #[serde(default)]
    pub name: String,
    /// Whether the server listens to `superuser_full_list` and `for_user` from this user
    /// (trap T8).
    #[serde(default)]
    pub is_superuser: bool,
    /// Groups, inherited ones included.
    #[serde(default)]
    pub groups: Vec<MyGroup>,
    /// Codenames of global permissions.
    #[serde(default)]
    pub system_permissions: Vec<String>,
}

/// A group in [`MyUser`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MyGroup {
    /// Key.
    pub pk: GroupPk,
    /// Name.
    pub name: String,
}
