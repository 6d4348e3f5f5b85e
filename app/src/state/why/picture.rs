//! The way from a person to an application as a small picture: one line of boxes, and between them
//! what leads on or stops.

use access::{Because, BindingOutcome, Evidence, Reason, Rule, Snapshot, Verdict};
use authentik_api::GroupPk;
use serde::{Deserialize, Serialize};

use crate::state::named::{Part, application, group, isolated, policy, user};

/// More boxes than this and the middle is left out.
const MOST: usize = 8;

/// What a box is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NodeKind {
    /// The person.
    Person,
    /// A group.
    Group,
    /// A policy.
    Policy,
    /// Groups that are left out.
    More,
    /// The application.
    Application,
}

/// What leads to a box.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edge {
    /// In words: `is in`.
    pub label: String,
    /// Whether it leads on.
    pub leads: Verdict,
}

/// A box.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// Its name.
    pub name: String,
    /// What leads to it; nothing leads to the first.
    pub edge: Option<Edge>,
}

/// The way from a person to an application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// From the person to the application.
    pub nodes: Vec<Node>,
    /// The same in words.
    pub text: String,
}

/// The way that settles the answer.
pub(super) fn picture(snapshot: &Snapshot, reason: &Reason) -> Picture {
    let mut way = Way::from(user(snapshot, reason.user));
    let last = if reason.is_active {
        match settling(reason) {
            Some(outcome) => through(snapshot, &mut way, outcome),
            None => ending(reason).to_owned(),
        }
    } else {
        "the account is deactivated".to_owned()
    };
    let app = application(snapshot, reason.application);
    way.to(NodeKind::Application, app, &last, reason.verdict);
    way.finish()
}

/// The binding to show: of those that settle the answer, the one with the most to see.
fn settling(reason: &Reason) -> Option<&BindingOutcome> {
    let is_way = |outcome: &&BindingOutcome| {
        matches!(outcome.evidence.first(), Some(Evidence::Member { .. }))
    };
    let decisive = || reason.bindings.iter().filter(|it| it.decisive);
    decisive().find(is_way).or_else(|| decisive().next())
}

fn ending(reason: &Reason) -> &'static str {
    match (reason.rule, reason.verdict) {
        (Rule::OpenWithoutBinding, _) => "no binding restricts it",
        (Rule::ClosedWithoutBinding, _) => "no binding, and the server keeps it closed",
        (_, Verdict::Allowed) => "its bindings together let them in",
        (_, Verdict::Denied) => "its bindings together keep them out",
        (_, Verdict::Unknown) => "its bindings do not settle it",
    }
}

/// The boxes of one binding; what leads from the last of them to the application.
fn through(snapshot: &Snapshot, way: &mut Way, outcome: &BindingOutcome) -> String {
    let passes = outcome.result == Verdict::Allowed;
    match outcome.evidence.first() {
        Some(Evidence::Member { chain }) => {
            for (at, pk) in chain.iter().enumerate() {
                let label = if at == 0 { "is in" } else { "lies below" };
                way.group(snapshot, *pk, label, Verdict::Allowed);
            }
            if passes {
                "its members get in"
            } else {
                "its members are kept out"
            }
            .to_owned()
        }
        Some(Evidence::NotMember { group: pk }) => {
            way.group(snapshot, *pk, "is not in", Verdict::Denied);
            if passes {
                "whoever is not in it gets in"
            } else {
                "only its members get in"
            }
            .to_owned()
        }
        Some(Evidence::Named) if passes => "a binding names them".to_owned(),
        Some(Evidence::Named) => "a binding keeps just them out".to_owned(),
        Some(Evidence::NotNamed { .. }) if passes => {
            "a binding keeps out just somebody else".to_owned()
        }
        Some(Evidence::NotNamed { .. }) => "the binding names somebody else".to_owned(),
        Some(Evidence::Expired) => "the binding has ended".to_owned(),
        Some(Evidence::Unknown(Because::Policy { policy: pk, .. })) => {
            let policy = policy(snapshot, *pk);
            way.to(NodeKind::Policy, policy, "is judged by", Verdict::Unknown);
            "lets them in, or not".to_owned()
        }
        Some(Evidence::Unknown(because)) => format!("depends on {because}"),
        None => "a binding names nobody".to_owned(),
    }
}

/// A picture in the making.
struct Way {
    nodes: Vec<Node>,
}

fn name_of(part: Part) -> String {
    match part {
        Part::Text(name) | Part::Name { name, .. } => name,
    }
}

impl Way {
    fn from(person: Part) -> Self {
        let person = Node {
            kind: NodeKind::Person,
            name: name_of(person),
            edge: None,
        };
        Self {
            nodes: vec![person],
        }
    }

    fn to(&mut self, kind: NodeKind, part: Part, label: &str, leads: Verdict) {
        self.nodes.push(Node {
            kind,
            name: name_of(part),
            edge: Some(Edge {
                label: label.to_owned(),
                leads,
            }),
        });
    }

    fn group(&mut self, snapshot: &Snapshot, pk: GroupPk, label: &str, leads: Verdict) {
        self.to(NodeKind::Group, group(snapshot, pk), label, leads);
    }

    fn finish(self) -> Picture {
        let text = self.nodes.iter().map(|node| {
            let edge = node.edge.as_ref();
            let edge = edge.map(|edge| format!(" – {} – ", edge.label));
            format!("{}“{}”", edge.unwrap_or_default(), isolated(&node.name))
        });
        Picture {
            text: text.collect(),
            nodes: short(self.nodes),
        }
    }
}

/// The same without the middle, where it is long.
fn short(nodes: Vec<Node>) -> Vec<Node> {
    let count = nodes.len();
    if count <= MOST {
        return nodes;
    }
    let (head, tail) = (3, 4);
    let left_out = count - head - tail;
    let more = Node {
        kind: NodeKind::More,
        name: format!("{left_out} more groups"),
        edge: Some(Edge {
            label: "lies below".to_owned(),
            leads: Verdict::Allowed,
        }),
    };
    let mut nodes = nodes.into_iter();
    let mut shown: Vec<Node> = nodes.by_ref().take(head).collect();
    shown.push(more);
    shown.extend(nodes.skip(left_out));
    shown
}

#[cfg(test)]
mod tests {
    use access::{Binding, Evaluator};
    use authentik_api::{UserPk, models::Subject};

    use super::*;
    use crate::state::samples;

    fn drawn(
        snapshot: &Snapshot,
        user: UserPk,
        application: authentik_api::ApplicationPk,
    ) -> Picture {
        let reason = Evaluator::new(snapshot).reason(user, application).unwrap();
        picture(snapshot, &reason)
    }

    #[test]
    fn the_chain_of_groups_is_drawn() {
        let picture = drawn(&samples::home(), samples::SAM, samples::JELLYFIN);
        assert_eq!(
            picture.text,
            "“sam” – is in – “kids” – lies below – “family” – its members get in – “Jellyfin”"
        );
        assert_eq!(picture.nodes.len(), 4);
    }

    #[test]
    fn what_stops_is_drawn() {
        let home = samples::home();
        let last = |user, application| {
            let picture = drawn(&home, user, application);
            picture.nodes.last().unwrap().edge.clone().unwrap()
        };
        let denied = last(samples::JODIE, samples::JELLYFIN);
        assert_eq!(
            (denied.label.as_str(), denied.leads),
            ("only its members get in", Verdict::Denied)
        );
        let off = last(samples::OLD, samples::JELLYFIN);
        assert_eq!(off.label, "the account is deactivated");
        let open = last(samples::JODIE, samples::STATUS);
        assert_eq!(open.label, "no binding restricts it");
        let unknown = drawn(&home, samples::JODIE, samples::MYSTERY);
        assert_eq!(
            unknown.text,
            "“jodie” – is judged by – “office hours” – lets them in, or not – “Mystery”"
        );
    }

    #[test]
    fn named_users_need_no_group() {
        let mut home = samples::home();
        let jodie = Subject::User(samples::JODIE);
        home.bindings.push(Binding::new(
            samples::binding(9),
            samples::JELLYFIN,
            jodie,
            1,
        ));
        let picture = drawn(&home, samples::JODIE, samples::JELLYFIN);
        assert_eq!(picture.text, "“jodie” – a binding names them – “Jellyfin”");
    }

    #[test]
    fn long_chains_lose_their_middle() {
        let node = |n: usize| Node {
            kind: NodeKind::Group,
            name: n.to_string(),
            edge: None,
        };
        let nodes = short((0..20).map(node).collect());
        let names: Vec<_> = nodes.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(
            names,
            ["0", "1", "2", "13 more groups", "16", "17", "18", "19"]
        );
        assert_eq!(short((0..8).map(node).collect()).len(), 8);
    }
}
