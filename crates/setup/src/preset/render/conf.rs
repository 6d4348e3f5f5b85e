//! Apache directives and Dovecot settings.

use super::node::{Entries, Node, joined};
use super::out::Out;
use crate::preset::template::Piece;

/// Neither syntax has line breaks inside a value: they are written as `\n`.
fn escape(c: char, out: &mut String) {
    match c {
        '"' | '\\' => {
            out.push('\\');
            out.push(c);
        }
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        c => out.push(c),
    }
}

fn argument(pieces: &[Piece], out: &mut Out) {
    let text = joined(pieces);
    if text.is_empty() || text.contains([' ', '\t', '"', '\'', '#', '\\', '\n', '\r']) {
        out.quoted("\"", pieces, escape);
    } else {
        out.unescaped(pieces);
    }
}

fn directives(entries: &Entries, depth: usize, out: &mut Out) {
    for (name, node) in entries {
        out.indent(depth);
        match node {
            Node::Table(inner) => {
                let tag = name.split(' ').next().unwrap_or(name);
                out.text(&format!("<{name}>\n"));
                directives(inner, depth + 1, out);
                out.indent(depth);
                out.text(&format!("</{tag}>\n"));
            }
            Node::List(arguments) => {
                out.text(name);
                for node in arguments {
                    out.text(" ");
                    argument(&node.scalar(), out);
                }
                out.text("\n");
            }
            single => {
                out.text(name);
                out.text(" ");
                argument(&single.scalar(), out);
                out.text("\n");
            }
        }
    }
}

/// Writes Apache directives; a table is a block such as `<Location />`.
pub(super) fn write_apache(entries: &Entries, out: &mut Out) {
    directives(entries, 0, out);
}

/// Writes `key = value` lines.
pub(super) fn write_dovecot(entries: &Entries, out: &mut Out) {
    for (key, node) in entries {
        out.text(key);
        out.text(" = ");
        argument(&node.scalar(), out);
        out.text("\n");
    }
}
