//! Python settings.

use super::json;
use super::literal::{self, Syntax};
use super::node::Entries;
use super::out::Out;

const PYTHON: Syntax = Syntax {
    table: ("{", "}"),
    list: ("[", "]"),
    key: |key| format!("{}: ", json::quoted_key(key)),
    truth: ("True", "False"),
    string: json::string,
    trailing_comma: true,
    code: true,
};

/// Writes `KEY = value`; a key that ends in `+=` adds to what is there.
pub(super) fn write(entries: &Entries, out: &mut Out) {
    for (key, node) in entries {
        out.text(key);
        out.text(if key.ends_with("+=") { " " } else { " = " });
        literal::write(node, &PYTHON, 0, out);
        out.text("\n");
    }
}
