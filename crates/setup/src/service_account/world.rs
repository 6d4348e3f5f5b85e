use std::collections::BTreeSet;

use authentik_api::{Capabilities, Client, Error, Transport, api::rbac::ListPermissions};

use super::{Rights, ServiceAccount};
use crate::change::{Object, by_name};

/// What a plan has to know of the server.
#[derive(Debug, Clone)]
pub struct World {
    /// What its version can do.
    pub capabilities: Capabilities,
    /// Whether the credential is a superuser's: nobody else may make a role and somebody else's token.
    pub superuser: bool,
    /// The permissions that it lists.
    pub permissions: BTreeSet<String>,
    /// What exists of the names already, as it is called for people.
    pub taken: Vec<&'static str>,
}

impl World {
    /// Reads it.
    ///
    /// # Errors
    /// When the server does not answer as it should.
    pub async fn load<T: Transport>(
        client: &Client<T>,
        superuser: bool,
        draft: &ServiceAccount,
    ) -> Result<Self, Error<T::Error>> {
        let mut taken = Vec::new();
        let group = draft.group();
        let mut names = vec![
            (Object::User, draft.username.trim().to_owned()),
            (Object::Group, group.clone()),
            (Object::Token, draft.token()),
        ];
        let mut permissions = BTreeSet::new();
        if draft.rights == Rights::SetUp && superuser {
            names.push((Object::Role, group));
            let listed = client.all(ListPermissions::default()).await?;
            permissions.extend(
                listed
                    .iter()
                    .map(authentik_api::models::Permission::full_name),
            );
        }
        for (object, name) in names {
            if !by_name(client, object, &name).await?.is_empty() {
                taken.push(object.label());
            }
        }
        Ok(Self {
            capabilities: client.capabilities().clone(),
            superuser,
            permissions,
            taken,
        })
    }
}
