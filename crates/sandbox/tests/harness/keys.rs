//! Which of the sandbox's keys stands for which recorded one.

use regex::Regex;
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::sync::LazyLock;

pub(crate) static TOKEN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{64}|[0-9a-f]{32}",
    )
    .unwrap()
});
const ZERO: &str = "00000000-0000-0000-0000-000000000000";

/// Users and providers both count from one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Space {
    User,
    Provider,
    Permission,
    /// A permission of a role for everything, or for one object.
    Grant,
    ObjectGrant,
    /// The answer to giving a permission does not say which of these it counts.
    Given,
}

#[derive(Debug, Default)]
pub(crate) struct Bindings {
    texts: HashMap<String, String>,
    back: HashMap<String, String>,
    numbers: HashMap<(Space, i64), i64>,
    /// Recorded tokens and the sandbox's, in the order of their coming.
    tokens: Vec<(String, String)>,
    access: Option<String>,
}

impl Bindings {
    /// UUIDs are the same with and without dashes.
    fn plain(text: &str) -> String {
        text.replace('-', "")
    }

    /// Binds, or checks an earlier binding.
    pub(crate) fn bind(&mut self, recorded: &str, ours: &str) -> bool {
        let (recorded, ours) = (Self::plain(recorded), Self::plain(ours));
        match (self.texts.get(&recorded), self.back.get(&ours)) {
            (None, None) => {
                self.back.insert(ours.clone(), recorded.clone());
                self.texts.insert(recorded, ours);
                true
            }
            (known, _) => known == Some(&ours),
        }
    }

    /// Remembers a pair of tokens.
    pub(crate) fn bind_token(&mut self, key: &str, recorded: &str, ours: &str) {
        if key == "access_token" {
            self.access.get_or_insert_with(|| ours.to_owned());
        }
        self.tokens.push((recorded.to_owned(), ours.to_owned()));
    }

    /// The recorder asked everything about the first one that it got.
    pub(crate) fn first_access_token(&self) -> Option<String> {
        self.access.clone()
    }

    /// A recorded form with codes and tokens replaced; nothing where one is not known.
    pub(crate) fn form(&self, recorded: &str) -> Option<String> {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in url::form_urlencoded::parse(recorded.as_bytes()) {
            let value = if matches!(&*name, "token" | "refresh_token") {
                let pair = self.tokens.iter().find(|(theirs, _)| *theirs == value)?;
                pair.1.clone()
            } else {
                self.filled(&value)?
            };
            form.append_pair(&name, &value);
        }
        Some(form.finish())
    }

    pub(crate) fn bind_number(&mut self, space: Space, recorded: i64, ours: i64) -> bool {
        *self.numbers.entry((space, recorded)).or_insert(ours) == ours
    }

    pub(crate) fn text(&self, recorded: &str) -> Option<String> {
        if recorded == ZERO {
            return Some(recorded.to_owned());
        }
        let found = self.texts.get(&Self::plain(recorded))?;
        if !recorded.contains('-') {
            return Some(found.clone());
        }
        let cut = |from: usize, to: usize| &found[from..to];
        Some(format!(
            "{}-{}-{}-{}-{}",
            cut(0, 8),
            cut(8, 12),
            cut(12, 16),
            cut(16, 20),
            cut(20, 32)
        ))
    }

    /// A recorded text with all keys in it replaced; nothing where one is not known.
    fn filled(&self, recorded: &str) -> Option<String> {
        let mut known = true;
        let filled = TOKEN.replace_all(recorded, |found: &regex::Captures<'_>| {
            self.text(&found[0]).unwrap_or_else(|| {
                known = false;
                String::new()
            })
        });
        known.then(|| filled.into_owned())
    }

    fn number(&self, space: Space, recorded: i64) -> Option<i64> {
        // The number that the recorder used for something that is not there.
        if recorded == 999_999 {
            Some(recorded)
        } else {
            self.numbers.get(&(space, recorded)).copied()
        }
    }

    pub(crate) fn path(&self, recorded: &str) -> Option<String> {
        let mut before = "";
        let mut parts = Vec::new();
        for segment in recorded.split('/') {
            let space = match before {
                "users" => Some(Space::User),
                "oauth2" | "all" | "scim" | "proxy" => Some(Space::Provider),
                _ => None,
            };
            parts.push(match (space, segment.parse::<i64>()) {
                (Some(space), Ok(number)) => self.number(space, number)?.to_string(),
                _ => self.filled(segment)?,
            });
            before = segment;
        }
        Some(parts.join("/"))
    }

    pub(crate) fn query(&self, name: &str, recorded: &str) -> Option<String> {
        match (name, recorded.parse::<i64>()) {
            ("for_user" | "user" | "members_by_pk", Ok(number)) => {
                Some(self.number(Space::User, number)?.to_string())
            }
            ("providers_by_pk", Ok(number)) => {
                Some(self.number(Space::Provider, number)?.to_string())
            }
            _ => self.filled(recorded),
        }
    }

    pub(crate) fn body(&self, recorded: &Value, key: &str) -> Option<Value> {
        Some(match recorded {
            Value::Number(number) => match (space_of(key, &Map::new()), number.as_i64()) {
                (Some(space), Some(number)) => json!(self.number(space, number)?),
                _ => recorded.clone(),
            },
            Value::String(text) => json!(self.filled(text)?),
            Value::Array(items) => Value::Array(
                items
                    .iter()
                    .map(|item| self.body(item, key))
                    .collect::<Option<Vec<_>>>()?,
            ),
            Value::Object(map) => {
                let pairs = map.iter().map(|(name, value)| {
                    // The body of add_user is just a key.
                    let key = if name == "pk" && map.len() == 1 {
                        "user"
                    } else {
                        name
                    };
                    Some((name.clone(), self.body(value, key)?))
                });
                Value::Object(pairs.collect::<Option<Map<_, _>>>()?)
            }
            other => other.clone(),
        })
    }
}

/// Whose number a key holds, by its name and its neighbours.
pub(crate) fn space_of(key: &str, neighbours: &Map<String, Value>) -> Option<Space> {
    let model = neighbours.get("model_name").and_then(Value::as_str);
    match key {
        "user" | "users" | "user_pk" => Some(Space::User),
        "id" if neighbours.len() == 1 => Some(Space::Given),
        "id" if neighbours.contains_key("object_pk") => Some(Space::ObjectGrant),
        "id" if neighbours.contains_key("model_verbose") => Some(Space::Permission),
        "id" if neighbours.contains_key("codename") => Some(Space::Grant),
        "provider" | "providers" | "backchannel_providers" | "jwt_federation_providers" => {
            Some(Space::Provider)
        }
        "pk" if neighbours.contains_key("username") || model == Some("user") => Some(Space::User),
        "pk" if neighbours.contains_key("meta_model_name") || model == Some("provider") => {
            Some(Space::Provider)
        }
        _ => None,
    }
}
