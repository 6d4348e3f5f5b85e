//! References of a step to what earlier steps created, and to secrets that stay out of the plan.
//!
//! In the JSON of a planned request `{"$from": "group.pk"}` stands for the key of the object that
//! was created under the name `group`, and `{"$secret": "client_secret"}` for a secret of the draft.

use std::collections::BTreeMap;

use authentik_api::TargetPk;
use serde_json::{Value, json};

use super::Effect;
use crate::secret::Secret;

/// What a step can refer to.
#[derive(Debug, Clone, Default)]
pub struct Outputs {
    created: BTreeMap<String, Effect>,
    secrets: BTreeMap<String, Secret>,
}

/// A planned request refers to something that is not there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReferenceError {
    /// No earlier step created it.
    #[error("nothing was created under the name {0}")]
    Unknown(String),
    /// The draft holds no such secret.
    #[error("the secret {0} is not at hand any more; open the draft and enter it again")]
    Secret(String),
}

/// A reference to the key of an object created under `name`.
pub fn reference(name: &str) -> Value {
    json!({ "$from": name })
}

/// A reference to a secret of the draft.
pub fn secret_reference(name: &str) -> Value {
    json!({ "$secret": name })
}

impl Outputs {
    /// Outputs that know these secrets.
    pub fn new(secrets: BTreeMap<String, Secret>) -> Self {
        Self {
            created: BTreeMap::new(),
            secrets,
        }
    }

    /// Remembers a created object.
    pub fn insert(&mut self, created: Effect) {
        self.created.insert(created.name.clone(), created);
    }

    /// The object created under a name.
    pub fn get(&self, name: &str) -> Option<&Effect> {
        self.created.get(name)
    }

    /// What a binding names as its target: a key, a reference, or the bare name that an application
    /// is created under.
    pub(super) fn target(&self, target: &Value) -> Option<TargetPk> {
        let created = target.as_str().and_then(|name| self.get(name));
        let key = match created {
            Some(application) => application.pk.clone(),
            None => self.resolve(target).ok()?,
        };
        serde_json::from_value(key).ok()
    }

    /// All created objects, in the order of their names.
    pub fn created(&self) -> impl Iterator<Item = &Effect> {
        self.created.values()
    }

    /// Like [`resolve`](Self::resolve), for comparing only: what is not known is left as it is.
    pub(super) fn resolve_known(&self, value: &Value) -> Value {
        match value {
            Value::Object(map) if map.len() == 1 && map.contains_key("$secret") => Value::Null,
            Value::Object(map) if map.len() == 1 && map.contains_key("$from") => {
                self.resolve(value).unwrap_or(Value::Null)
            }
            Value::Object(map) => map
                .iter()
                .map(|(key, value)| (key.clone(), self.resolve_known(value)))
                .collect::<serde_json::Map<_, _>>()
                .into(),
            Value::Array(items) => items.iter().map(|item| self.resolve_known(item)).collect(),
            other => other.clone(),
        }
    }

    /// `value` with every reference replaced by what it refers to.
    ///
    /// # Errors
    /// When something referred to is missing.
    pub fn resolve(&self, value: &Value) -> Result<Value, ReferenceError> {
        match value {
            Value::Object(map) => {
                if let (1, Some(Value::String(name))) = (map.len(), map.get("$from")) {
                    return self
                        .created
                        .get(name)
                        .map(|created| created.pk.clone())
                        .ok_or_else(|| ReferenceError::Unknown(name.clone()));
                }
                if let (1, Some(Value::String(name))) = (map.len(), map.get("$secret")) {
                    return self
                        .secrets
                        .get(name)
                        .map(|secret| Value::String(secret.expose().to_owned()))
                        .ok_or_else(|| ReferenceError::Secret(name.clone()));
                }
                let resolved: Result<_, _> = map
                    .iter()
                    .map(|(key, value)| Ok((key.clone(), self.resolve(value)?)))
                    .collect();
                Ok(Value::Object(resolved?))
            }
            Value::Array(items) => {
                let resolved: Result<_, _> = items.iter().map(|item| self.resolve(item)).collect();
                Ok(Value::Array(resolved?))
            }
            other => Ok(other.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::{Act, Object};

    #[test]
    fn references_resolve_to_keys_and_secrets() {
        let secrets = BTreeMap::from([("client_secret".to_owned(), Secret::new("s3cr3t"))]);
        let mut outputs = Outputs::new(secrets);
        outputs.insert(Effect {
            name: "group".into(),
            object: Object::Group,
            label: "Users".into(),
            pk: json!("u-1"),
            address: "u-1".into(),
            snapshot: json!({}),
            act: Act::Created,
        });
        let body = json!({ "a": [reference("group"), 1], "b": secret_reference("client_secret") });
        assert_eq!(
            outputs.resolve(&body),
            Ok(json!({ "a": ["u-1", 1], "b": "s3cr3t" }))
        );
        assert_eq!(
            outputs.resolve(&reference("nothing")),
            Err(ReferenceError::Unknown("nothing".into()))
        );
        assert!(matches!(
            Outputs::default().resolve(&secret_reference("x")),
            Err(ReferenceError::Secret(_))
        ));
        assert!(!format!("{outputs:?}").contains("s3cr3t"));
    }
}
