//! Environment variables: `KEY=value` lines, and the same for Docker Compose.

use super::node::{Entries, Node, joined};
use super::out::Out;
use super::yaml;
use crate::preset::template::Piece;

/// How a value has to be quoted in a `.env` file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Quotes {
    None,
    /// Everything between is taken literally.
    Single,
    /// Backslash, double quote, dollar and backtick are escaped; `\n` is a line break.
    Double,
}

fn quotes(text: &str) -> Quotes {
    let harmless = |c: char| c.is_ascii_alphanumeric() || "_-./:@%+,=".contains(c);
    if text.chars().all(harmless) {
        Quotes::None
    } else if text.contains(['\'', '\n', '\r']) {
        Quotes::Double
    } else {
        Quotes::Single
    }
}

fn escape_double(c: char, out: &mut String) {
    match c {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '"' | '\\' | '$' | '`' => {
            out.push('\\');
            out.push(c);
        }
        c => out.push(c),
    }
}

fn value(pieces: &[Piece], out: &mut Out) {
    match quotes(&joined(pieces)) {
        Quotes::None => out.unescaped(pieces),
        Quotes::Single => out.quoted("'", pieces, |c, text| text.push(c)),
        Quotes::Double => out.quoted("\"", pieces, escape_double),
    }
}

/// Whether any value needs quotes.
pub(super) fn any_quoted(entries: &Entries) -> bool {
    entries
        .iter()
        .any(|(_, node)| quotes(&joined(&node.scalar())) != Quotes::None)
}

/// Writes `KEY=value` lines; nested values as JSON on one line.
pub(super) fn write(entries: &Entries, out: &mut Out) {
    for (key, node) in entries {
        out.text(key);
        out.text("=");
        value(&node.scalar(), out);
        out.text("\n");
    }
}

/// `$` starts a variable in Compose files, `$$` is the sign itself.
fn double_dollars(piece: Piece) -> Piece {
    match piece {
        Piece::Literal(text) => Piece::Literal(text.replace('$', "$$")),
        Piece::Value(text) => Piece::Value(text.replace('$', "$$")),
        Piece::Secret { name, value } => Piece::Secret {
            name,
            value: value.replace('$', "$$"),
        },
    }
}

/// Writes an `environment:` block for a service called like the preset. All values are texts,
/// because Compose refuses YAML's truth values there.
pub(super) fn write_compose(service: &str, entries: &Entries, out: &mut Out) {
    out.text("services:\n");
    out.indent(1);
    out.text(service);
    out.text(":\n");
    out.indent(2);
    out.text("environment:\n");
    for (key, node) in entries {
        let pieces: Vec<Piece> = node.scalar().into_iter().map(double_dollars).collect();
        out.indent(3);
        yaml::key(key, out);
        out.text(": ");
        yaml::scalar(&Node::Text(pieces), out);
        out.text("\n");
    }
}
