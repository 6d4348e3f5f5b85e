use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{GroupSummary, UserSummary};
use crate::{BindingPk, GroupPk, PolicyPk, TargetPk, UserPk};

/// A policy binding: lets a group, a user or a policy decide about a target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PolicyBinding {
    /// Key.
    pub pk: BindingPk,
    /// What is decided about.
    pub target: TargetPk,
    /// The policy that decides.
    #[serde(default)]
    pub policy: Option<PolicyPk>,
    /// The group whose members pass.
    #[serde(default)]
    pub group: Option<GroupPk>,
    /// The user who passes.
    #[serde(default)]
    pub user: Option<UserPk>,
    /// The policy in short.
    #[serde(default)]
    pub policy_obj: Option<PolicySummary>,
    /// The group in short.
    #[serde(default)]
    pub group_obj: Option<GroupSummary>,
    /// The user in short.
    #[serde(default)]
    pub user_obj: Option<UserSummary>,
    /// Turns the result round.
    #[serde(default)]
    pub negate: bool,
    /// Disabled bindings do not exist for the engine.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// Position.
    #[serde(default)]
    pub order: i64,
    /// Seconds a policy may take.
    #[serde(default)]
    pub timeout: i64,
    /// Result of a policy that fails.
    #[serde(default)]
    pub failure_result: bool,
    /// Whether it ends by itself; from 2026.8 on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiring: Option<bool>,
    /// When it ends, if [`expiring`](Self::expiring); from 2026.8 on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Timestamp>,
}

fn yes() -> bool {
    true
}

/// A policy as it stands in a binding.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PolicySummary {
    /// Key.
    pub pk: PolicyPk,
    /// Name.
    #[serde(default)]
    pub name: String,
    /// Model: `authentik_policies_expression.expressionpolicy` …
    #[serde(default)]
    pub meta_model_name: Option<String>,
}

/// Who or what decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A policy.
    Policy(PolicyPk),
    /// The members of a group and of its descendants.
    Group(GroupPk),
    /// One user.
    User(UserPk),
}

/// A binding to write. Always whole: a PATCH without target or subject fails (trap T12), and one
/// that leaves out the other two subjects can end up with two (recordings, observation 6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BindingRequest {
    /// What is decided about.
    pub target: TargetPk,
    /// Who or what decides.
    pub subject: Subject,
    /// Position.
    pub order: i64,
    /// Turns the result round.
    pub negate: bool,
    /// Whether it counts.
    pub enabled: bool,
}

impl BindingRequest {
    /// An enabled binding that is not negated.
    pub fn new(target: TargetPk, subject: Subject, order: i64) -> Self {
        Self {
            target,
            subject,
            order,
            negate: false,
            enabled: true,
        }
    }
}

impl Serialize for BindingRequest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let (policy, group, user) = match self.subject {
            Subject::Policy(pk) => (Some(pk), None, None),
            Subject::Group(pk) => (None, Some(pk), None),
            Subject::User(pk) => (None, None, Some(pk)),
        };
        let mut map = serializer.serialize_map(Some(9))?;
        map.serialize_entry("target", &self.target)?;
        map.serialize_entry("policy", &policy)?;
        map.serialize_entry("group", &group)?;
        map.serialize_entry("user", &user)?;
        map.serialize_entry("negate", &self.negate)?;
        map.serialize_entry("enabled", &self.enabled)?;
        map.serialize_entry("order", &self.order)?;
        map.serialize_entry("timeout", &30)?;
        map.serialize_entry("failure_result", &false)?;
        map.end()
    }
}
