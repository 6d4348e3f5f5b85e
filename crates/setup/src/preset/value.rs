//! The settings of an application as a tree that keeps the order in which they were written.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

/// Keys and values in the order of the file.
///
/// Formats such as JSON keep the order when read straight into this type; going through
/// `serde_json::Value` sorts the keys.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table(pub Vec<(String, Value)>);

impl Table {
    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The entries in order.
    pub fn iter(&self) -> std::slice::Iter<'_, (String, Value)> {
        self.0.iter()
    }
}

impl<'a> IntoIterator for &'a Table {
    type Item = &'a (String, Value);
    type IntoIter = std::slice::Iter<'a, (String, Value)>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// One setting. Texts and keys are templates, except [`Value::Code`] and [`Value::Instruction`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A switch.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A template.
    Text(String),
    /// Several values.
    List(Vec<Value>),
    /// Nested settings.
    Table(Table),
    /// `{ "$code" = ".." }`: source text in the syntax of the file, taken over unchanged.
    Code(String),
    /// `{ "$do" = ".." }`: a sentence that tells what to do or enter; there is no fixed value.
    Instruction(String),
    /// `{ "$yaml" = .. }`: settings that are written as a YAML document inside a string.
    Yaml(Box<Value>),
}

const CODE: &str = "$code";
const DO: &str = "$do";
const YAML: &str = "$yaml";

impl Serialize for Table {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

fn tagged<S: Serializer, T: Serialize + ?Sized>(
    serializer: S,
    tag: &str,
    inner: &T,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(1))?;
    map.serialize_entry(tag, inner)?;
    map.end()
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Integer(value) => serializer.serialize_i64(*value),
            Self::Text(value) => serializer.serialize_str(value),
            Self::List(values) => serializer.collect_seq(values),
            Self::Table(table) => table.serialize(serializer),
            Self::Code(code) => tagged(serializer, CODE, code),
            Self::Instruction(sentence) => tagged(serializer, DO, sentence),
            Self::Yaml(inner) => tagged(serializer, YAML, inner.as_ref()),
        }
    }
}

/// Turns a table with one of the special keys into what it stands for.
fn special(table: Table) -> Result<Value, String> {
    let Some((key, _)) = table.0.iter().find(|(key, _)| is_special(key)) else {
        return Ok(Value::Table(table));
    };
    let key = key.clone();
    let mut entries = table.0.into_iter();
    match (entries.next(), entries.next()) {
        (Some((_, Value::Text(text))), None) if key == CODE => Ok(Value::Code(text)),
        (Some((_, Value::Text(text))), None) if key == DO => Ok(Value::Instruction(text)),
        (Some((_, inner)), None) if key == YAML => Ok(Value::Yaml(Box::new(inner))),
        _ => Err(format!("`{key}` must stand alone, with a fitting value")),
    }
}

fn is_special(key: &str) -> bool {
    [CODE, DO, YAML].contains(&key)
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a boolean, a whole number, a text, a list or a table")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Integer(value))
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Value, E> {
        i64::try_from(value)
            .map(Value::Integer)
            .map_err(|_| E::custom("the number is too large"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = seq.next_element()? {
            values.push(value);
        }
        Ok(Value::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        special(Table(entries)).map_err(A::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

impl<'de> Deserialize<'de> for Table {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match deserializer.deserialize_map(ValueVisitor)? {
            Value::Table(table) => Ok(table),
            _ => Err(D::Error::custom("a table of settings was expected")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_round_trip_keeps_order_and_special_values() {
        let text = r#"{"z":true,"a":[1,"x"],"m":{"$code":"f()"},"n":{"$do":"Press."},"y":{"$yaml":{"b":1}}}"#;
        let table: Table = serde_json::from_str(text).unwrap();
        assert_eq!(table.0[2].1, Value::Code("f()".into()));
        assert_eq!(serde_json::to_string(&table).unwrap(), text);
    }

    #[test]
    fn special_key_beside_others_is_refused() {
        let error = serde_json::from_str::<Table>(r#"{"x":{"$code":"f()","b":1}}"#).unwrap_err();
        assert!(error.to_string().contains("must stand alone"));
        assert!(serde_json::from_str::<Table>(r#"{"x":1.5}"#).is_err());
    }
}
