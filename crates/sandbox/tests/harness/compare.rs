//! Comparing answers, with generated values bound to each other.
//!
//! Status, content type, keys and JSON types must agree, and so must values, except:
//! - generated values (UUIDs, primary keys, hashes, generated client ids and secrets): the first sight binds the recorded
//!   value to the sandbox's, and from then on the pair must hold in both directions, also inside longer texts;
//! - moments and the values named in [`UNCOMPARED`], of which only the type counts;
//! - `log_messages`, which must be empty or not alike (the log lines of the real server are its own affair);
//! - `autocomplete`, which must be an object in both (the sandbox leaves its description of the query language out);
//! - expressions of managed mappings, which are authentik's own text;
//! - lists without an order of their own ([`SETS`]).

use super::Answer;
use super::keys::{Bindings, Space, TOKEN, space_of};
use super::recording::Exchange;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use regex::Regex;
use serde_json::{Map, Value};
use std::sync::LazyLock;

/// Generated or particular to the recorded machine.
const UNCOMPARED: &[&str] = &[
    "num_pk",
    "exp",
    "iat",
    "auth_time",
    "cache_count",
    "sentry_dsn",
    "fingerprint_sha256",
    "fingerprint_sha1",
    "cert_expiry",
    "n",
    "kid",
    "x5t",
    "x5t#S256",
    "avatar",
    "last_login",
    "notes",
    "jti",
    "at_hash",
];
/// Lists whose order means nothing.
const SETS: &[&str] = &[
    "groups",
    "users",
    "property_mappings",
    "roles",
    "children",
    "parents",
    "scopes_supported",
    "claims_supported",
    "system_permissions",
    "groups_obj",
    "users_obj",
    "children_obj",
    "parents_obj",
    "x5c",
];

static MOMENT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$").unwrap());
/// A moment inside a message.
static MOMENT_WITHIN: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+\+00:00").unwrap());

impl Bindings {
    /// Compares a whole exchange.
    pub(crate) fn exchange(
        &mut self,
        exchange: &Exchange,
        answer: &Answer,
        errors: &mut Vec<String>,
    ) {
        if exchange.status != answer.status.as_u16() {
            let text: String = answer.text.chars().take(300).collect();
            errors.push(format!(
                "status {} instead of {}: {text}",
                answer.status.as_u16(),
                exchange.status
            ));
            return;
        }
        for (name, recorded, ours) in [
            ("Location", &exchange.location, &answer.location),
            ("Allow", &exchange.allow, &answer.allow),
            ("WWW-Authenticate", &exchange.challenge, &answer.challenge),
        ] {
            match (recorded, ours) {
                (None, None) => {}
                (Some(recorded), Some(ours)) => self.texts(recorded, ours, name, errors),
                _ => errors.push(format!("{name}: {ours:?} instead of {recorded:?}")),
            }
        }
        let kind = |text: &str| text.split(';').next().unwrap_or_default().to_owned();
        if kind(&exchange.answer_type) != kind(&answer.content_type) {
            errors.push(format!(
                "content type {} instead of {}",
                answer.content_type, exchange.answer_type
            ));
        } else if kind(&exchange.answer_type) == "application/json" {
            self.values(&exchange.answer, &answer.json(), "", "", errors);
        } else if exchange.answer.is_null() != answer.text.is_empty() {
            // Pages are compared by being there: their text is authentik's own.
            errors.push(format!(
                "body {:?} instead of {}",
                answer.text, exchange.answer
            ));
        }
    }

    fn values(
        &mut self,
        recorded: &Value,
        ours: &Value,
        key: &str,
        at: &str,
        errors: &mut Vec<String>,
    ) {
        if UNCOMPARED.contains(&key) {
            let moment = key == "last_login";
            if kind_of(recorded) != kind_of(ours) && !moment {
                errors.push(format!("{at}: {ours} instead of {recorded}"));
            }
            return;
        }
        match (recorded, ours) {
            (Value::Object(a), Value::Object(b)) if key == "autocomplete" || a == b => {}
            (Value::Object(a), Value::Object(b)) => self.objects(a, b, at, errors),
            (Value::Array(a), Value::Array(b)) => self.lists(a, b, key, at, errors),
            (Value::String(a), Value::String(b))
                if matches!(key, "client_id" | "client_secret" | "aud") =>
            {
                let generated =
                    [40, 128].contains(&a.len()) && a.chars().all(char::is_alphanumeric);
                if if generated {
                    a.len() != b.len() || !self.bind(a, b)
                } else {
                    a != b
                } {
                    errors.push(format!("{at}: {b} instead of {a}"));
                }
            }
            (Value::String(a), Value::String(b))
                if matches!(key, "access_token" | "id_token" | "refresh_token") =>
            {
                self.tokens(a, b, key, at, errors);
            }
            (Value::String(a), Value::String(b)) if matches!(key, "key" | "token") => {
                // Keys of tokens are drawn.
                if a.len() != b.len() || b.is_empty() {
                    errors.push(format!("{at}: {b} instead of {a}"));
                }
            }
            (Value::String(a), Value::String(b)) if matches!(key, "scope" | "scopes") => {
                // The words of a set, in whatever order it had.
                let words = |text: &str| {
                    text.split(' ')
                        .map(str::to_owned)
                        .collect::<std::collections::BTreeSet<_>>()
                };
                if words(a) != words(b) {
                    errors.push(format!("{at}: {b} instead of {a}"));
                }
            }
            (Value::String(a), Value::String(b)) => self.texts(a, b, at, errors),
            (a, b) if a == b => {}
            _ => errors.push(format!("{at}: {ours} instead of {recorded}")),
        }
    }

    /// Tokens are compared by what they say; those that say nothing by their length.
    fn tokens(
        &mut self,
        recorded: &str,
        ours: &str,
        key: &str,
        at: &str,
        errors: &mut Vec<String>,
    ) {
        self.bind_token(key, recorded, ours);
        let parts = |token: &str| -> Vec<Value> {
            let read = |part| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok();
            token.split('.').take(2).filter_map(read).collect()
        };
        let (a, b) = (parts(recorded), parts(ours));
        if a.len() != b.len() || (a.is_empty() && recorded.len() != ours.len()) {
            errors.push(format!("{at}: {ours} instead of {recorded}"));
        }
        for (mut a, mut b) in a.into_iter().zip(b) {
            // Of an access token; that of a user looks different.
            let drawn =
                |token: &mut Value| token.as_object_mut()?.remove("uid")?.as_str().map(str::len);
            if drawn(&mut a) != drawn(&mut b) {
                errors.push(format!("{at}.uid"));
            }
            self.values(&a, &b, "", at, errors);
        }
    }

    fn texts(&mut self, recorded: &str, ours: &str, at: &str, errors: &mut Vec<String>) {
        // A role made for a user is called after the user's number.
        let number = |text: &str| {
            text.strip_prefix("ak-managed-role--user-")
                .and_then(|rest| rest.parse().ok())
        };
        if let (Some(recorded), Some(ours)) = (number(recorded), number(ours)) {
            if !self.bind_number(Space::User, recorded, ours) {
                errors.push(format!("{at}: {ours} does not stand for {recorded}"));
            }
            return;
        }
        let cut = |text: &str| {
            let text = TOKEN.replace_all(text, "#");
            MOMENT_WITHIN.replace_all(&text, "@").into_owned()
        };
        let pairs: Vec<(String, String)> = TOKEN
            .find_iter(recorded)
            .zip(TOKEN.find_iter(ours))
            .map(|(a, b)| (a.as_str().to_owned(), b.as_str().to_owned()))
            .collect();
        let moments = MOMENT.is_match(recorded) && MOMENT.is_match(ours);
        let alike = moments || cut(recorded) == cut(ours);
        if !alike || !pairs.iter().all(|(a, b)| a == b || self.bind(a, b)) {
            errors.push(format!("{at}: {ours:?} instead of {recorded:?}"));
        }
    }

    fn objects(
        &mut self,
        a: &Map<String, Value>,
        b: &Map<String, Value>,
        at: &str,
        errors: &mut Vec<String>,
    ) {
        for name in b.keys().filter(|name| !a.contains_key(*name)) {
            errors.push(format!("{at}.{name} is not in the recording"));
        }
        for (name, recorded) in a {
            let at = format!("{at}.{name}");
            let Some(ours) = b.get(name) else {
                errors.push(format!("{at} is missing"));
                continue;
            };
            let own_text =
                name == "expression" && a.get("managed").is_some_and(|managed| !managed.is_null());
            if own_text && recorded.is_string() && ours.is_string() {
                continue;
            }
            if name == "log_messages" {
                let empty = |value: &Value| value.as_array().map(Vec::is_empty);
                if empty(recorded) != empty(ours) {
                    errors.push(format!("{at}: {ours} instead of {recorded}"));
                }
                continue;
            }
            if let Some(space) = space_of(name, a)
                && let (Some(recorded), Some(ours)) = (as_number(recorded), as_number(ours))
            {
                if !self.bind_number(space, recorded, ours) {
                    errors.push(format!("{at}: {ours} does not stand for {recorded}"));
                }
                continue;
            }
            self.values(recorded, ours, name, &at, errors);
        }
    }

    fn lists(&mut self, a: &[Value], b: &[Value], key: &str, at: &str, errors: &mut Vec<String>) {
        if a.len() != b.len() {
            let names = |list: &[Value]| -> String {
                let name = |v: &Value| {
                    ["slug", "username", "name"]
                        .iter()
                        .find_map(|n| v.get(n))
                        .cloned()
                        .unwrap_or_default()
                };
                list.iter()
                    .map(name)
                    .map(|name| name.to_string())
                    .collect::<Vec<_>>()
                    .join(", ")
            };
            errors.push(format!(
                "{at}: {} items ({}) instead of {} ({})",
                b.len(),
                names(b),
                a.len(),
                names(a)
            ));
            return;
        }
        let (mut a, mut b) = (a.to_vec(), b.to_vec());
        if SETS.contains(&key) {
            self.align(&mut a, &mut b, key);
        } else if key == "results" {
            self.settle_ties(&a, &mut b);
        } else if a
            .iter()
            .chain(&b)
            .all(|item| item.get("action").is_some() && item.get("model_name").is_some())
        {
            // `used_by` has no order but that of the rows on the disk.
            let by = |item: &Value| {
                (
                    item["model_name"].to_string(),
                    TOKEN
                        .replace_all(&item["name"].to_string(), "#")
                        .into_owned(),
                )
            };
            a.sort_by_key(by);
            b.sort_by_key(by);
        }
        for (index, (recorded, ours)) in a.iter().zip(&b).enumerate() {
            let at = format!("{at}[{index}]");
            match (space_of(key, &Map::new()), recorded.as_i64(), ours.as_i64()) {
                (Some(space), Some(recorded), Some(ours)) => {
                    if !self.bind_number(space, recorded, ours) {
                        errors.push(format!("{at}: {ours} does not stand for {recorded}"));
                    }
                }
                // Certificates are long random texts.
                _ if key == "x5c" => {}
                _ => self.values(recorded, ours, "", &at, errors),
            }
        }
    }

    /// Rows with the same place in the order come as the server's disk or their random keys have them: among such rows the
    /// sandbox's are put where the recorded ones stand.
    fn settle_ties(&self, a: &[Value], b: &mut [Value]) {
        let place = |row: &Value| {
            if row.get("target").is_some() {
                row["order"].clone()
            } else {
                row["name"].clone()
            }
        };
        for index in 0..a.len() {
            let Some(wanted) = a[index]["pk"].as_str().and_then(|pk| self.text(pk)) else {
                continue;
            };
            let found = (index..b.len()).find(|at| b[*at]["pk"] == wanted.as_str());
            if let Some(at) = found.filter(|at| place(&b[*at]) == place(&b[index])) {
                b.swap(index, at);
            }
        }
    }

    /// Brings lists without an order into the same one: by known keys first, then by name.
    fn align(&self, a: &mut [Value], b: &mut [Value], key: &str) {
        let sort_key = |value: &Value| match value {
            Value::Object(map) => ["name", "username"]
                .iter()
                .find_map(|n| map.get(*n))
                .map(Value::to_string)
                .unwrap_or_default(),
            value => value.to_string(),
        };
        let translated = |value: &Value| self.body(value, key).map(|value| sort_key(&value));
        a.sort_by_key(|value| match value {
            Value::Object(_) => sort_key(value),
            value => translated(value).unwrap_or_else(|| format!("~{value}")),
        });
        let known: Vec<String> = a.iter().filter_map(translated).collect();
        b.sort_by_key(|value| {
            let text = sort_key(value);
            if value.is_object() || known.contains(&text) {
                text
            } else {
                format!("~{text}")
            }
        });
    }
}

/// A number, also one written as text in `used_by`.
fn as_number(value: &Value) -> Option<i64> {
    value
        .as_i64()
        .or_else(|| value.as_str().and_then(|text| text.parse().ok()))
}

fn kind_of(value: &Value) -> u8 {
    match value {
        Value::Null => 0,
        Value::Bool(_) => 1,
        Value::Number(_) => 2,
        Value::String(_) => 3,
        Value::Array(_) => 4,
        Value::Object(_) => 5,
    }
}
