//! Reads a snapshot from a server.

mod again;
mod bindings;
mod list;

use std::collections::HashSet;

use authentik_api::{
    ApplicationPk, Client, Error, List as _, Transport,
    api::{
        admin::RetrieveSettings,
        core::{
            applications::ListApplications,
            groups::ListGroups,
            users::{ListUsers, RetrieveMe},
        },
    },
};
use jiff::Timestamp;

pub use self::{
    again::Touched,
    list::{List, Progress},
};
use self::{bindings::BindingsWithoutMembers, list::Reader};
use crate::{Application, Binding, Group, Policy, Snapshot, User};

/// How to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoadOptions {
    /// Objects per page. Every version grants 100; a server that grants less than what is asked for is
    /// followed (trap T21).
    pub page_size: u32,
    /// Calls under way at once, at least one.
    pub concurrency: usize,
}

impl Default for LoadOptions {
    fn default() -> Self {
        Self {
            page_size: authentik_api::page::PAGE_SIZE,
            concurrency: 4,
        }
    }
}

/// Why no snapshot could be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError<E> {
    /// The credential's user is no superuser. authentik then shows it some of the applications without
    /// saying so (trap T8), and half an answer is none.
    #[error(
        "the credential belongs to \"{username}\", who is no superuser: authentik would show only some of the applications"
    )]
    NotSuperuser {
        /// Login name.
        username: String,
    },
    /// A call failed.
    #[error(transparent)]
    Call(#[from] Error<E>),
}

/// Reads everything that decides about access: one call for the caller, one for the settings where they
/// matter, and the pages of four lists. Memberships come with the users, names of policies with the
/// bindings, so that nothing is asked per object.
///
/// Lists are read one after the other, the pages of one list several at a time; `progress` hears of
/// each answer. Applications, groups and bindings come in an order without ties, so that no page
/// repeats or leaves out what another one holds. What is made or deleted meanwhile leaves a
/// [`Note`](crate::Note) and no error; a list of bindings that moved is read once more, since a
/// binding that is left out may open a door. `taken_at` is now, by the caller's clock.
///
/// # Errors
/// When a call fails, or the credential is no superuser's.
pub async fn load<T: Transport>(
    client: &Client<T>,
    taken_at: Timestamp,
    options: LoadOptions,
    progress: impl FnMut(Progress) + Send,
) -> Result<Snapshot, LoadError<T::Error>> {
    let mut snapshot = Snapshot::empty(taken_at, client.capabilities().version.clone());
    let mut reader = Reader::new(client.clone(), options, progress);
    let me = client.send(&RetrieveMe).await?;
    reader.count_call();
    if !me.user.is_superuser {
        return Err(LoadError::NotSuperuser {
            username: me.user.username,
        });
    }
    if client.capabilities().default_app_access_flag() {
        snapshot.default_app_access = client.send(&RetrieveSettings).await?.default_app_access();
        reader.count_call();
    }
    let applications = ListApplications::everything().ordering("name,pk");
    let applications = reader
        .read(List::Applications, applications, |it| it.pk)
        .await?;
    let groups = ListGroups::default().include_users(false);
    let groups = groups.ordering("name,pk");
    let groups = reader.read(List::Groups, groups, |it| it.pk).await?;
    let list = BindingsWithoutMembers::default().ordering("order,pk");
    let mut bindings = reader
        .read(List::Bindings, list.clone(), |it| it.pk)
        .await?;
    if reader.forget_moved(List::Bindings) {
        bindings = reader.read(List::Bindings, list, |it| it.pk).await?;
    }
    let users = ListUsers::default().include_groups(false);
    let users = reader.read(List::Users, users, |it| it.pk).await?;

    snapshot.applications = applications.into_iter().map(Application::from).collect();
    snapshot.groups = groups.into_iter().map(Group::from).collect();
    snapshot.users = users.into_iter().map(User::from).collect();
    let targets: HashSet<ApplicationPk> = snapshot.applications.iter().map(|it| it.pk).collect();
    let mut named = HashSet::new();
    for mut binding in bindings {
        if !targets.contains(&ApplicationPk(binding.target.0)) {
            continue;
        }
        if let Some(policy) = binding.policy_obj.take().filter(|it| named.insert(it.pk)) {
            snapshot.policies.push(Policy::from(policy));
        }
        snapshot.bindings.push(Binding::from(binding));
    }
    snapshot.notes = reader.into_notes();
    let dangling = snapshot.dangling();
    snapshot.notes.extend(dangling);
    Ok(snapshot)
}
