//! Looking objects up without their keys.

use authentik_api::{
    BindingPk, Client, Endpoint, Error, Page, Parts, TargetPk, Transport,
    api::{
        core::{
            applications::RetrieveApplication,
            groups::{ListGroupUses, ListGroups},
            users::{ListUsers, RetrieveUser},
        },
        policies::{ListBindings, RetrieveBinding},
        propertymappings::{ListScopeMappingUses, ListScopeMappings},
        providers::ListOAuth2Providers,
        rbac::ListRoles,
    },
    models::{PolicyBinding, UsedBy, User},
    operation::named,
};
use serde_json::{Value, json};

use super::{MembershipKey, Object, request::optional};
use crate::change::{Creation, Effect, Find, Outputs};

impl Object {
    /// Looks an object up by its natural key. authentik takes the same binding twice: of several the
    /// one that is as `body` asks for is found, else the first.
    ///
    /// # Errors
    /// When the server does not answer as it should.
    pub async fn find<T: Transport>(
        client: &Client<T>,
        creation: &Creation,
        outputs: &Outputs,
        body: Option<&Value>,
    ) -> Result<Option<Effect>, Error<T::Error>> {
        let found = match (&creation.find, creation.object) {
            (Find::Slug { slug }, _) => {
                optional(read(client, &RetrieveApplication { slug: slug.clone() }).await)?
            }
            (Find::Name { name }, object) => {
                let found = by_name(client, object, name).await?;
                found.into_iter().next()
            }
            (
                Find::Binding {
                    target,
                    group,
                    user,
                },
                _,
            ) => {
                let subject = json!({ "group": group, "user": user });
                let target = outputs.target(target);
                match (target, outputs.resolve(&subject)) {
                    (Some(target), Ok(subject)) => {
                        let found = bindings(client, target, &subject).await?;
                        // One that ends by itself is not what anybody asked for.
                        let lasts = |it: &&Value| {
                            let expires = it.get("expires").is_some_and(|it| !it.is_null());
                            !(expires && it.get("expiring") == Some(&json!(true)))
                        };
                        let as_asked = |it: &&Value| {
                            let same = |key| body.and_then(|body| body.get(key)) == it.get(key);
                            ["negate", "enabled"].into_iter().all(same)
                        };
                        let mut lasting = found.iter().filter(lasts);
                        let fitting = lasting.clone().find(as_asked).or_else(|| lasting.next());
                        match fitting.and_then(key) {
                            Some(pk) => optional(read(client, &RetrieveBinding { pk }).await)?,
                            None => None,
                        }
                    }
                    _ => None,
                }
            }
            (Find::Membership { .. }, _) => match creation.membership(outputs) {
                Some(effect) => membership(client, &effect.pk).await?,
                None => None,
            },
        };
        Ok(found.map(|object| creation.effect(object)))
    }

    /// What uses an object, as far as the token may see it. Empty for kinds that nothing refers to.
    ///
    /// # Errors
    /// When the server does not answer as it should.
    pub async fn used_by<T: Transport>(
        client: &Client<T>,
        effect: &Effect,
    ) -> Result<Vec<UsedBy>, Error<T::Error>> {
        match effect.object {
            Self::Group => {
                let pk = effect.required_key()?;
                client.send(&ListGroupUses { pk }).await
            }
            Self::ScopeMapping => {
                let pk = effect.required_key()?;
                client.send(&ListScopeMappingUses { pk }).await
            }
            Self::Role => {
                let parts = Parts::new(named("rbac_roles_used_by_list"));
                client.execute(parts.param(&effect.address)).await
            }
            Self::User => {
                let parts = Parts::new(named("core_users_used_by_list"));
                client.execute(parts.param(&effect.address)).await
            }
            _ => Ok(Vec::new()),
        }
    }
}

/// The objects of a name: of a user, the login name. Up to 2024.4 several groups may have one.
pub(crate) async fn by_name<T: Transport>(
    client: &Client<T>,
    object: Object,
    name: &str,
) -> Result<Vec<Value>, Error<T::Error>> {
    let text = name.to_owned();
    match object {
        Object::Oauth2Provider => {
            let list = ListOAuth2Providers::default().name(text);
            called(client, list, "name", name).await
        }
        Object::Group => called(client, ListGroups::default().name(text), "name", name).await,
        Object::User => {
            let list = ListUsers::default().username(text);
            called(client, list, "username", name).await
        }
        Object::Role => every(client, ListRoles::default(), name).await,
        Object::Token => {
            let parts = Parts::new(named("core_tokens_retrieve")).param(name);
            Ok(optional(client.execute(parts).await)?.into_iter().collect())
        }
        _ => {
            let list = ListScopeMappings::default().name(text);
            called(client, list, "name", name).await
        }
    }
}

/// The bindings of one subject to a target: the fields `policy`, `group` and `user` of `subject`,
/// absent ones being null. There is no filter by subject (T22), and the key by which the binding of a
/// flow names it is none that can be filtered by (T23).
pub(in crate::change) async fn bindings<T: Transport>(
    client: &Client<T>,
    target: TargetPk,
    subject: &Value,
) -> Result<Vec<Value>, Error<T::Error>> {
    let bindings = match client.all(ListBindings::default().target(target)).await {
        Err(error) if error.status() == Some(400) => {
            let mut all = client.all(ListBindings::default()).await?;
            all.retain(|it| it.target == target);
            all
        }
        bindings => bindings?,
    };
    let bindings = bindings.iter().map(as_value);
    let is_subject = |binding: &Value| {
        let same = |key| binding.get(key).unwrap_or(&Value::Null);
        ["policy", "group", "user"]
            .iter()
            .all(|key| same(*key) == subject.get(*key).unwrap_or(&Value::Null))
    };
    Ok(bindings.filter(is_subject).collect())
}

fn key(binding: &Value) -> Option<BindingPk> {
    serde_json::from_value(binding.get("pk")?.clone()).ok()
}

/// A binding as the server shows it, without the objects it names.
pub(in crate::change) fn as_value(binding: &PolicyBinding) -> Value {
    let mut value = serde_json::to_value(binding).unwrap_or_default();
    if let Some(fields) = value.as_object_mut() {
        fields.retain(|key, _| !key.ends_with("_obj"));
    }
    value
}

/// A membership, asked of the user: a group may have thousands of members.
pub(in crate::change) async fn membership<T: Transport>(
    client: &Client<T>,
    pk: &Value,
) -> Result<Option<Value>, Error<T::Error>> {
    let Ok(key) = serde_json::from_value::<MembershipKey>(pk.clone()) else {
        return Ok(None);
    };
    let user: Option<User> = client.send_opt(&RetrieveUser { pk: key.user }).await?;
    let is_member = user.is_some_and(|user| user.groups.contains(&key.group));
    Ok(is_member.then(|| pk.clone()))
}

async fn read<T: Transport, E: Endpoint>(
    client: &Client<T>,
    endpoint: &E,
) -> Result<Value, Error<T::Error>> {
    client.execute(endpoint.parts(client.capabilities())?).await
}

/// The roles of a name, which there is no filter for in every version.
async fn every<T: Transport>(
    client: &Client<T>,
    list: ListRoles,
    name: &str,
) -> Result<Vec<Value>, Error<T::Error>> {
    let all = client.all(list).await?;
    let named = all.into_iter().filter(|role| role.name == name.trim());
    Ok(named.map(|role| json!(role)).collect())
}

/// The objects of a list whose name is exactly `name`.
async fn called<T: Transport, E: Endpoint>(
    client: &Client<T>,
    list: E,
    field: &str,
    name: &str,
) -> Result<Vec<Value>, Error<T::Error>> {
    let page: Page<Value> = client.execute(list.parts(client.capabilities())?).await?;
    // authentik trims names.
    let is_it = |object: &Value| {
        let found = object.get(field).and_then(Value::as_str);
        found.is_some_and(|found| found == name || found == name.trim())
    };
    Ok(page.into_iter().filter(is_it).collect())
}
