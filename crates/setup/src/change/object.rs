use authentik_api::{
    BuildError, Client, Endpoint, Error, Page, Parts, Transport,
    api::{
        core::{
            applications::{DestroyApplication, RetrieveApplication},
            groups::{DestroyGroup, ListGroupUses, ListGroups, RetrieveGroup},
        },
        policies::{DestroyBinding, ListBindings, RetrieveBinding},
        propertymappings::{
            DestroyScopeMapping, ListScopeMappingUses, ListScopeMappings, RetrieveScopeMapping,
        },
        providers::{DestroyOAuth2Provider, ListOAuth2Providers, RetrieveOAuth2Provider},
    },
    models::UsedBy,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{Creation, Find, Outputs};

/// The kinds of objects that change sets create.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Object {
    /// An application.
    Application,
    /// An OAuth2 / OpenID provider.
    Oauth2Provider,
    /// A group.
    Group,
    /// A scope mapping.
    ScopeMapping,
    /// A policy binding.
    PolicyBinding,
}

/// An object that a change set created.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Created {
    /// The name that the plan refers to it by.
    pub name: String,
    /// What it is.
    pub object: Object,
    /// Its name for people.
    pub label: String,
    /// Its key on the server.
    pub pk: Value,
    /// What addresses it in the API: the slug of an application, the key of anything else.
    pub address: String,
    /// What it looked like when it was created, without secrets: undo refuses when it looks
    /// different by then.
    pub snapshot: Value,
}

/// Fields that change without anybody changing the object, or that repeat what another object says.
const VOLATILE: &[&str] = &[
    "client_secret",
    "provider_obj",
    "backchannel_providers_obj",
    "launch_url",
    "users_obj",
    "roles_obj",
    "group_obj",
    "user_obj",
    "policy_obj",
    "parents_obj",
    "children_obj",
    "inherited_roles_obj",
    "meta_icon_themed_urls",
    "meta_icon_url",
];

impl Object {
    /// The kind for people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Application => "application",
            Self::Oauth2Provider => "OAuth2 provider",
            Self::Group => "group",
            Self::ScopeMapping => "scope mapping",
            Self::PolicyBinding => "policy binding",
        }
    }

    /// Looks an object up by its natural key.
    ///
    /// # Errors
    /// When the server does not answer as it should.
    pub async fn find<T: Transport>(
        client: &Client<T>,
        creation: &Creation,
        outputs: &Outputs,
    ) -> Result<Option<Created>, Error<T::Error>> {
        let found = match (&creation.find, creation.object) {
            (Find::Slug { slug }, _) => {
                optional(read(client, &RetrieveApplication { slug: slug.clone() }).await)?
            }
            (Find::Name { name }, Self::Oauth2Provider) => {
                named(
                    client,
                    ListOAuth2Providers::default().name(name.clone()),
                    name,
                )
                .await?
            }
            (Find::Name { name }, Self::Group) => {
                named(client, ListGroups::default().name(name.clone()), name).await?
            }
            (Find::Name { name }, _) => {
                named(
                    client,
                    ListScopeMappings::default().name(name.clone()),
                    name,
                )
                .await?
            }
            (Find::Binding { target, group }, _) => binding(client, target, group, outputs).await?,
        };
        Ok(found.map(|object| creation.created(object)))
    }

    /// What uses an object, as far as the token may see it. Empty for kinds that nothing refers to.
    ///
    /// # Errors
    /// When the server does not answer as it should.
    pub async fn used_by<T: Transport>(
        client: &Client<T>,
        created: &Created,
    ) -> Result<Vec<UsedBy>, Error<T::Error>> {
        match created.object {
            Self::Group => {
                client
                    .send(&ListGroupUses {
                        pk: created.required_key()?,
                    })
                    .await
            }
            Self::ScopeMapping => {
                client
                    .send(&ListScopeMappingUses {
                        pk: created.required_key()?,
                    })
                    .await
            }
            _ => Ok(Vec::new()),
        }
    }

    /// Deletes an object; `false` when it was gone already.
    ///
    /// # Errors
    /// When the server refuses or does not answer.
    pub async fn delete<T: Transport>(
        client: &Client<T>,
        created: &Created,
    ) -> Result<bool, Error<T::Error>> {
        let parts = created.parts(client, Verb::Delete)?;
        Ok(optional(client.execute::<()>(parts).await)?.is_some())
    }

    /// Reads an object as it is now; `None` when it is gone.
    ///
    /// # Errors
    /// When the server does not answer as it should.
    pub async fn read<T: Transport>(
        client: &Client<T>,
        created: &Created,
    ) -> Result<Option<Value>, Error<T::Error>> {
        optional(client.execute(created.parts(client, Verb::Read)?).await)
    }
}

#[derive(Clone, Copy)]
enum Verb {
    Read,
    Delete,
}

impl Created {
    /// The object for people: `The group “Users”`.
    pub fn named(&self) -> String {
        format!("The {} “{}”", self.object.label(), self.label)
    }

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
        }
    }

    /// The key as its type; `None` when it is of another one.
    pub(super) fn key<K: DeserializeOwned>(&self) -> Option<K> {
        serde_json::from_value(self.pk.clone()).ok()
    }

    fn required_key<K: DeserializeOwned>(&self) -> Result<K, BuildError> {
        self.key().ok_or(BuildError::Key {
            kind: self.object.label(),
        })
    }

    /// Whether a found object is what a step asked for: `body` is the step's resolved body. The
    /// client id tells a provider of ours from anybody else's of the same name, and the provider
    /// tells the application.
    pub(super) fn is_as_asked(&self, body: Option<&Value>, outputs: &Outputs) -> bool {
        let Some(body) = body else { return false };
        let now = |key: &str| self.snapshot.get(key).unwrap_or(&Value::Null);
        // authentik trims the texts that it is sent.
        let trimmed = |value: &Value| value.as_str().map(|text| text.trim().to_owned());
        let same = |asked: &Value, key: &str| {
            asked.get(key).is_none_or(|asked| {
                asked.is_null()
                    || asked == now(key)
                    || trimmed(asked).is_some_and(|text| trimmed(now(key)) == Some(text))
            })
        };
        match self.object {
            Object::Oauth2Provider => body.get("provider").is_some_and(|asked| {
                ["client_id", "authorization_flow", "client_type"]
                    .iter()
                    .all(|key| same(asked, key))
            }),
            Object::Application => outputs
                .get("provider")
                .is_some_and(|provider| provider.pk == *now("provider")),
            Object::Group => {
                same(body, "name")
                    && same(body, "is_superuser")
                    && now("users").as_array().is_none_or(Vec::is_empty)
            }
            Object::ScopeMapping => same(body, "scope_name") && same(body, "expression"),
            Object::PolicyBinding => ["group", "negate", "enabled"]
                .iter()
                .all(|key| same(body, key)),
        }
    }

    /// The fields in which the object differs from what it was when it was created.
    pub fn changed_fields(&self, now: &Value) -> Vec<String> {
        let (Some(before), Some(now)) = (self.snapshot.as_object(), now.as_object()) else {
            return Vec::new();
        };
        before
            .iter()
            .filter(|(key, _)| !VOLATILE.contains(&key.as_str()) && !key.starts_with("assigned_"))
            .filter(|(key, value)| now.get(*key).is_some_and(|now| now != *value))
            .map(|(key, _)| key.clone())
            .collect()
    }
}

impl Creation {
    /// The created object behind an answer of the server.
    pub(super) fn created(&self, mut object: Value) -> Created {
        if let Some(map) = object.as_object_mut() {
            map.remove("client_secret");
        }
        let pk = object.get("pk").cloned().unwrap_or(Value::Null);
        let address = match (self.object, &pk) {
            (Object::Application, _) => object
                .get("slug")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned(),
            (_, Value::String(pk)) => pk.clone(),
            (_, pk) => pk.to_string(),
        };
        Created {
            name: self.name.clone(),
            object: self.object,
            label: self.label.clone(),
            pk,
            address,
            snapshot: object,
        }
    }
}

/// `None` for a 404.
fn optional<O, E>(result: Result<O, Error<E>>) -> Result<Option<O>, Error<E>> {
    match result {
        Ok(object) => Ok(Some(object)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}

async fn read<T: Transport, E: Endpoint>(
    client: &Client<T>,
    endpoint: &E,
) -> Result<Value, Error<T::Error>> {
    client.execute(endpoint.parts(client.capabilities())?).await
}

/// The object of a list whose name is exactly `name`.
async fn named<T: Transport, E: Endpoint>(
    client: &Client<T>,
    list: E,
    name: &str,
) -> Result<Option<Value>, Error<T::Error>> {
    let page: Page<Value> = client.execute(list.parts(client.capabilities())?).await?;
    Ok(page
        .into_iter()
        .find(|object| object.get("name").and_then(Value::as_str) == Some(name)))
}

/// The binding of a group to the application created under `target`.
async fn binding<T: Transport>(
    client: &Client<T>,
    target: &str,
    group: &Value,
    outputs: &Outputs,
) -> Result<Option<Value>, Error<T::Error>> {
    let target = outputs
        .get(target)
        .and_then(Created::key::<authentik_api::TargetPk>);
    let (Some(target), Ok(group)) = (target, outputs.resolve(group)) else {
        return Ok(None);
    };
    let list = ListBindings::default().target(target);
    let page: Page<Value> = client.execute(list.parts(client.capabilities())?).await?;
    Ok(page
        .into_iter()
        .find(|binding| binding.get("group") == Some(&group)))
}
