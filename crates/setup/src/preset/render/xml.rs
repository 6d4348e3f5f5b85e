//! XML elements.

use super::node::{Entries, Node};
use super::out::Out;
use crate::preset::template::Piece;

fn escape(c: char, out: &mut String) {
    match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '"' => out.push_str("&quot;"),
        '\n' => out.push_str("&#10;"),
        '\r' => out.push_str("&#13;"),
        '\t' => out.push_str("&#9;"),
        // Other control characters cannot be written in XML 1.0 at all.
        c if c.is_control() => {}
        c => out.push(c),
    }
}

fn escaped(pieces: &[Piece], out: &mut Out) {
    out.quoted("", pieces, escape);
}

fn element(name: &str, node: &Node, depth: usize, out: &mut Out) {
    match node {
        Node::List(nodes) => nodes
            .iter()
            .for_each(|node| element(name, node, depth, out)),
        Node::Table(entries) => {
            let (attributes, children): (Vec<_>, Vec<_>) =
                entries.iter().partition(|(key, _)| key.starts_with('@'));
            out.indent(depth);
            out.text(&format!("<{name}"));
            for (key, node) in attributes {
                out.text(&format!(" {}=\"", key.trim_start_matches('@')));
                escaped(&node.scalar(), out);
                out.text("\"");
            }
            if children.is_empty() {
                out.text("/>\n");
                return;
            }
            out.text(">\n");
            for (key, node) in children {
                element(key, node, depth + 1, out);
            }
            out.indent(depth);
            out.text(&format!("</{name}>\n"));
        }
        scalar => {
            out.indent(depth);
            out.text(&format!("<{name}>"));
            escaped(&scalar.scalar(), out);
            out.text(&format!("</{name}>\n"));
        }
    }
}

/// Writes an element for each entry; keys with `@` are attributes of the element around them.
pub(super) fn write(entries: &Entries, out: &mut Out) {
    for (name, node) in entries {
        element(name, node, 0, out);
    }
}
