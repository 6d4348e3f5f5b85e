//! PHP settings in the four shapes that applications use.

use super::literal::{self, Syntax};
use super::node::{Entries, Node};
use super::out::Out;
use crate::preset::template::Piece;

const PHP: Syntax = Syntax {
    table: ("[", "]"),
    list: ("[", "]"),
    key: |key| format!("{} => ", quoted_key(key)),
    truth: ("true", "false"),
    string,
    trailing_comma: true,
    code: true,
};

/// In single quotes only the quote and the backslash have a meaning.
fn escape(c: char, out: &mut String) {
    if matches!(c, '\'' | '\\') {
        out.push('\\');
    }
    out.push(c);
}

fn string(pieces: &[Piece], out: &mut Out) {
    out.quoted("'", pieces, escape);
}

fn quoted_key(key: &str) -> String {
    let mut quoted = String::from("'");
    key.chars().for_each(|c| escape(c, &mut quoted));
    quoted.push('\'');
    quoted
}

/// The settings below one variable.
fn inside(node: &Node) -> &[(String, Node)] {
    match node {
        Node::Table(entries) => entries,
        _ => &[],
    }
}

/// Writes `$variable['key'] = value;`.
pub(super) fn write_assignments(entries: &Entries, out: &mut Out) {
    for (variable, node) in entries {
        for (key, value) in inside(node) {
            out.text(&format!("{variable}[{}] = ", quoted_key(key)));
            literal::write(value, &PHP, 0, out);
            out.text(";\n");
        }
    }
}

/// Writes a whole file with `$variable = [..];`.
pub(super) fn write_arrays(entries: &Entries, out: &mut Out) {
    out.text("<?php\n");
    for (variable, node) in entries {
        out.text(&format!("{variable} = "));
        literal::write(node, &PHP, 0, out);
        out.text(";\n");
    }
}

/// Writes `'key' => value,`.
pub(super) fn write_entries(entries: &Entries, out: &mut Out) {
    for (key, value) in entries {
        out.text(&(PHP.key)(key));
        literal::write(value, &PHP, 0, out);
        out.text(",\n");
    }
}

/// Writes `define('KEY', value);`.
pub(super) fn write_constants(entries: &Entries, out: &mut Out) {
    for (key, value) in entries {
        out.text(&format!("define({}, ", quoted_key(key)));
        literal::write(value, &PHP, 0, out);
        out.text(");\n");
    }
}
