//! What can happen to a snapshot: what a plan is about to do, or what was seen to happen.

use std::fmt;

use authentik_api::{
    ApplicationPk, BindingPk, GroupPk, PolicyPk, UserPk, models::PolicyEngineMode,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Application, Binding, Group, Policy, User};

/// One change of what decides about access. The same type serves [`diff`](crate::diff), which asks
/// what a change would do, and [`Snapshot::apply`](super::Snapshot::apply), which keeps a snapshot up
/// to date. A `Put` makes the object or replaces it whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    /// A user joins a group.
    AddMember {
        /// The group.
        group: GroupPk,
        /// The user.
        user: UserPk,
    },
    /// A user leaves a group. Membership through a group below stays.
    RemoveMember {
        /// The group.
        group: GroupPk,
        /// The user.
        user: UserPk,
    },
    /// A group is made, or is now like this.
    PutGroup {
        /// The group.
        group: Group,
    },
    /// A group moves below other groups.
    SetParents {
        /// The group.
        group: GroupPk,
        /// All groups directly above.
        parents: Vec<GroupPk>,
    },
    /// A group is deleted: its bindings go with it, which may open applications; groups below stay
    /// and lose this parent (trap T34; recordings `access_matrix`, `delete_cascades`).
    DeleteGroup {
        /// The group.
        group: GroupPk,
    },
    /// A user is made, or is now like this, groups included.
    PutUser {
        /// The user.
        user: User,
    },
    /// A user may sign in, or may not any more.
    SetActive {
        /// The user.
        user: UserPk,
        /// Whether the user may sign in.
        active: bool,
    },
    /// A user is deleted, the bindings to the user too (trap T34).
    DeleteUser {
        /// The user.
        user: UserPk,
    },
    /// A binding is made, or is now like this.
    PutBinding {
        /// The binding.
        binding: Binding,
    },
    /// A binding is deleted. The last enabled one gone, the application is open.
    RemoveBinding {
        /// The binding.
        binding: BindingPk,
    },
    /// A binding counts, or does not any more.
    SetEnabled {
        /// The binding.
        binding: BindingPk,
        /// Whether it counts.
        enabled: bool,
    },
    /// The result of a binding is turned round, or not any more.
    SetNegate {
        /// The binding.
        binding: BindingPk,
        /// Whether it is turned round.
        negate: bool,
    },
    /// A binding moves. Changes nobody's access.
    SetOrder {
        /// The binding.
        binding: BindingPk,
        /// The new position.
        order: i64,
    },
    /// A policy that raises an error gives another result.
    SetFailureResult {
        /// The binding.
        binding: BindingPk,
        /// The result.
        failure_result: bool,
    },
    /// An application is made, or is now like this.
    PutApplication {
        /// The application.
        application: Application,
    },
    /// The bindings of an application combine in another way.
    SetMode {
        /// The application.
        application: ApplicationPk,
        /// The new mode.
        mode: PolicyEngineMode,
    },
    /// An application is deleted, its bindings too.
    DeleteApplication {
        /// The application.
        application: ApplicationPk,
    },
    /// A policy is made, or is now called like this.
    PutPolicy {
        /// The policy.
        policy: Policy,
    },
    /// A policy is deleted, its bindings too (trap T34).
    DeletePolicy {
        /// The policy.
        policy: PolicyPk,
    },
    /// Applications without enabled binding are open to everyone, or closed: the flag
    /// `core_default_app_access` (trap T4).
    SetDefaultAccess {
        /// Whether they are open.
        open: bool,
    },
}

/// The object that a change is about, and that does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "missing", content = "pk", rename_all = "snake_case")]
pub enum Missing {
    /// A user.
    User(UserPk),
    /// A group.
    Group(GroupPk),
    /// A binding.
    Binding(BindingPk),
    /// An application.
    Application(ApplicationPk),
    /// A policy.
    Policy(PolicyPk),
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(pk) => write!(f, "there is no user {pk}"),
            Self::Group(pk) => write!(f, "there is no group {pk}"),
            Self::Binding(pk) => write!(f, "there is no binding {pk}"),
            Self::Application(pk) => write!(f, "there is no application {pk}"),
            Self::Policy(pk) => write!(f, "there is no policy {pk}"),
        }
    }
}

impl std::error::Error for Missing {}

/// A change that does not fit the snapshot; it was left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inapplicable {
    /// The change.
    pub change: Change,
    /// What it lacks.
    pub missing: Missing,
}

/// The key of the `number`th group that a plan is about to make. No real key looks like it.
pub fn proposed_group(number: u32) -> GroupPk {
    GroupPk(Uuid::from_u128(u128::from(number)))
}

/// The key of the `number`th binding that a plan is about to make. No real key looks like it.
pub fn proposed_binding(number: u32) -> BindingPk {
    BindingPk(Uuid::from_u128(u128::from(number)))
}

/// The key of the `number`th user that a plan is about to make: negative, which no real key is.
pub fn proposed_user(number: u32) -> UserPk {
    UserPk(-1 - i64::from(number))
}
