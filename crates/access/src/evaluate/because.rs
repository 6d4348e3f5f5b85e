//! Why an answer cannot be known.

use std::fmt;

use authentik_api::{GroupPk, PolicyPk, UserPk};
use serde::{Deserialize, Serialize};

use crate::{Binding, Snapshot};

/// Why an answer is unknown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "because", rename_all = "snake_case")]
pub enum Because {
    /// A policy decides, and only the server can run it.
    Policy {
        /// The policy.
        policy: PolicyPk,
        /// Its name; empty where it is not known.
        name: String,
        /// What kind of policy it is, in words.
        kind: String,
    },
    /// The group of a binding was not found: made or deleted while the snapshot was read.
    GroupMissing {
        /// The group.
        group: GroupPk,
    },
    /// The user of a binding was not found: made or deleted while the snapshot was read.
    UserMissing {
        /// The user.
        user: UserPk,
    },
    /// A binding names neither policy nor group nor user.
    NoSubject,
    /// A binding names a policy and a group or user as well; how the version counts that in mode `all`
    /// was never recorded.
    PolicyAndSubject,
    /// The application combines its bindings in a way of a later version.
    Mode {
        /// What it is called.
        mode: String,
    },
    /// The account is an agent, which may be judged as the account it belongs to.
    Agent,
}

impl Because {
    /// Why the result of a binding is unknown to everybody, if it is.
    pub(crate) fn of(binding: &Binding, snapshot: &Snapshot) -> Option<Self> {
        if let Some(pk) = binding.policy {
            let policy = snapshot.policy(pk);
            return Some(Self::Policy {
                policy: pk,
                name: policy.map(|it| it.name.clone()).unwrap_or_default(),
                kind: policy.map_or("policy", crate::Policy::kind).to_owned(),
            });
        }
        if let Some(group) = binding.group.filter(|pk| snapshot.group(*pk).is_none()) {
            return Some(Self::GroupMissing { group });
        }
        if let Some(user) = binding.user.filter(|pk| snapshot.user(*pk).is_none()) {
            return Some(Self::UserMissing { user });
        }
        (binding.group.is_none() && binding.user.is_none()).then_some(Self::NoSubject)
    }
}

impl fmt::Display for Because {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Policy { policy, name, kind } if name.is_empty() => write!(f, "{kind} {policy}"),
            Self::Policy { name, kind, .. } => write!(f, "{kind} “{name}”"),
            Self::GroupMissing { group } => write!(f, "group {group}, which was not found"),
            Self::UserMissing { user } => write!(f, "user {user}, who was not found"),
            Self::NoSubject => f.write_str("a binding without policy, group and user"),
            Self::PolicyAndSubject => {
                f.write_str("a binding with a policy and a group or user at once")
            }
            Self::Mode { mode } => write!(f, "the mode “{mode}”, which is not known"),
            Self::Agent => f.write_str("the account on whose behalf this agent acts"),
        }
    }
}
