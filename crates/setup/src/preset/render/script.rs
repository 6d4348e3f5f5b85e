//! JavaScript: the properties of a settings object.

use super::json;
use super::literal::{self, Syntax};
use super::node::Entries;
use super::out::{Out, is_identifier};

const JAVASCRIPT: Syntax = Syntax {
    table: ("{", "}"),
    list: ("[", "]"),
    key: |key| {
        if is_identifier(key) {
            format!("{key}: ")
        } else {
            format!("{}: ", json::quoted_key(key))
        }
    },
    truth: ("true", "false"),
    string: json::string,
    trailing_comma: true,
    code: true,
};

/// Writes `key: value,` for each entry.
pub(super) fn write(entries: &Entries, out: &mut Out) {
    for (key, node) in entries {
        out.text(&(JAVASCRIPT.key)(key));
        literal::write(node, &JAVASCRIPT, 0, out);
        out.text(",\n");
    }
}
