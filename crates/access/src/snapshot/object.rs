//! The objects of a snapshot: of authentik's, what decides about access, and a name.

use authentik_api::{
    ApplicationPk, BindingPk, GroupPk, PolicyPk, TargetPk, UserPk,
    models::{self, PolicyEngineMode, Subject, UserType},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Key.
    pub pk: UserPk,
    /// Login name.
    pub username: String,
    /// Full name; may be empty, and two people may have the same.
    #[serde(default)]
    pub name: String,
    /// Whether the user may sign in. Who may not, opens nothing.
    pub is_active: bool,
    /// Kind of account.
    #[serde(default)]
    pub kind: Option<UserType>,
    /// Direct groups.
    #[serde(default)]
    pub groups: Vec<GroupPk>,
}

impl User {
    /// An active user without groups.
    pub fn new(pk: UserPk, username: impl Into<String>) -> Self {
        Self {
            pk,
            username: username.into(),
            name: String::new(),
            is_active: true,
            kind: None,
            groups: Vec::new(),
        }
    }

    /// The full name, or the login name where there is none.
    pub fn label(&self) -> &str {
        if self.name.trim().is_empty() {
            &self.username
        } else {
            &self.name
        }
    }

    /// Whether this is an account of type `agent` (from 2026.8 on).
    pub fn is_agent(&self) -> bool {
        self.kind
            .as_ref()
            .is_some_and(|kind| kind.as_str() == "agent")
    }
}

impl From<models::User> for User {
    fn from(user: models::User) -> Self {
        Self {
            pk: user.pk,
            username: user.username,
            name: user.name,
            is_active: user.is_active.unwrap_or(true),
            kind: user.kind,
            groups: user.groups,
        }
    }
}

/// A group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Key.
    pub pk: GroupPk,
    /// Name.
    pub name: String,
    /// Whether members, those of groups below included, are superusers. Opens no application.
    #[serde(default)]
    pub is_superuser: bool,
    /// Groups above; at most one up to 2025.10.
    #[serde(default)]
    pub parents: Vec<GroupPk>,
}

impl Group {
    /// A plain group at the top.
    pub fn new(pk: GroupPk, name: impl Into<String>) -> Self {
        Self {
            pk,
            name: name.into(),
            is_superuser: false,
            parents: Vec::new(),
        }
    }
}

impl From<models::Group> for Group {
    fn from(group: models::Group) -> Self {
        Self {
            pk: group.pk,
            parents: group.parents(),
            name: group.name,
            is_superuser: group.is_superuser.unwrap_or(false),
        }
    }
}

/// An application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    /// Key; what its bindings name as target.
    pub pk: ApplicationPk,
    /// Slug.
    pub slug: String,
    /// Name; may be empty, and two applications may have the same.
    #[serde(default)]
    pub name: String,
    /// How bindings combine.
    pub mode: PolicyEngineMode,
}

impl Application {
    /// An application in mode `any`.
    pub fn new(pk: ApplicationPk, slug: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            pk,
            slug: slug.into(),
            name: name.into(),
            mode: PolicyEngineMode::Any,
        }
    }

    /// The name, or the slug where there is none.
    pub fn label(&self) -> &str {
        if self.name.trim().is_empty() {
            &self.slug
        } else {
            &self.name
        }
    }
}

impl From<models::Application> for Application {
    fn from(application: models::Application) -> Self {
        Self {
            pk: application.pk,
            slug: application.slug,
            name: application.name,
            mode: application
                .policy_engine_mode
                .unwrap_or(PolicyEngineMode::Any),
        }
    }
}

/// A binding of an application: a group, a user or a policy that decides about it.
///
/// A careless PATCH can leave more than one of the three set (recordings, observation 6), so all
/// three are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Binding {
    /// Key.
    pub pk: BindingPk,
    /// The application it decides about.
    pub application: ApplicationPk,
    /// The policy that decides.
    #[serde(default)]
    pub policy: Option<PolicyPk>,
    /// The group whose members pass.
    #[serde(default)]
    pub group: Option<GroupPk>,
    /// The user who passes.
    #[serde(default)]
    pub user: Option<UserPk>,
    /// Turns the result round.
    #[serde(default)]
    pub negate: bool,
    /// Disabled bindings do not exist for the engine.
    pub enabled: bool,
    /// Position.
    #[serde(default)]
    pub order: i64,
    /// Result of a policy that raises an error. It changes no verdict here: what a policy says is
    /// unknown anyway.
    #[serde(default)]
    pub failure_result: bool,
    /// When it ends by itself (from 2026.8 on): from then on it is as if it did not exist.
    #[serde(default)]
    pub expires: Option<Timestamp>,
}

impl Binding {
    /// An enabled binding that is not negated.
    pub fn new(pk: BindingPk, application: ApplicationPk, subject: Subject, order: i64) -> Self {
        let (policy, group, user) = match subject {
            Subject::Policy(pk) => (Some(pk), None, None),
            Subject::Group(pk) => (None, Some(pk), None),
            Subject::User(pk) => (None, None, Some(pk)),
        };
        Self {
            pk,
            application,
            policy,
            group,
            user,
            negate: false,
            enabled: true,
            order,
            failure_result: false,
            expires: None,
        }
    }

    /// Whether it is a group or user binding.
    pub fn is_static(&self) -> bool {
        self.policy.is_none() && (self.group.is_some() || self.user.is_some())
    }

    /// The target that authentik's API names.
    pub fn target(&self) -> TargetPk {
        self.application.into()
    }

    /// Whether it has ended at `moment`.
    pub fn has_expired(&self, moment: Timestamp) -> bool {
        self.expires.is_some_and(|end| end < moment)
    }

    /// Whether the engine sees it at `moment`: authentik leaves out what is disabled or has ended.
    pub fn counts(&self, moment: Timestamp) -> bool {
        self.enabled && !self.has_expired(moment)
    }

    /// Whether the engine sees it, and will not cease to by itself.
    pub fn lasts(&self) -> bool {
        self.enabled && self.expires.is_none()
    }
}

impl From<models::PolicyBinding> for Binding {
    /// The binding of an application; the caller sees to it that the target is one.
    fn from(binding: models::PolicyBinding) -> Self {
        Self {
            pk: binding.pk,
            application: ApplicationPk(binding.target.0),
            policy: binding.policy,
            group: binding.group,
            user: binding.user,
            negate: binding.negate,
            enabled: binding.enabled,
            order: binding.order,
            failure_result: binding.failure_result,
            expires: binding.expires.filter(|_| binding.expiring == Some(true)),
        }
    }
}

/// A policy that a binding names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// Key.
    pub pk: PolicyPk,
    /// Name.
    #[serde(default)]
    pub name: String,
    /// Model: `authentik_policies_expression.expressionpolicy` …
    #[serde(default)]
    pub model: Option<String>,
}

impl Policy {
    /// What kind of policy it is, in words: `expression policy`.
    pub fn kind(&self) -> &'static str {
        let model = self.model.as_deref().unwrap_or_default();
        match model.rsplit('.').next().unwrap_or_default() {
            "expressionpolicy" => "expression policy",
            "eventmatcherpolicy" => "event matcher policy",
            "geoippolicy" => "GeoIP policy",
            "passwordpolicy" => "password policy",
            "passwordexpirypolicy" => "password expiry policy",
            "uniquepasswordpolicy" => "password uniqueness policy",
            "reputationpolicy" => "reputation policy",
            "dummypolicy" => "dummy policy",
            _ => "policy",
        }
    }
}

impl From<models::PolicySummary> for Policy {
    fn from(policy: models::PolicySummary) -> Self {
        Self {
            pk: policy.pk,
            name: policy.name,
            model: policy.meta_model_name,
        }
    }
}
