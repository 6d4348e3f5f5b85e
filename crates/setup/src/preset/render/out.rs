//! Where formats write to.

use crate::preset::segment::Segment;
use crate::preset::template::Piece;

/// Collects text and secrets.
#[derive(Debug, Default)]
pub(super) struct Out {
    segments: Vec<Segment>,
}

impl Out {
    /// Appends text.
    pub(super) fn text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        match self.segments.last_mut() {
            Some(Segment::Text(last)) => last.push_str(text),
            _ => self.segments.push(Segment::Text(text.to_owned())),
        }
    }

    /// Appends two spaces for each level.
    pub(super) fn indent(&mut self, depth: usize) {
        self.text(&"  ".repeat(depth));
    }

    /// Appends one piece, escaped by `escape`.
    pub(super) fn piece(&mut self, piece: &Piece, escape: impl Fn(&str) -> String) {
        match piece {
            Piece::Literal(text) | Piece::Value(text) => self.text(&escape(text)),
            Piece::Secret { name, value } => self.segments.push(Segment::Secret {
                name: name.clone(),
                value: escape(value),
            }),
        }
    }

    /// Appends the pieces as they are.
    pub(super) fn unescaped(&mut self, pieces: &[Piece]) {
        for piece in pieces {
            self.piece(piece, str::to_owned);
        }
    }

    /// Appends the pieces between `quote`s, each character through `escape`.
    pub(super) fn quoted(
        &mut self,
        quote: &str,
        pieces: &[Piece],
        escape: impl Fn(char, &mut String),
    ) {
        self.text(quote);
        for piece in pieces {
            self.piece(piece, |text| {
                let mut escaped = String::with_capacity(text.len());
                text.chars().for_each(|c| escape(c, &mut escaped));
                escaped
            });
        }
        self.text(quote);
    }

    /// What was written.
    pub(super) fn finish(self) -> Vec<Segment> {
        self.segments
    }
}

/// Escapes as the C family does in double quotes: backslash, quote, line breaks, `\uXXXX` for the
/// other control characters, and a backslash before each of `also`.
pub(super) fn c_escape(c: char, also: &[char], out: &mut String) {
    match c {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        c if c.is_control() => out.push_str(&unicode_escape(u32::from(c))),
        c => {
            if also.contains(&c) {
                out.push('\\');
            }
            out.push(c);
        }
    }
}

/// `\uXXXX`, as most languages write a character by its number.
pub(super) fn unicode_escape(unit: u32) -> String {
    format!("\\u{unit:04X}")
}

/// Whether `key` is a plain word in most languages.
pub(super) fn is_identifier(key: &str) -> bool {
    key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
