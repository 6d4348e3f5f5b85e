use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::{Object, object::differing};

/// What a change set did to one object.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Effect {
    /// The name that the plan refers to it by.
    pub name: String,
    /// What it is.
    pub object: Object,
    /// Its name for people.
    pub label: String,
    /// Its key on the server; of a membership `{"group": …, "user": …}`.
    pub pk: Value,
    /// What addresses it in the API: the slug of an application, the key of anything else.
    pub address: String,
    /// What it looks like since, without secrets: undo refuses when it looks different by then. Of
    /// an object that was changed, the fields that were sent; of one that was deleted, what it
    /// looked like before, as far as it can be made again.
    pub snapshot: Value,
    /// What was done to it.
    #[serde(default, skip_serializing_if = "Act::is_created")]
    pub act: Act,
}

/// What was done to an object.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "did")]
pub enum Act {
    /// It did not exist before.
    #[default]
    Created,
    /// It was another before.
    Changed {
        /// What the fields that were sent held before.
        before: Map<String, Value>,
    },
    /// It existed before.
    Deleted {
        /// Keys of the objects beside it that had the same natural key: bindings of the same
        /// subject to the same target, groups of the same name (up to 2024.4). They are not it.
        #[serde(default)]
        twins: Vec<Value>,
    },
}

impl Act {
    /// Whether the object is new.
    pub const fn is_created(&self) -> bool {
        matches!(self, Self::Created)
    }
}

/// Fields that change without anybody changing the object, or that repeat what another object says.
const VOLATILE: &[&str] = &[
    "avatar",
    "client_secret",
    "provider_obj",
    "backchannel_providers_obj",
    "launch_url",
    "last_updated",
    "users_obj",
    "roles_obj",
    "group_obj",
    "groups_obj",
    "user_obj",
    "parent_name",
    "password_change_date",
    "policy_obj",
    "parents_obj",
    "children_obj",
    "inherited_roles_obj",
    "meta_icon_themed_urls",
    "meta_icon_url",
];

impl Effect {
    /// The object for people: `The group “Users”`.
    pub fn named(&self) -> String {
        format!("The {} “{}”", self.object.label(), self.label)
    }

    /// What a binding is about, as far as is known.
    pub(super) fn named_target(&self) -> Option<&Value> {
        self.snapshot.get("target")
    }

    /// The key as its type; `None` when it is of another one.
    pub(super) fn key<K: DeserializeOwned>(&self) -> Option<K> {
        serde_json::from_value(self.pk.clone()).ok()
    }

    /// The fields in which the object differs from what the change set made of it.
    pub fn changed_fields(&self, now: &Value) -> Vec<String> {
        let (Some(after), Some(_)) = (self.snapshot.as_object(), now.as_object()) else {
            return Vec::new();
        };
        if !self.act.is_created() {
            return differing(after, now);
        }
        let volatile = |key: &str| {
            VOLATILE.contains(&key)
                || key.starts_with("assigned_")
                // Of a user it only says what the groups say.
                || (self.object == Object::User && key == "is_superuser")
        };
        after
            .iter()
            .filter(|(key, _)| !volatile(key))
            .filter(|(key, value)| now.get(*key).is_some_and(|now| now != *value))
            .map(|(key, _)| key.clone())
            .collect()
    }
}
