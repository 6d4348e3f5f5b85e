//! JSON.

use super::literal::{self, Syntax};
use super::node::{Entries, Node};
use super::out::{Out, c_escape};
use crate::preset::template::Piece;

const JSON: Syntax = Syntax {
    table: ("{", "}"),
    list: ("[", "]"),
    key: |key| format!("{}: ", quoted_key(key)),
    truth: ("true", "false"),
    string,
    trailing_comma: false,
    code: false,
};

/// A text in double quotes, as JSON and its relatives write it.
pub(super) fn string(pieces: &[Piece], out: &mut Out) {
    out.quoted("\"", pieces, |c, text| c_escape(c, &[], text));
}

/// A key in double quotes.
pub(super) fn quoted_key(key: &str) -> String {
    let mut quoted = String::from("\"");
    key.chars().for_each(|c| c_escape(c, &[], &mut quoted));
    quoted.push('"');
    quoted
}

/// Writes a JSON document.
pub(super) fn write(entries: &Entries, out: &mut Out) {
    literal::write(&Node::Table(entries.clone()), &JSON, 0, out);
    out.text("\n");
}

/// Writes a value on one line without spaces.
pub(super) fn compact(node: &Node, out: &mut Out) {
    match node {
        Node::List(nodes) => {
            out.text("[");
            for (index, node) in nodes.iter().enumerate() {
                out.text(if index > 0 { "," } else { "" });
                compact(node, out);
            }
            out.text("]");
        }
        Node::Table(entries) => {
            out.text("{");
            for (index, (key, node)) in entries.iter().enumerate() {
                out.text(if index > 0 { "," } else { "" });
                out.text(&quoted_key(key));
                out.text(":");
                compact(node, out);
            }
            out.text("}");
        }
        scalar => literal::write(scalar, &JSON, 0, out),
    }
}
