//! Commands for a shell.

use super::node::{Entries, Node};
use super::out::Out;
use crate::preset::template::Piece;

/// Where in a command we are, as far as quoting goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    Single,
    Double,
}

impl State {
    /// Where we are after some text of the template.
    fn after(self, text: &str) -> Self {
        let mut state = self;
        let mut escaped = false;
        for c in text.chars() {
            if escaped {
                escaped = false;
                continue;
            }
            state = match (state, c) {
                (Self::Open | Self::Double, '\\') => {
                    escaped = true;
                    state
                }
                (Self::Open, '\'') => Self::Single,
                (Self::Single, '\'') | (Self::Double, '"') => Self::Open,
                (Self::Open, '"') => Self::Double,
                _ => state,
            };
        }
        state
    }
}

/// A value in single quotes, each single quote of its own written outside of them.
fn escape_single(text: &str) -> String {
    text.replace('\'', r"'\''")
}

fn escape_double(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '"' | '\\' | '$' | '`') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn is_safe(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_-./:@%+,=".contains(c))
}

fn command(pieces: &[Piece], out: &mut Out) {
    let mut state = State::Open;
    for piece in pieces {
        match (piece, state) {
            (Piece::Literal(text), _) => {
                out.text(text);
                state = state.after(text);
            }
            (_, State::Single) => out.piece(piece, escape_single),
            (_, State::Double) => out.piece(piece, escape_double),
            (Piece::Value(text), State::Open) if is_safe(text) => out.text(text),
            (_, State::Open) => {
                out.text("'");
                out.piece(piece, escape_single);
                out.text("'");
            }
        }
    }
    out.text("\n");
}

/// Writes one command per line, each value quoted as its place in the command needs it.
pub(super) fn write(entries: &Entries, out: &mut Out) {
    for (_, node) in entries {
        let commands = match node {
            Node::List(commands) => commands.as_slice(),
            single => std::slice::from_ref(single),
        };
        for node in commands {
            command(&node.scalar(), out);
        }
    }
}
