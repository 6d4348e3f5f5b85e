//! Whether a rendered text has the shape that it has with harmless values.

use serde_json::Value;
use setup::preset::Format;

use super::preset::MARK;

/// `harmless` was rendered with [`MARK`] for every value, `found` with others: as its reader takes it, each
/// setting is the same setting, and only values differ. Looked at are the syntaxes that we can read ourselves.
pub(super) fn same_shape(format: Format, harmless: &str, found: &str) {
    let tree: fn(&str) -> Option<Value> = match format {
        Format::Json => |text| serde_json::from_str(text).ok(),
        Format::Yaml | Format::Compose => |text| serde_yaml_ng::from_str(text).ok(),
        Format::Toml => |text| toml::from_str(text).ok(),
        Format::Env | Format::Properties => {
            let end = if format == Format::Env { '=' } else { ':' };
            assert_eq!(keys(harmless, end), keys(found, end), "{found}");
            return;
        }
        _ => return,
    };
    if harmless.is_empty() {
        assert!(found.is_empty(), "{found}");
        return;
    }
    let (harmless, read) = (tree(harmless), tree(found));
    assert!(harmless.is_some(), "cannot be read: {format:?}");
    assert!(read.is_some(), "cannot be read: {found}");
    if let (Some(harmless), Some(read)) = (harmless, read) {
        same(&harmless, &read);
    }
}

/// The names of settings that stand one a line.
fn keys(text: &str, end: char) -> Vec<&str> {
    let lines = text.split_terminator('\n');
    lines
        .map(|line| line.split(end).next().unwrap_or_default())
        .collect()
}

fn same(harmless: &Value, found: &Value) {
    match (harmless, found) {
        (Value::Object(harmless), Value::Object(found)) => {
            assert!(found.len() <= harmless.len(), "there is a setting more");
            for (key, value) in harmless.iter().filter(|(key, _)| !key.contains(MARK)) {
                let found = found.get(key);
                assert!(found.is_some(), "{key} is not there");
                if let Some(found) = found {
                    same(value, found);
                }
            }
        }
        (Value::Array(harmless), Value::Array(found)) => {
            assert_eq!(harmless.len(), found.len());
            for (harmless, found) in harmless.iter().zip(found) {
                same(harmless, found);
            }
        }
        (Value::String(text), found) if text.contains(MARK) => {
            assert!(found.is_string(), "a text became {found}");
        }
        (harmless, found) => assert_eq!(harmless, found),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[should_panic(expected = "cannot be read")]
    fn same_shape_of_a_text_that_breaks_out_is_noticed() {
        let harmless = format!("{{\"a\":\"{MARK}\"}}");
        same_shape(Format::Json, &harmless, "{\"a\":\"x\"y\"}");
    }

    #[test]
    #[should_panic(expected = "a setting more")]
    fn same_shape_of_one_setting_more_is_noticed() {
        let harmless = format!("a: \"{MARK}\"\n");
        same_shape(Format::Yaml, &harmless, "a: x\nb: y\n");
    }

    #[test]
    #[should_panic(expected = "assertion")]
    fn same_shape_of_one_line_more_is_noticed() {
        same_shape(Format::Env, &format!("A={MARK}\n"), "A=x\nB=y\n");
    }
}
