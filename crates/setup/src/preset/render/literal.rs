//! Nested values in languages that write them in brackets: JSON, JavaScript, Python, PHP, Ruby, Elixir.

use super::node::Node;
use super::out::Out;
use crate::preset::template::Piece;

/// How a language writes values.
pub(super) struct Syntax {
    /// Around keys and values.
    pub(super) table: (&'static str, &'static str),
    /// Around lists.
    pub(super) list: (&'static str, &'static str),
    /// A key with what stands between it and the value.
    pub(super) key: fn(&str) -> String,
    /// The two truth values: true, false.
    pub(super) truth: (&'static str, &'static str),
    /// A quoted and escaped text.
    pub(super) string: fn(&[Piece], &mut Out),
    /// Whether a comma after the last entry is usual.
    pub(super) trailing_comma: bool,
    /// Whether source text may stand in place of a value.
    pub(super) code: bool,
}

/// Writes a value; nested lines are indented by `depth + 1` levels.
pub(super) fn write(node: &Node, syntax: &Syntax, depth: usize, out: &mut Out) {
    match node {
        Node::Bool(true) => out.text(syntax.truth.0),
        Node::Bool(false) => out.text(syntax.truth.1),
        Node::Integer(value) => out.text(&value.to_string()),
        Node::Code(code) if syntax.code => out.text(code),
        Node::Text(_) | Node::Code(_) | Node::Instruction(_) => {
            (syntax.string)(&node.scalar(), out);
        }
        Node::List(nodes) => {
            let nested = nodes.iter().any(Node::is_nested);
            out.text(syntax.list.0);
            for (index, node) in nodes.iter().enumerate() {
                if nested {
                    out.text("\n");
                    out.indent(depth + 1);
                } else if index > 0 {
                    out.text(" ");
                }
                write(node, syntax, depth + 1, out);
                if index + 1 < nodes.len() || (nested && syntax.trailing_comma) {
                    out.text(",");
                }
            }
            if nested {
                out.text("\n");
                out.indent(depth);
            }
            out.text(syntax.list.1);
        }
        Node::Table(entries) => {
            out.text(syntax.table.0);
            for (index, (key, node)) in entries.iter().enumerate() {
                out.text("\n");
                out.indent(depth + 1);
                out.text(&(syntax.key)(key));
                write(node, syntax, depth + 1, out);
                if index + 1 < entries.len() || syntax.trailing_comma {
                    out.text(",");
                }
            }
            if !entries.is_empty() {
                out.text("\n");
                out.indent(depth);
            }
            out.text(syntax.table.1);
        }
    }
}
