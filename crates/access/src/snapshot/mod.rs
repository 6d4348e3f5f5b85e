//! Everything that decides who may open what, at one moment.

mod apply;
mod change;
mod index;
mod inverse;
mod note;
mod object;
mod wire;

use std::collections::HashSet;

use authentik_api::{ApplicationPk, BindingPk, GroupPk, PolicyPk, UserPk, Version};
use jiff::Timestamp;

pub use self::{
    change::{Change, Inapplicable, Missing, proposed_binding, proposed_group, proposed_user},
    note::Note,
    object::{Application, Binding, Group, Policy, User},
};

/// Everything that decides who may open what, at one moment, of one server.
///
/// It is plain data: whatever stands in it, duplicates and references into nothing included, gives
/// answers and never a panic. As JSON it is compact: users name their groups by position.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// When it was read. Also the moment at which bindings that end by themselves are judged.
    pub taken_at: Timestamp,
    /// The server's version, which fixes the rules.
    pub version: Version,
    /// Whether an application without enabled binding is open to everyone (trap T4). Counts from
    /// 2026.5 on.
    pub default_app_access: bool,
    /// Users with their direct groups.
    pub users: Vec<User>,
    /// Groups, without members: those stand with the users.
    pub groups: Vec<Group>,
    /// Applications.
    pub applications: Vec<Application>,
    /// Bindings of applications, the disabled ones too. Bindings of flows and sources are left out.
    pub bindings: Vec<Binding>,
    /// The policies that bindings name.
    pub policies: Vec<Policy>,
    /// What did not fit together when it was read.
    pub notes: Vec<Note>,
}

impl Snapshot {
    /// A server without users, groups and applications.
    pub fn empty(taken_at: Timestamp, version: Version) -> Self {
        Self {
            taken_at,
            version,
            default_app_access: true,
            users: Vec::new(),
            groups: Vec::new(),
            applications: Vec::new(),
            bindings: Vec::new(),
            policies: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// A user.
    pub fn user(&self, pk: UserPk) -> Option<&User> {
        self.users.iter().find(|user| user.pk == pk)
    }

    /// A group.
    pub fn group(&self, pk: GroupPk) -> Option<&Group> {
        self.groups.iter().find(|group| group.pk == pk)
    }

    /// An application.
    pub fn application(&self, pk: ApplicationPk) -> Option<&Application> {
        self.applications.iter().find(|app| app.pk == pk)
    }

    /// An application by its slug.
    pub fn application_by_slug(&self, slug: &str) -> Option<&Application> {
        self.applications.iter().find(|app| app.slug == slug)
    }

    /// A binding.
    pub fn binding(&self, pk: BindingPk) -> Option<&Binding> {
        self.bindings.iter().find(|binding| binding.pk == pk)
    }

    /// A policy.
    pub fn policy(&self, pk: PolicyPk) -> Option<&Policy> {
        self.policies.iter().find(|policy| policy.pk == pk)
    }

    /// The bindings of an application in the order of evaluation, the disabled ones too.
    pub fn bindings_of(&self, application: ApplicationPk) -> Vec<&Binding> {
        let mut bindings: Vec<&Binding> = self
            .bindings
            .iter()
            .filter(|binding| binding.application == application)
            .collect();
        bindings.sort_by_key(|binding| (binding.order, binding.pk));
        bindings
    }

    /// The same server with this one user alone, beside those whom a binding names. What it says
    /// about the user is what the whole says: no user's access depends on another user.
    pub(crate) fn only_user(&self, pk: UserPk) -> Self {
        let users = self.users.iter();
        let named: HashSet<UserPk> = self.bindings.iter().filter_map(|it| it.user).collect();
        Self {
            users: users
                .filter(|user| user.pk == pk || named.contains(&user.pk))
                .cloned()
                .collect(),
            ..self.without_users(self.applications.clone(), self.bindings.clone())
        }
    }

    /// The same server with this one application alone. What it says about the application is what
    /// the whole says: no application's access depends on another application.
    pub(crate) fn only_application(&self, pk: ApplicationPk) -> Self {
        let applications = self.applications.iter().filter(|app| app.pk == pk);
        let bindings = self.bindings.iter().filter(|it| it.application == pk);
        Self {
            users: self.users.clone(),
            ..self.without_users(applications.cloned().collect(), bindings.cloned().collect())
        }
    }

    fn without_users(&self, applications: Vec<Application>, bindings: Vec<Binding>) -> Self {
        Self {
            default_app_access: self.default_app_access,
            groups: self.groups.clone(),
            applications,
            bindings,
            policies: self.policies.clone(),
            ..Self::empty(self.taken_at, self.version.clone())
        }
    }
}
