//! Whether an object is what was asked for, or what it was.

use serde_json::{Map, Value, json};

use super::Object;
use crate::change::{Creation, Effect, Find, Outputs};

/// Whether two values of a field say the same. authentik trims the texts that it is sent, and keeps
/// lists of keys in an order of its own.
pub(in crate::change) fn same(asked: &Value, now: &Value) -> bool {
    match (asked, now) {
        (Value::String(asked), Value::String(now)) => asked.trim() == now.trim(),
        (Value::Array(asked), Value::Array(now)) => {
            // A group may have ten thousand members.
            let texts = |items: &[Value]| {
                let mut texts: Vec<String> = items.iter().map(Value::to_string).collect();
                texts.sort_unstable();
                texts
            };
            asked.len() == now.len() && texts(asked) == texts(now)
        }
        _ => asked == now,
    }
}

/// The fields of `wanted` that an object does not have like this.
pub(in crate::change) fn differing(wanted: &Map<String, Value>, now: &Value) -> Vec<String> {
    let differs = |(key, value): &(&String, &Value)| {
        let now = now.get(key.as_str()).unwrap_or(&Value::Null);
        !same(value, now)
    };
    let differing = wanted.iter().filter(differs);
    differing.map(|(key, _)| key.clone()).collect()
}

impl Effect {
    /// Whether a found object is what a step asked for: `body` is the step's resolved body. The
    /// client id tells a provider of ours from anybody else's of the same name, and the provider
    /// tells the application.
    pub(in crate::change) fn is_as_asked(&self, body: Option<&Value>, outputs: &Outputs) -> bool {
        if self.object == Object::Membership {
            return true;
        }
        let Some(body) = body else { return false };
        let now = |key: &str| self.snapshot.get(key).unwrap_or(&Value::Null);
        let as_asked = |asked: &Value, key: &str| {
            let asked = asked.get(key);
            asked.is_none_or(|asked| asked.is_null() || same(asked, now(key)))
        };
        match self.object {
            Object::Oauth2Provider => body.get("provider").is_some_and(|asked| {
                ["client_id", "authorization_flow", "client_type"]
                    .iter()
                    .all(|key| as_asked(asked, key))
            }),
            Object::Application => outputs
                .get("provider")
                .is_some_and(|provider| provider.pk == *now("provider")),
            Object::Group => {
                as_asked(body, "name")
                    && as_asked(body, "is_superuser")
                    && as_asked(body, "roles")
                    && now("users").as_array().is_none_or(Vec::is_empty)
            }
            Object::ScopeMapping => as_asked(body, "scope_name") && as_asked(body, "expression"),
            Object::PolicyBinding => ["group", "user", "policy", "negate", "enabled"]
                .iter()
                .all(|key| as_asked(body, key)),
            Object::Role => as_asked(body, "name"),
            Object::Token => ["identifier", "user", "intent"]
                .iter()
                .all(|key| as_asked(body, key)),
            Object::User => ["username", "name", "email", "type"]
                .iter()
                .all(|key| as_asked(body, key)),
            Object::Membership => true,
        }
    }
}

impl Creation {
    /// The membership that this makes, where both its keys are known.
    pub(in crate::change) fn membership(&self, outputs: &Outputs) -> Option<Effect> {
        let Find::Membership { group, user } = &self.find else {
            return None;
        };
        let key = outputs.resolve(&json!({ "group": group, "user": user }));
        key.ok().map(|key| self.effect(key))
    }

    /// The created object behind an answer of the server.
    pub(in crate::change) fn effect(&self, mut object: Value) -> Effect {
        if let Some(map) = object.as_object_mut() {
            map.remove("client_secret");
        }
        let pk = match self.object {
            Object::Membership => object.clone(),
            _ => object.get("pk").cloned().unwrap_or(Value::Null),
        };
        let address = match (self.object, &pk) {
            (Object::Application, _) => text(&object, "slug"),
            (Object::Token, _) => text(&object, "identifier"),
            (_, Value::String(pk)) => pk.clone(),
            (_, pk) => pk.to_string(),
        };
        Effect {
            name: self.name.clone(),
            object: self.object,
            label: self.label.clone(),
            pk,
            address,
            snapshot: object,
            act: crate::change::Act::Created,
        }
    }
}

fn text(object: &Value, key: &str) -> String {
    let text = object.get(key).and_then(Value::as_str);
    text.unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_trimmed_and_lists_have_no_order() {
        assert!(same(&json!(" a "), &json!("a")));
        assert!(same(&json!([1, 2]), &json!([2, 1])));
        assert!(!same(&json!([1, 2]), &json!([1])));
        assert!(!same(&json!([1, 1, 2]), &json!([1, 2, 2])));
        assert!(!same(&json!(null), &json!("")));
        let wanted = json!({ "order": 0, "enabled": true, "group": null });
        let now = json!({ "order": 3, "enabled": true });
        let wanted = wanted.as_object().unwrap();
        assert_eq!(differing(wanted, &now), ["order"]);
    }
}
