//! Ruby settings.

use super::literal::{self, Syntax};
use super::node::Entries;
use super::out::{Out, c_escape, is_identifier};
use crate::preset::template::Piece;

const RUBY: Syntax = Syntax {
    table: ("{", "}"),
    list: ("[", "]"),
    key: |key| {
        if is_identifier(key) {
            return format!("{key}: ");
        }
        let mut quoted = String::from("\"");
        key.chars().for_each(|c| c_escape(c, &['#'], &mut quoted));
        quoted + "\" => "
    },
    truth: ("true", "false"),
    string,
    trailing_comma: true,
    code: true,
};

/// A text in double quotes; `#` is escaped because `#{..}` would be evaluated. Elixir does the same.
pub(super) fn string(pieces: &[Piece], out: &mut Out) {
    out.quoted("\"", pieces, |c, text| c_escape(c, &['#'], text));
}

/// Writes `key = value`; keys are taken over unchanged.
pub(super) fn write(entries: &Entries, out: &mut Out) {
    for (key, node) in entries {
        out.text(key);
        out.text(" = ");
        literal::write(node, &RUBY, 0, out);
        out.text("\n");
    }
}
