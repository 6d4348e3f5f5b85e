//! Numbered steps through a web interface.

use super::node::{Entries, Node};
use super::out::Out;
use super::snippet::{Step, StepAction};
use crate::preset::segment::Segment;
use crate::preset::template::Piece;

/// The values of a field: a list of texts is joined by commas, anything nested is JSON.
fn value(node: &Node) -> Vec<Segment> {
    let mut out = Out::default();
    match node {
        Node::List(nodes) if !nodes.iter().any(Node::is_nested) => {
            for (index, node) in nodes.iter().enumerate() {
                out.text(if index > 0 { ", " } else { "" });
                out.unescaped(&node.scalar());
            }
        }
        Node::Instruction(sentence) => out.text(sentence),
        other => out.unescaped(&other.scalar()),
    }
    out.finish()
}

fn field(name: &str, node: &Node, optional: bool) -> Step {
    let action = match node {
        Node::Bool(true) => StepAction::SwitchOn,
        Node::Bool(false) => StepAction::SwitchOff,
        Node::Instruction(_) => StepAction::Do,
        _ => StepAction::Enter,
    };
    let has_value = !matches!(node, Node::Bool(_));
    Step {
        action,
        field: name.to_owned(),
        value: if has_value { value(node) } else { Vec::new() },
        optional,
    }
}

/// The steps in order: what to do first, where to go, the fields, and the optional fields.
pub(super) fn steps(
    before: Vec<String>,
    place: &str,
    values: &Entries,
    optional: &Entries,
) -> Vec<Step> {
    let sentence = |action, field: String| Step {
        action,
        field,
        value: Vec::new(),
        optional: false,
    };
    before
        .into_iter()
        .map(|text| sentence(StepAction::Do, text))
        .chain([sentence(StepAction::Open, place.to_owned())])
        .chain(values.iter().map(|(name, node)| field(name, node, false)))
        .chain(optional.iter().map(|(name, node)| field(name, node, true)))
        .collect()
}

/// The steps as text: the needed or the optional ones, numbered from one.
pub(super) fn write(steps: &[Step], optional: bool) -> Vec<Segment> {
    let mut out = Out::default();
    let chosen = steps.iter().filter(|step| step.optional == optional);
    for (index, step) in chosen.enumerate() {
        out.text(&format!("{}. ", index + 1));
        match step.action {
            StepAction::Open => out.text(&format!("Open {}.", step.field)),
            StepAction::SwitchOn => out.text(&format!("{}: switch on.", step.field)),
            StepAction::SwitchOff => out.text(&format!("{}: switch off.", step.field)),
            StepAction::Do if step.value.is_empty() => out.text(&step.field),
            StepAction::Enter if step.value.is_empty() => {
                out.text(&format!("{}: leave empty.", step.field));
            }
            StepAction::Do | StepAction::Enter => {
                out.text(&step.field);
                out.text(": ");
                for segment in &step.value {
                    let piece = match segment.clone() {
                        Segment::Text(text) => Piece::Literal(text),
                        Segment::Secret { name, value } => Piece::Secret { name, value },
                    };
                    out.unescaped(&[piece]);
                }
            }
        }
        out.text("\n");
    }
    out.finish()
}
