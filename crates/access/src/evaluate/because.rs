//! Why an answer cannot be known.

use std::fmt;

use authentik_api::{GroupPk, PolicyPk, UserPk};
use serde::{Deserialize, Serialize};

use crate::Snapshot;

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
    /// The user is in this group, or below it, and it was not found: made or deleted while the snapshot
    /// was read. What lies above it is not known.
    OwnGroupMissing {
        /// The group.
        group: GroupPk,
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
    /// Because of this policy.
    pub(crate) fn policy(policy: PolicyPk, snapshot: &Snapshot) -> Self {
        let known = snapshot.policy(policy);
        Self::Policy {
            policy,
            name: known.map(|it| it.name.clone()).unwrap_or_default(),
            kind: known.map_or("policy", crate::Policy::kind).to_owned(),
        }
    }
}

impl fmt::Display for Because {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Policy { policy, name, kind } if name.is_empty() => write!(f, "{kind} {policy}"),
            Self::Policy { name, kind, .. } => write!(f, "{kind} “{name}”"),
            Self::GroupMissing { group } => write!(f, "group {group}, which was not found"),
            Self::UserMissing { user } => write!(f, "user {user}, who was not found"),
            Self::OwnGroupMissing { group } => {
                write!(f, "group {group} on their way up, which was not found")
            }
            Self::NoSubject => f.write_str("a binding without policy, group and user"),
            Self::PolicyAndSubject => {
                f.write_str("a binding with a policy and a group or user at once")
            }
            Self::Mode { mode } => write!(f, "the mode “{mode}”, which is not known"),
            Self::Agent => f.write_str("the account on whose behalf this agent acts"),
        }
    }
}
