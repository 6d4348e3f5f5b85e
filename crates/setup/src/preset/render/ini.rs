//! INI files as Go's and Python's readers take them, and Java properties.

use super::node::{Entries, Node, joined};
use super::out::{Out, unicode_escape};
use crate::preset::template::Piece;

fn escape_nothing(c: char, out: &mut String) {
    out.push(c);
}

/// A value. Comment signs, quotes, line breaks and outer spaces need backquotes; where the value has
/// one itself, three double quotes do the same.
fn value(pieces: &[Piece], out: &mut Out) {
    let text = joined(pieces);
    let harmless = text.trim() == text && !text.contains(['#', ';', '"', '`', '\n', '\r', '\\']);
    let quoted_start = text.starts_with('\'');
    if harmless && !quoted_start {
        out.unescaped(pieces);
    } else if text.contains('`') {
        out.quoted("\"\"\"", pieces, escape_nothing);
    } else {
        out.quoted("`", pieces, escape_nothing);
    }
}

fn line(key: &str, node: &Node, out: &mut Out) {
    out.text(key);
    out.text(" = ");
    value(&node.scalar(), out);
    out.text("\n");
}

/// Writes `[section]` and `key = value`.
pub(super) fn write(entries: &Entries, out: &mut Out) {
    for (index, (section, node)) in entries.iter().enumerate() {
        match node {
            Node::Table(settings) => {
                out.text(if index > 0 { "\n" } else { "" });
                out.text(&format!("[{section}]\n"));
                for (key, value) in settings {
                    line(key, value, out);
                }
            }
            value => line(section, value, out),
        }
    }
}

fn escape_property(c: char, out: &mut String) {
    match c {
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        ' '..='~' => out.push(c),
        other => {
            let mut units = [0_u16; 2];
            for unit in other.encode_utf16(&mut units) {
                out.push_str(&unicode_escape(u32::from(*unit)));
            }
        }
    }
}

/// Writes `key: value`; a leading space of the value is escaped.
pub(super) fn write_properties(entries: &Entries, out: &mut Out) {
    for (key, node) in entries {
        let pieces = node.scalar();
        out.text(key);
        out.text(": ");
        out.text(if joined(&pieces).starts_with(' ') {
            "\\"
        } else {
            ""
        });
        out.quoted("", &pieces, escape_property);
        out.text("\n");
    }
}
