//! Checking single values, with the messages of the real server.

use crate::expression;
use crate::fields::{Kind, Mode, non_field};
use crate::rows::{Columns, Row};
use crate::state::{State, Table};
use crate::version::Version;
use regex::Regex;
use serde_json::{Value, json};
use std::collections::HashSet;

/// The messages of one field.
pub(crate) fn message(text: &str) -> Value {
    json!([text])
}

/// The name Python has for a JSON type.
pub(crate) const fn python_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "NoneType",
        Value::Bool(_) => "bool",
        Value::Number(_) => "int",
        Value::String(_) => "str",
        Value::Array(_) => "list",
        Value::Object(_) => "dict",
    }
}

pub(crate) fn check(state: &State, kind: Kind, value: &Value, mode: Mode) -> Result<Value, Value> {
    match kind {
        Kind::Text { blank, max } => text(value, blank, max).map(Value::String),
        Kind::Slug { max } => slug(state.version, value, max),
        Kind::Identifier => slug(Version::V2025_10, value, Some(255)),
        Kind::Moment => moment(value),
        Kind::Url => url(value),
        Kind::Email => email(value),
        Kind::UserPath => user_path(value),
        Kind::Bool => boolean(value),
        Kind::Int { min } => integer(value, min),
        Kind::Object if value.is_object() => Ok(value.clone()),
        Kind::Object => Err(message(
            "Value must be a dictionary, and not have any duplicate keys.",
        )),
        Kind::Any => Ok(value.clone()),
        Kind::Choice(allowed) => choice(value, allowed),
        Kind::Choices(allowed) => list(value)?
            .iter()
            .map(|item| choice(item, allowed))
            .collect::<Result<Vec<_>, _>>()
            .map(Value::Array),
        Kind::Duration => duration(value),
        Kind::Python(name) => python(value, name),
        Kind::One(table) => one(state, table, value),
        Kind::Many { table, empty } => {
            let items = list(value)?;
            if items.is_empty() && !empty {
                return Err(message("This list may not be empty."));
            }
            let mut met = HashSet::new();
            let mut keys: Vec<Value> = Vec::new();
            for item in items {
                let key = one(state, table, item)?;
                if met.insert(key.clone()) {
                    keys.push(key);
                }
            }
            Ok(Value::Array(keys))
        }
        Kind::RedirectUris => redirect_uris(state.version, value, mode),
    }
}

fn list(value: &Value) -> Result<&Vec<Value>, Value> {
    value.as_array().ok_or_else(|| {
        message(&format!(
            "Expected a list of items but got type \"{}\".",
            python_type(value)
        ))
    })
}

fn text(value: &Value, blank: bool, max: Option<usize>) -> Result<String, Value> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return Err(message("Not a valid string.")),
    };
    if text.is_empty() && !blank {
        return Err(message("This field may not be blank."));
    }
    match max {
        Some(max) if text.chars().count() > max => Err(message(&format!(
            "Ensure this field has no more than {max} characters."
        ))),
        _ => Ok(text),
    }
}

fn slug(version: Version, value: &Value, max: Option<usize>) -> Result<Value, Value> {
    let slug = text(value, false, max)?;
    if slug
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
    {
        return Ok(json!(slug));
    }
    let (open, close) = if version >= Version::V2026_5 {
        ('\u{201c}', '\u{201d}')
    } else {
        ('"', '"')
    };
    Err(message(&format!(
        "Enter a valid {open}slug{close} consisting of letters, numbers, underscores or hyphens."
    )))
}

/// Without an offset it is read as UTC.
fn moment(value: &Value) -> Result<Value, Value> {
    let text = value.as_str().unwrap_or_default();
    let zoned = text.parse::<jiff::Timestamp>().ok();
    let parsed = zoned.or_else(|| {
        let civil: jiff::civil::DateTime = text.parse().ok()?;
        Some(civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp())
    });
    let Some(parsed) = parsed else {
        return Err(message(
            "Datetime has wrong format. Use one of these formats instead: \
             YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].",
        ));
    };
    Ok(json!(parsed.to_string()))
}

fn url(value: &Value) -> Result<Value, Value> {
    let text = text(value, true, None)?;
    let valid = text.is_empty()
        || (!text.contains(char::is_whitespace)
            && url::Url::parse(&text).is_ok_and(|url| url.has_host() || url.scheme() == "blank"));
    if valid {
        Ok(json!(text))
    } else {
        Err(message("Enter a valid URL."))
    }
}

fn email(value: &Value) -> Result<Value, Value> {
    let text = text(value, true, Some(254))?;
    let valid = text.is_empty()
        || text.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty()
                && !domain.starts_with('.')
                && domain.contains('.')
                && !text.contains(char::is_whitespace)
        });
    if valid {
        Ok(json!(text))
    } else {
        Err(message("Enter a valid email address."))
    }
}

fn user_path(value: &Value) -> Result<Value, Value> {
    let path = text(value, false, None)?;
    if path.starts_with('/') || path.ends_with('/') {
        return Err(message("No leading or trailing slashes allowed."));
    }
    if path.split('/').any(str::is_empty) {
        return Err(message("No empty segments in user path allowed."));
    }
    Ok(json!(path))
}

fn boolean(value: &Value) -> Result<Value, Value> {
    match value {
        Value::Bool(_) => return Ok(value.clone()),
        Value::Number(number) if number.as_i64() == Some(1) => return Ok(json!(true)),
        Value::Number(number) if number.as_i64() == Some(0) => return Ok(json!(false)),
        Value::String(text) => match text.to_ascii_lowercase().as_str() {
            "true" | "t" | "yes" | "y" | "on" | "1" => return Ok(json!(true)),
            "false" | "f" | "no" | "n" | "off" | "0" => return Ok(json!(false)),
            _ => {}
        },
        _ => {}
    }
    Err(message("Must be a valid boolean."))
}

fn integer(value: &Value, min: Option<i64>) -> Result<Value, Value> {
    let number = match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    let number = number.ok_or_else(|| message("A valid integer is required."))?;
    match min {
        Some(min) if number < min => Err(message(&format!(
            "Ensure this value is greater than or equal to {min}."
        ))),
        _ => Ok(json!(number)),
    }
}

/// A value as the server's messages show it.
fn shown(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

fn choice(value: &Value, allowed: &[&str]) -> Result<Value, Value> {
    if value.as_str().is_some_and(|text| allowed.contains(&text)) {
        return Ok(value.clone());
    }
    Err(message(&format!(
        "\"{}\" is not a valid choice.",
        shown(value)
    )))
}

fn duration(value: &Value) -> Result<Value, Value> {
    let text = shown(value);
    let units = [
        "microseconds",
        "milliseconds",
        "seconds",
        "minutes",
        "hours",
        "days",
        "weeks",
    ];
    let valid = text.split([';', ',']).all(|part| {
        part.split_once('=').is_some_and(|(unit, number)| {
            units.contains(&unit.trim().to_ascii_lowercase().as_str())
                && number.trim().parse::<f64>().is_ok()
        })
    });
    if valid && value.is_string() {
        return Ok(value.clone());
    }
    Err(message(&format!(
        "{text} is not in the correct format of 'hours=3;minutes=1'."
    )))
}

fn python(value: &Value, name: &str) -> Result<Value, Value> {
    let code = text(value, false, None)?;
    match expression::unclosed(&code) {
        None => Ok(json!(code)),
        Some((bracket, line)) => Err(message(&format!(
            "Expression Syntax Error: '{bracket}' was never closed ({name}, line {})",
            line + 1
        ))),
    }
}

/// A primary key that must exist, told apart by its type as the server does.
pub(crate) fn one(state: &State, table: Table, value: &Value) -> Result<Value, Value> {
    if table.has_numbers() {
        if !value.is_i64() {
            return Err(message(&format!(
                "Incorrect type. Expected pk value, received {}.",
                python_type(value)
            )));
        }
    } else {
        uuid_text(value)?;
    }
    if state.by_pk(table, value).is_some() {
        return Ok(value.clone());
    }
    Err(unknown(value))
}

pub(crate) fn uuid_text(value: &Value) -> Result<(), Value> {
    match value.as_str() {
        Some(text) if uuid::Uuid::parse_str(text).is_ok() => Ok(()),
        Some(text) => Err(message(&format!(
            "\u{201c}{text}\u{201d} is not a valid UUID."
        ))),
        None => Err(message(&format!(
            "\u{201c}{value}\u{201d} is not a valid UUID."
        ))),
    }
}

pub(crate) fn unknown(value: &Value) -> Value {
    message(&format!(
        "Invalid pk \"{}\" - object does not exist.",
        shown(value)
    ))
}

/// Up to 2024.10 one text, later a list of objects (T5).
fn redirect_uris(version: Version, value: &Value, mode: Mode) -> Result<Value, Value> {
    if version == Version::V2023_10 {
        return text(value, true, None).map(Value::String);
    }
    let items = list(value).map_err(|error| json!({ "non_field_errors": error }))?;
    let checked: Vec<Result<Row, Row>> = items
        .iter()
        .map(|item| redirect_uri(version, item, mode))
        .collect();
    if checked.iter().any(Result::is_err) {
        return Err(checked
            .into_iter()
            .map(|item| Value::Object(item.err().unwrap_or_default()))
            .collect());
    }
    let uris: Vec<Row> = checked.into_iter().flatten().collect();
    for uri in &uris {
        if uri.text("matching_mode") == "regex" && Regex::new(uri.text("url")).is_err() {
            return Err(message(&format!(
                "Invalid Regex Pattern: {}",
                uri.text("url")
            )));
        }
    }
    Ok(uris.into_iter().map(Value::Object).collect())
}

fn redirect_uri(version: Version, item: &Value, mode: Mode) -> Result<Row, Row> {
    let Value::Object(item) = item else {
        return Err(non_field(&format!(
            "Invalid data. Expected a dictionary, but got {}.",
            python_type(item)
        )));
    };
    let mut parts = vec![
        ("matching_mode", Kind::Choice(&["strict", "regex"]), None),
        (
            "url",
            Kind::Text {
                blank: false,
                max: None,
            },
            None,
        ),
    ];
    if version >= Version::V2026_5 {
        let kinds = Kind::Choice(&["authorization", "logout"]);
        parts.push(("redirect_uri_type", kinds, Some("authorization")));
    }
    let (mut good, mut errors) = (Row::new(), Row::new());
    for (name, kind, default) in parts {
        let checked = match (item.get(name), default) {
            (None, None) => Err(message("This field is required.")),
            // A PATCH puts no defaults in, not even into new entries.
            (None, Some(_)) if mode == Mode::Patch => continue,
            (None, Some(default)) => Ok(json!(default)),
            (Some(value), _) => match kind {
                Kind::Choice(allowed) => choice(value, allowed),
                _ => text(value, false, None).map(Value::String),
            },
        };
        match checked {
            Ok(value) => good.insert(name.to_owned(), value),
            Err(error) => errors.insert(name.to_owned(), error),
        };
    }
    if errors.is_empty() {
        Ok(good)
    } else {
        Err(errors)
    }
}
