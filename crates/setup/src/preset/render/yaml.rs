//! YAML in block style.

use super::node::{Entries, Node, has_secret, joined};
use super::out::{Out, unicode_escape};
use crate::preset::template::Piece;

/// Words that YAML 1.1 or 1.2 readers take for something else than text.
const RESERVED: &[&str] = &[
    "true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf",
];

/// Whether a text may stand without quotes: it starts with a letter, `/` or `_`, holds nothing with a
/// meaning in YAML, and reads as nothing but text.
fn is_plain(text: &str) -> bool {
    let starts_well = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '_');
    let ends_well = !text.ends_with([' ', ':']);
    let harmless = |c: char| c.is_ascii_alphanumeric() || " _-./:@%+,=".contains(c);
    starts_well
        && ends_well
        && text.chars().all(harmless)
        && !text.contains(": ")
        && !RESERVED.contains(&text.to_ascii_lowercase().as_str())
}

fn escape(c: char, out: &mut String) {
    match c {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        ' '..='~'
        | '\u{a0}'..='\u{2027}'
        | '\u{202a}'..='\u{d7ff}'
        | '\u{e000}'..='\u{fefe}'
        | '\u{ff00}'..='\u{fffd}'
        | '\u{10000}'.. => out.push(c),
        other => out.push_str(&unicode_escape(u32::from(other))),
    }
}

/// Whether several lines may be written as they are below `|`.
fn is_block(text: &str) -> bool {
    let body = text.strip_suffix('\n').unwrap_or(text);
    body.contains('\n')
        && body.lines().all(|line| {
            !line.is_empty()
                && !line.ends_with(' ')
                && line.chars().all(|c| (' '..='~').contains(&c))
        })
        && !body.starts_with(' ')
        && !body.ends_with('\n')
}

/// Writes a key, quoted where needed.
pub(super) fn key(key: &str, out: &mut Out) {
    scalar(&Node::Text(vec![Piece::Literal(key.to_owned())]), out);
}

/// Writes anything that is no list or table, on one line.
pub(super) fn scalar(node: &Node, out: &mut Out) {
    match node {
        Node::Bool(value) => out.text(if *value { "true" } else { "false" }),
        Node::Integer(value) => out.text(&value.to_string()),
        other => {
            let pieces = other.scalar();
            if !has_secret(&pieces) && is_plain(&joined(&pieces)) {
                out.unescaped(&pieces);
            } else {
                out.quoted("\"", &pieces, escape);
            }
        }
    }
}

/// Writes what follows `key:` or `-`, up to the end of the line or block.
fn value(node: &Node, depth: usize, out: &mut Out) {
    match node {
        Node::Table(entries) if entries.is_empty() => out.text(" {}\n"),
        Node::List(nodes) if nodes.is_empty() => out.text(" []\n"),
        Node::Table(entries) => {
            out.text("\n");
            table(entries, depth, out);
        }
        Node::List(nodes) => {
            out.text("\n");
            list(nodes, depth, out);
        }
        Node::Text(pieces) if !has_secret(pieces) && is_block(&joined(pieces)) => {
            let text = joined(pieces);
            out.text(if text.ends_with('\n') {
                " |\n"
            } else {
                " |-\n"
            });
            for line in text.lines() {
                out.indent(depth);
                out.text(line);
                out.text("\n");
            }
        }
        other => {
            out.text(" ");
            scalar(other, out);
            out.text("\n");
        }
    }
}

fn table(entries: &Entries, depth: usize, out: &mut Out) {
    for (name, node) in entries {
        out.indent(depth);
        key(name, out);
        out.text(":");
        value(node, depth + 1, out);
    }
}

fn list(nodes: &[Node], depth: usize, out: &mut Out) {
    for node in nodes {
        out.indent(depth);
        out.text("-");
        match node {
            // The first key stands beside the dash.
            Node::Table(entries) if !entries.is_empty() => {
                for (index, (name, node)) in entries.iter().enumerate() {
                    if index > 0 {
                        out.indent(depth + 1);
                    } else {
                        out.text(" ");
                    }
                    key(name, out);
                    out.text(":");
                    value(node, depth + 2, out);
                }
            }
            other => value(other, depth + 1, out),
        }
    }
}

/// Writes a YAML document.
pub(super) fn write(entries: &Entries, out: &mut Out) {
    table(entries, 0, out);
}
