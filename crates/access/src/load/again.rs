//! Bringing a snapshot up to date where it is known what may have changed.

use authentik_api::{
    ApplicationPk, BindingPk, Client, Error, GroupPk, TargetPk, Transport, UserPk,
    api::{
        core::{applications::RetrieveApplication, groups::RetrieveGroup, users::RetrieveUser},
        policies::{ListBindings, RetrieveBinding},
    },
    models::PolicyBinding,
};

use crate::{Application, Binding, Change, Group, Policy, Snapshot, User};

/// An object that may have been made, changed or deleted, in the order in which they are read: what a binding names
/// comes before it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Touched {
    /// A group.
    Group(GroupPk),
    /// A user, with the groups that the user is in.
    User(UserPk),
    /// An application, by key and slug, with its bindings.
    Application(ApplicationPk, String),
    /// A binding.
    Binding(BindingPk),
}

impl Snapshot {
    /// Reads some objects again, one call each, and puts them in their place; what is not there any more goes, with
    /// all that authentik takes along. Everything else stays as it was read, and `taken_at` with it.
    ///
    /// # Errors
    /// When a call fails; the snapshot may be half-way then, and is not to be used.
    pub async fn read_again<T: Transport>(
        &mut self,
        client: &Client<T>,
        touched: &[Touched],
    ) -> Result<(), Error<T::Error>> {
        let mut touched: Vec<&Touched> = touched.iter().collect();
        touched.sort();
        touched.dedup();
        for it in touched {
            for change in read(client, it).await? {
                // What is to go and is gone already does not fit, and need not.
                let _ = self.apply(&change);
            }
        }
        let notes = self.dangling();
        self.notes = notes;
        Ok(())
    }
}

/// What an object is like now, as changes.
async fn read<T: Transport>(
    client: &Client<T>,
    touched: &Touched,
) -> Result<Vec<Change>, Error<T::Error>> {
    Ok(match touched {
        Touched::Application(pk, slug) => {
            let slug = slug.clone();
            let found = client.send_opt(&RetrieveApplication { slug }).await?;
            // The slug may belong to another one by now.
            match found.filter(|it| it.pk == *pk) {
                Some(found) => {
                    let application = Application::from(found);
                    let listed = ListBindings::default().target(TargetPk::from(application.pk));
                    let bindings = client.all(listed).await?;
                    // Without those that it had: the ones that are left come anew.
                    [
                        Change::DeleteApplication { application: *pk },
                        Change::PutApplication { application },
                    ]
                    .into_iter()
                    .chain(bindings.into_iter().flat_map(bound))
                    .collect()
                }
                None => vec![Change::DeleteApplication { application: *pk }],
            }
        }
        Touched::Group(pk) => match client.send_opt(&RetrieveGroup { pk: *pk }).await? {
            Some(found) => vec![Change::PutGroup {
                group: Group::from(found),
            }],
            None => vec![Change::DeleteGroup { group: *pk }],
        },
        Touched::User(pk) => match client.send_opt(&RetrieveUser { pk: *pk }).await? {
            Some(found) => vec![Change::PutUser {
                user: User::from(found),
            }],
            None => vec![Change::DeleteUser { user: *pk }],
        },
        Touched::Binding(pk) => match client.send_opt(&RetrieveBinding { pk: *pk }).await? {
            Some(found) => bound(found),
            None => vec![Change::RemoveBinding { binding: *pk }],
        },
    })
}

/// A binding, with the policy that it names.
fn bound(mut found: PolicyBinding) -> Vec<Change> {
    let policy = found.policy_obj.take();
    let policy = policy.map(|policy| Change::PutPolicy {
        policy: Policy::from(policy),
    });
    let binding = Binding::from(found);
    policy
        .into_iter()
        .chain([Change::PutBinding { binding }])
        .collect()
}
