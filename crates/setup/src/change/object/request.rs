//! The requests that read, create, change and delete objects by their keys.

use authentik_api::{
    BuildError, Client, Endpoint, Error, GroupPk, OperationId, Parts, Transport, UserPk,
    api::{
        core::{
            applications::{DestroyApplication, RetrieveApplication},
            groups::{AddUser, DestroyGroup, RemoveUser, RetrieveGroup},
            users::RetrieveUser,
        },
        policies::{DestroyBinding, RetrieveBinding},
        propertymappings::{DestroyScopeMapping, RetrieveScopeMapping},
        providers::{DestroyOAuth2Provider, RetrieveOAuth2Provider},
    },
    operation::named,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::{Object, find};
use crate::change::Effect;

/// The key of a membership.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::change) struct MembershipKey {
    pub(in crate::change) group: GroupPk,
    pub(in crate::change) user: UserPk,
}

#[derive(Clone, Copy)]
enum Verb {
    Read,
    Delete,
}

impl Object {
    /// Deletes an object; `false` when it was gone already.
    ///
    /// # Errors
    /// When the server refuses or does not answer.
    pub async fn delete<T: Transport>(
        client: &Client<T>,
        effect: &Effect,
    ) -> Result<bool, Error<T::Error>> {
        let parts = effect.parts(client, Verb::Delete)?;
        Ok(optional(client.execute::<()>(parts).await)?.is_some())
    }

    /// Reads an object as it is now; `None` when it is gone.
    ///
    /// # Errors
    /// When the server does not answer as it should.
    pub async fn read<T: Transport>(
        client: &Client<T>,
        effect: &Effect,
    ) -> Result<Option<Value>, Error<T::Error>> {
        if effect.object == Self::Membership {
            return find::membership(client, &effect.pk).await;
        }
        optional(client.execute(effect.parts(client, Verb::Read)?).await)
    }

    /// Gives fields of an object their values back; `false` when it is gone.
    ///
    /// # Errors
    /// When the server refuses or does not answer.
    pub(in crate::change) async fn put_back<T: Transport>(
        client: &Client<T>,
        effect: &Effect,
        fields: &Map<String, Value>,
    ) -> Result<bool, Error<T::Error>> {
        let operation = effect.object.update().ok_or(BuildError::Key {
            kind: effect.object.label(),
        })?;
        let mut parts = Parts::new(operation).param(&effect.address);
        parts.body = Some(Value::Object(fields.clone()));
        Ok(optional(client.execute::<Value>(parts).await)?.is_some())
    }

    /// Makes a deleted object again. The answer is its new key; `None` when what it belonged to is
    /// gone.
    ///
    /// # Errors
    /// When the server refuses or does not answer.
    pub(in crate::change) async fn make_again<T: Transport>(
        client: &Client<T>,
        object: Self,
        snapshot: &Value,
    ) -> Result<Option<Value>, Error<T::Error>> {
        let kind = object.label();
        if object == Self::Membership {
            let key = serde_json::from_value::<MembershipKey>(snapshot.clone());
            let MembershipKey { group, user } = key.map_err(|_| BuildError::Key { kind })?;
            let made = optional(client.send(&AddUser { group, user }).await)?;
            return Ok(made.map(|()| snapshot.clone()));
        }
        let operation = match object {
            Self::Group => named("core_groups_create"),
            Self::User => named("core_users_create"),
            Self::PolicyBinding => named("policies_bindings_create"),
            _ => return Err(BuildError::Key { kind }.into()),
        };
        let mut body = snapshot.clone();
        if let Some(fields) = body.as_object_mut() {
            // authentik sets these alone.
            fields.retain(|key, _| !["expiring", "expires"].contains(&key.as_str()));
        }
        let made: Result<Value, _> = client.execute(Parts::new(operation).json(&body)?).await;
        match made {
            Ok(made) => Ok(made.get("pk").cloned()),
            // What it guarded is gone, and it would have gone with it.
            Err(error) if object == Self::PolicyBinding && is_about(&error, "target") => Ok(None),
            Err(error) => Err(error),
        }
    }

    const fn update(self) -> Option<OperationId> {
        Some(match self {
            Self::Application => named("core_applications_partial_update"),
            Self::Group => named("core_groups_partial_update"),
            Self::User => named("core_users_partial_update"),
            Self::PolicyBinding => named("policies_bindings_partial_update"),
            Self::Oauth2Provider
            | Self::ScopeMapping
            | Self::Membership
            | Self::Role
            | Self::Token => return None,
        })
    }
}

impl Effect {
    /// The request that reads or deletes the object.
    fn parts<T: Transport>(&self, client: &Client<T>, verb: Verb) -> Result<Parts, BuildError> {
        let caps = client.capabilities();
        let slug = self.address.clone();
        match (self.object, verb) {
            (Object::Application, Verb::Read) => RetrieveApplication { slug }.parts(caps),
            (Object::Application, Verb::Delete) => DestroyApplication { slug }.parts(caps),
            (Object::Oauth2Provider, Verb::Read) => RetrieveOAuth2Provider {
                pk: self.required_key()?,
            }
            .parts(caps),
            (Object::Oauth2Provider, Verb::Delete) => DestroyOAuth2Provider {
                pk: self.required_key()?,
            }
            .parts(caps),
            (Object::Group, Verb::Read) => RetrieveGroup {
                pk: self.required_key()?,
            }
            .parts(caps),
            (Object::Group, Verb::Delete) => DestroyGroup {
                pk: self.required_key()?,
            }
            .parts(caps),
            (Object::ScopeMapping, Verb::Read) => RetrieveScopeMapping {
                pk: self.required_key()?,
            }
            .parts(caps),
            (Object::ScopeMapping, Verb::Delete) => DestroyScopeMapping {
                pk: self.required_key()?,
            }
            .parts(caps),
            (Object::PolicyBinding, Verb::Read) => RetrieveBinding {
                pk: self.required_key()?,
            }
            .parts(caps),
            (Object::PolicyBinding, Verb::Delete) => DestroyBinding {
                pk: self.required_key()?,
            }
            .parts(caps),
            (Object::User, Verb::Read) => RetrieveUser {
                pk: self.required_key()?,
            }
            .parts(caps),
            (Object::User, Verb::Delete) => {
                Ok(Parts::new(named("core_users_destroy")).param(&self.address))
            }
            (Object::Role, Verb::Read) => {
                Ok(Parts::new(named("rbac_roles_retrieve")).param(&self.address))
            }
            (Object::Role, Verb::Delete) => {
                Ok(Parts::new(named("rbac_roles_destroy")).param(&self.address))
            }
            (Object::Token, Verb::Read) => {
                Ok(Parts::new(named("core_tokens_retrieve")).param(&self.address))
            }
            (Object::Token, Verb::Delete) => {
                Ok(Parts::new(named("core_tokens_destroy")).param(&self.address))
            }
            (Object::Membership, Verb::Read) => RetrieveUser {
                pk: self.required_key::<MembershipKey>()?.user,
            }
            .parts(caps),
            (Object::Membership, Verb::Delete) => {
                let MembershipKey { group, user } = self.required_key()?;
                RemoveUser { group, user }.parts(caps)
            }
        }
    }

    pub(super) fn required_key<K: DeserializeOwned>(&self) -> Result<K, BuildError> {
        self.key().ok_or(BuildError::Key {
            kind: self.object.label(),
        })
    }
}

/// Whether the server refuses one field alone.
fn is_about<E>(error: &Error<E>, field: &str) -> bool {
    let fields = error.field_errors();
    fields.is_some_and(|fields| fields.keys().eq([field]))
}

/// `None` for a 404.
pub(super) fn optional<O, E>(result: Result<O, Error<E>>) -> Result<Option<O>, Error<E>> {
    match result {
        Ok(object) => Ok(Some(object)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}
