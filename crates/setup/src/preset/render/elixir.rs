//! Elixir `config` lines.

use super::literal::{self, Syntax};
use super::node::{Entries, Node};
use super::out::Out;
use super::ruby;

const ELIXIR: Syntax = Syntax {
    table: ("[", "]"),
    list: ("[", "]"),
    key: |key| format!("{key}: "),
    truth: ("true", "false"),
    string: ruby::string,
    trailing_comma: false,
    code: true,
};

/// Writes `config :app, Key,` and the options below it.
pub(super) fn write(entries: &Entries, out: &mut Out) {
    for (index, (head, node)) in entries.iter().enumerate() {
        out.text(if index > 0 { "\n" } else { "" });
        out.text(head);
        match node {
            Node::Table(options) => {
                for (key, value) in options {
                    out.text(",\n");
                    out.indent(1);
                    out.text(&(ELIXIR.key)(key));
                    literal::write(value, &ELIXIR, 1, out);
                }
            }
            value => {
                out.text(", ");
                literal::write(value, &ELIXIR, 0, out);
            }
        }
        out.text("\n");
    }
}
