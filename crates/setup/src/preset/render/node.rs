//! Settings with their values filled in, before any escaping.

use super::{json, yaml};
use crate::preset::model::Preset;
use crate::preset::names::Names;
use crate::preset::render::out::Out;
use crate::preset::segment::Segment;
use crate::preset::template::{Piece, Template, TemplateError};
use crate::preset::value::{Table, Value};
use crate::preset::values::Values;

/// Keys and values in order.
pub(super) type Entries = Vec<(String, Node)>;

/// A value with placeholders replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    Bool(bool),
    Integer(i64),
    Text(Vec<Piece>),
    List(Vec<Node>),
    Table(Entries),
    /// Source text in the syntax of the file.
    Code(String),
    /// A sentence: there is no fixed value.
    Instruction(String),
}

impl Node {
    /// The value as one text: switches and numbers as words, lists and tables as compact JSON,
    /// instructions in angle brackets.
    pub(super) fn scalar(&self) -> Vec<Piece> {
        match self {
            Self::Bool(value) => vec![Piece::Literal(value.to_string())],
            Self::Integer(value) => vec![Piece::Literal(value.to_string())],
            Self::Text(pieces) => pieces.clone(),
            Self::Code(code) => vec![Piece::Literal(code.clone())],
            Self::Instruction(sentence) => vec![Piece::Literal(format!("<{sentence}>"))],
            Self::List(_) | Self::Table(_) => {
                let mut out = Out::default();
                json::compact(self, &mut out);
                pieces(out.finish())
            }
        }
    }

    /// Whether it has parts.
    pub(super) fn is_nested(&self) -> bool {
        matches!(self, Self::List(_) | Self::Table(_))
    }
}

/// Rendered segments, to be escaped once more by a format around them.
fn pieces(segments: Vec<Segment>) -> Vec<Piece> {
    segments
        .into_iter()
        .map(|segment| match segment {
            Segment::Text(text) => Piece::Literal(text),
            Segment::Secret { name, value } => Piece::Secret { name, value },
        })
        .collect()
}

/// All text of a value, secrets included.
pub(super) fn joined(pieces: &[Piece]) -> String {
    pieces.iter().map(Piece::text).collect()
}

/// Whether a secret is among the pieces.
pub(super) fn has_secret(pieces: &[Piece]) -> bool {
    pieces
        .iter()
        .any(|piece| matches!(piece, Piece::Secret { .. }))
}

/// Fills values into templates.
pub(super) struct Resolver {
    names: Names,
    values: Values,
}

impl Resolver {
    pub(super) fn new(preset: &Preset, values: &Values) -> Self {
        Self {
            names: preset.names(),
            values: preset.with_defaults(values),
        }
    }

    pub(super) fn text(&self, template: &str) -> Result<String, TemplateError> {
        Template::parse(template, &self.names)?.render_text(&self.values)
    }

    pub(super) fn table(&self, table: &Table) -> Result<Entries, TemplateError> {
        table
            .iter()
            .map(|(key, value)| Ok((self.text(key)?, self.value(value)?)))
            .collect()
    }

    fn value(&self, value: &Value) -> Result<Node, TemplateError> {
        Ok(match value {
            Value::Bool(value) => Node::Bool(*value),
            Value::Integer(value) => Node::Integer(*value),
            Value::Text(template) => {
                Node::Text(Template::parse(template, &self.names)?.pieces(&self.values)?)
            }
            Value::List(values) => Node::List(
                values
                    .iter()
                    .map(|value| self.value(value))
                    .collect::<Result<_, _>>()?,
            ),
            Value::Table(table) => Node::Table(self.table(table)?),
            Value::Code(code) => Node::Code(code.clone()),
            Value::Instruction(sentence) => Node::Instruction(sentence.clone()),
            Value::Yaml(inner) => {
                let mut out = Out::default();
                if let Node::Table(entries) = self.value(inner)? {
                    yaml::write(&entries, &mut out);
                }
                Node::Text(pieces(out.finish()))
            }
        })
    }
}
