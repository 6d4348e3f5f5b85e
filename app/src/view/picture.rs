//! The way from a person to an application, as a picture.

use access::Verdict;
use leptos::prelude::*;

use crate::state::{
    named::isolated,
    why::{Edge, Node, NodeKind, Picture},
};

/// Width of the picture, and of a box, in its own units.
const WIDTH: usize = 352;
/// Height of a box.
const BOX: usize = 48;
/// Height of what lies between two boxes.
const GAP: usize = 44;
/// A name that is longer than this is cut off; the words beside the picture have it whole.
const LONGEST: usize = 36;

/// The picture. Whoever cannot see it hears the same in words.
pub(crate) fn way(picture: &Picture) -> AnyView {
    let count = picture.nodes.len();
    let height = count * (BOX + GAP) - GAP;
    let nodes: Vec<_> = picture
        .nodes
        .iter()
        .enumerate()
        .map(|(at, node)| {
            let y = at * (BOX + GAP) + 1;
            let edge = node.edge.as_ref().map(|it| edge(it, y - GAP));
            view! { {edge} {named_box(node, y)} }
        })
        .collect();
    let viewport = format!("0 0 {} {}", WIDTH + 2, height + 2);
    view! {
        <svg class="way" viewBox=viewport role="img" aria-label=picture.text.clone()>{nodes}</svg>
    }
    .into_any()
}

fn named_box(node: &Node, y: usize) -> AnyView {
    let (kind, class) = match node.kind {
        NodeKind::Person => ("Person", "way-box way-end"),
        NodeKind::Application => ("Application", "way-box way-end"),
        NodeKind::Group => ("Group", "way-box"),
        NodeKind::Policy => ("Policy", "way-box"),
        NodeKind::More => ("Groups", "way-box"),
    };
    let name = isolated(&cut(&node.name));
    view! {
        <rect class=class x="1" y=y.to_string() width=WIDTH.to_string() height=BOX.to_string() rx="6"></rect>
        <text class="way-kind" x="13" y=(y + 18).to_string()>{kind}</text>
        <text class="way-name" x="13" y=(y + 37).to_string()>{name}</text>
    }
    .into_any()
}

/// A line between two boxes: drawn through where it leads on, broken with a cross where it stops.
fn edge(edge: &Edge, top: usize) -> AnyView {
    let (tone, line, sign) = match edge.leads {
        Verdict::Allowed => ("tone-positive", "way-edge", "M20 0 l4 4 l7 -8"),
        Verdict::Denied => (
            "tone-danger",
            "way-edge way-stop",
            "M20 -5 l10 10 M30 -5 l-10 10",
        ),
        Verdict::Unknown => (
            "tone-warning",
            "way-edge way-stop",
            "M22 -4 a3.4 3.4 0 1 1 4.6 3.2 c-1 .5 -1.4 1 -1.4 2.4 M25.2 5.6 v.4",
        ),
    };
    let middle = top + GAP / 2;
    let path = format!("M25 {top} V{}", top + GAP);
    let (at, shift) = (middle.to_string(), format!("translate(0 {middle})"));
    view! {
        <g class=tone>
            <path class=line d=path></path>
            <circle class="way-ground" cx="25" cy=at r="11"></circle>
            <path class="way-sign" d=sign transform=shift></path>
            <text class="way-label" x="46" y=(middle + 4).to_string()>{edge.label.clone()}</text>
        </g>
    }
    .into_any()
}

fn cut(name: &str) -> String {
    if name.chars().count() <= LONGEST {
        return name.to_owned();
    }
    name.chars().take(LONGEST - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_are_cut() {
        assert_eq!(cut("family"), "family");
        assert_eq!(cut(&"x".repeat(80)).chars().count(), LONGEST);
    }
}
