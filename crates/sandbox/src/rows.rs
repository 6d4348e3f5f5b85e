//! Stored objects: JSON objects with a few helpers to read them.

use serde_json::{Map, Value};

/// One stored object, by column name.
pub(crate) type Row = Map<String, Value>;

/// Reading a row without caring about absent or mistyped columns.
pub(crate) trait Columns {
    fn value(&self, name: &str) -> Value;
    fn text(&self, name: &str) -> &str;
    fn int(&self, name: &str) -> Option<i64>;
    fn flag(&self, name: &str) -> bool;
    fn items(&self, name: &str) -> &[Value];
    fn is(&self, name: &str, value: &Value) -> bool;
}

impl Columns for Row {
    fn value(&self, name: &str) -> Value {
        self.get(name).cloned().unwrap_or(Value::Null)
    }
    fn text(&self, name: &str) -> &str {
        self.get(name).and_then(Value::as_str).unwrap_or_default()
    }
    fn int(&self, name: &str) -> Option<i64> {
        self.get(name).and_then(Value::as_i64)
    }
    fn flag(&self, name: &str) -> bool {
        self.get(name).and_then(Value::as_bool).unwrap_or_default()
    }
    fn items(&self, name: &str) -> &[Value] {
        self.get(name)
            .and_then(Value::as_array)
            .map(Vec::as_slice)
            .unwrap_or_default()
    }
    fn is(&self, name: &str, value: &Value) -> bool {
        self.get(name) == Some(value)
    }
}

/// The object inside a JSON value (empty for anything else).
pub(crate) fn row(value: Value) -> Row {
    match value {
        Value::Object(map) => map,
        _ => Row::new(),
    }
}

/// Copies the named columns, null where absent.
pub(crate) fn pick(row: &Row, names: &[&str]) -> Row {
    names
        .iter()
        .map(|name| ((*name).to_owned(), row.value(name)))
        .collect()
}
