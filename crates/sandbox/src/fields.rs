//! Validation of request bodies, field by field, with the messages of the real server.

use crate::rows::{Columns, Row};
use crate::state::{State, Table};
use crate::values::{check, message, python_type};
use serde_json::{Value, json};

/// What a field accepts.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    /// Text; `blank` allows the empty one, `max` limits the length in characters.
    Text {
        blank: bool,
        max: Option<usize>,
    },
    Slug {
        max: Option<usize>,
    },
    /// A slug whose refusal has straight quotation marks in every version.
    Identifier,
    /// A date with its time.
    Moment,
    Url,
    Email,
    UserPath,
    Bool,
    Int {
        min: Option<i64>,
    },
    Object,
    Any,
    Choice(&'static [&'static str]),
    Choices(&'static [&'static str]),
    Duration,
    /// Python text; the name is the one that a syntax error mentions.
    Python(&'static str),
    /// Primary key of another object.
    One(Table),
    /// Primary keys of other objects.
    Many {
        table: Table,
        empty: bool,
    },
    RedirectUris,
}

pub(crate) const TEXT: Kind = Kind::Text {
    blank: true,
    max: None,
};
pub(crate) const NAME: Kind = Kind::Text {
    blank: false,
    max: None,
};

#[derive(Debug, Clone)]
pub(crate) struct Field {
    name: &'static str,
    kind: Kind,
    required: bool,
    null: bool,
    default: Value,
    reset: bool,
    unique: Option<&'static str>,
}

impl Field {
    pub(crate) const fn required(name: &'static str, kind: Kind) -> Self {
        Self {
            name,
            kind,
            required: true,
            null: false,
            default: Value::Null,
            reset: false,
            unique: None,
        }
    }
    pub(crate) const fn optional(name: &'static str, kind: Kind, default: Value) -> Self {
        Self {
            name,
            kind,
            required: false,
            null: false,
            default,
            reset: false,
            unique: None,
        }
    }
    /// An optional reference that may be null.
    pub(crate) fn reference(name: &'static str, table: Table) -> Self {
        Self::optional(name, Kind::One(table), Value::Null).null()
    }
    /// An optional list of references; PUT without it empties the list.
    pub(crate) fn many(name: &'static str, table: Table) -> Self {
        Self::optional(name, Kind::Many { table, empty: true }, json!([])).reset()
    }
    pub(crate) fn null(mut self) -> Self {
        self.null = true;
        self
    }
    /// A PUT without the field puts it back to its default; other fields stay as they are.
    pub(crate) fn reset(mut self) -> Self {
        self.reset = true;
        self
    }
    pub(crate) fn unique(mut self, message: &'static str) -> Self {
        self.unique = Some(message);
        self
    }
    /// Whether the value is taken is not looked at.
    pub(crate) fn repeatable(mut self) -> Self {
        self.unique = None;
        self
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Create,
    Put,
    Patch,
}

/// Checks a body against the fields. Gives the columns to store, or the errors by field.
pub(crate) fn clean(
    state: &State,
    table: Table,
    fields: &[Field],
    body: &Value,
    mode: Mode,
    own: Option<&Value>,
) -> Result<Row, Row> {
    let Value::Object(body) = body else {
        return Err(non_field(&format!(
            "Invalid data. Expected a dictionary, but got {}.",
            python_type(body)
        )));
    };
    let (mut cleaned, mut errors) = (Row::new(), Row::new());
    for field in fields {
        let checked = match body.get(field.name) {
            None if field.required && mode != Mode::Patch => {
                Err(message("This field is required."))
            }
            None if mode == Mode::Create || (mode == Mode::Put && field.reset) => {
                Ok(field.default.clone())
            }
            None => continue,
            Some(Value::Null) if field.null => Ok(Value::Null),
            Some(Value::Null) => Err(message("This field may not be null.")),
            Some(value) => check(state, field.kind, value, mode),
        };
        match checked.and_then(|value| unique(state, table, field, value, own)) {
            Ok(value) => cleaned.insert(field.name.to_owned(), value),
            Err(error) => errors.insert(field.name.to_owned(), error),
        };
    }
    if errors.is_empty() {
        Ok(cleaned)
    } else {
        Err(errors)
    }
}

pub(crate) fn non_field(text: &str) -> Row {
    Row::from_iter([("non_field_errors".to_owned(), json!([text]))])
}

fn unique(
    state: &State,
    table: Table,
    field: &Field,
    value: Value,
    own: Option<&Value>,
) -> Result<Value, Value> {
    let Some(text) = field.unique else {
        return Ok(value);
    };
    let taken = !value.is_null()
        && state
            .rows(table)
            .iter()
            .any(|row| row.is(field.name, &value) && own.is_none_or(|pk| !row.is("pk", pk)));
    if taken { Err(message(text)) } else { Ok(value) }
}
