//! TOML.

use super::json::quoted_key;
use super::literal::{self, Syntax};
use super::node::{Entries, Node};
use super::out::{Out, c_escape};
use crate::preset::template::Piece;

const INLINE: Syntax = Syntax {
    table: ("{", "}"),
    list: ("[", "]"),
    key: |name| format!("{} = ", key(name)),
    truth: ("true", "false"),
    string,
    trailing_comma: false,
    code: false,
};

fn string(pieces: &[Piece], out: &mut Out) {
    out.quoted("\"", pieces, |c, text| c_escape(c, &[], text));
}

fn key(key: &str) -> String {
    let bare = !key.is_empty()
        && key
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if bare {
        key.to_owned()
    } else {
        quoted_key(key)
    }
}

/// A value on one line, because inline tables may not be broken in TOML 1.0.
fn inline(node: &Node, out: &mut Out) {
    match node {
        Node::List(nodes) => {
            out.text("[");
            for (index, node) in nodes.iter().enumerate() {
                out.text(if index > 0 { ", " } else { "" });
                inline(node, out);
            }
            out.text("]");
        }
        Node::Table(entries) => {
            out.text("{");
            for (index, (name, node)) in entries.iter().enumerate() {
                out.text(if index > 0 { ", " } else { " " });
                out.text(&(INLINE.key)(name));
                inline(node, out);
            }
            out.text(if entries.is_empty() { "}" } else { " }" });
        }
        scalar => literal::write(scalar, &INLINE, 0, out),
    }
}

fn table(path: &str, entries: &Entries, out: &mut Out) {
    let (tables, settings): (Vec<_>, Vec<_>) = entries
        .iter()
        .partition(|(_, node)| matches!(node, Node::Table(_)));
    for (name, node) in settings {
        out.text(&(INLINE.key)(name));
        inline(node, out);
        out.text("\n");
    }
    for (name, node) in tables {
        let path = if path.is_empty() {
            key(name)
        } else {
            format!("{path}.{}", key(name))
        };
        out.text(&format!("\n[{path}]\n"));
        if let Node::Table(entries) = node {
            table(&path, entries, out);
        }
    }
}

/// Writes a TOML document: settings first, then a section for each table.
pub(super) fn write(entries: &Entries, out: &mut Out) {
    table("", entries, out);
}
