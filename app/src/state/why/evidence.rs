//! What each binding says about a person.

use access::{Because, Binding, BindingOutcome, Evidence, Reason, Snapshot, Verdict};
use serde::{Deserialize, Serialize};

use crate::state::named::{Part, Words, group, policy, text, user};

/// Whether a binding has a part in the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It counts.
    Counts,
    /// It is disabled.
    Disabled,
    /// Its time is over (2026.8 and later).
    Ended,
}

/// A binding and what it says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// Position.
    pub order: i64,
    /// What it names.
    pub subject: Words,
    /// Whether it counts.
    pub standing: Standing,
    /// Whether it is turned round.
    pub negate: bool,
    /// What it says; of a disabled one: what it would say.
    pub result: Verdict,
    /// What that rests on.
    pub evidence: Words,
    /// Whether it is one of those that settle the answer.
    pub decisive: bool,
}

impl Line {
    /// What it says, in a word.
    pub const fn label(&self) -> &'static str {
        match (self.standing, self.result) {
            (Standing::Ended, _) => "Ended",
            (Standing::Disabled, _) => "Disabled",
            (Standing::Counts, Verdict::Allowed) => "Passed",
            (Standing::Counts, Verdict::Denied) => "Failed",
            (Standing::Counts, Verdict::Unknown) => "Unknown",
        }
    }
}

/// All bindings of the reason.
pub(super) fn lines(snapshot: &Snapshot, reason: &Reason) -> Vec<Line> {
    let line = |outcome: &BindingOutcome| {
        let binding = snapshot.binding(outcome.binding);
        Line {
            order: binding.map(|it| it.order).unwrap_or_default(),
            subject: binding.map_or_else(Vec::new, |it| subject(snapshot, it)),
            standing: standing(outcome),
            negate: outcome.negate,
            result: outcome.result,
            evidence: evidence(snapshot, reason, outcome),
            decisive: outcome.decisive,
        }
    };
    reason.bindings.iter().map(line).collect()
}

/// What a binding names.
pub(crate) fn subject(snapshot: &Snapshot, binding: &Binding) -> Words {
    let mut words: Words = Vec::new();
    let mut name = |kind: &str, part: Part| {
        words.push(text(if words.is_empty() {
            kind.to_owned()
        } else {
            format!(" and {}", kind.to_lowercase())
        }));
        words.push(part);
    };
    if let Some(pk) = binding.policy {
        name("Policy ", policy(snapshot, pk));
    }
    if let Some(pk) = binding.group {
        name("Group ", group(snapshot, pk));
    }
    if let Some(pk) = binding.user {
        name("User ", user(snapshot, pk));
    }
    if words.is_empty() {
        words.push(text("Nobody"));
    }
    words
}

fn standing(outcome: &BindingOutcome) -> Standing {
    if outcome.evidence.contains(&Evidence::Expired) {
        Standing::Ended
    } else if outcome.enabled {
        Standing::Counts
    } else {
        Standing::Disabled
    }
}

/// What a binding's result rests on, in a sentence.
fn evidence(snapshot: &Snapshot, reason: &Reason, outcome: &BindingOutcome) -> Words {
    if standing(outcome) == Standing::Ended {
        return sentence(snapshot, reason, &Evidence::Expired);
    }
    let mut words: Words = Vec::new();
    for evidence in &outcome.evidence {
        if !words.is_empty() {
            words.push(text(" "));
        }
        words.extend(sentence(snapshot, reason, evidence));
    }
    if outcome.negate && outcome.result != Verdict::Unknown {
        words.push(text(match outcome.result {
            Verdict::Allowed => " The binding is negated, so it passes.",
            _ => " The binding is negated, so it fails.",
        }));
    }
    if !outcome.enabled {
        words.push(text(" It is disabled and does not count."));
    }
    words
}

fn sentence(snapshot: &Snapshot, reason: &Reason, evidence: &Evidence) -> Words {
    let person = || user(snapshot, reason.user);
    match evidence {
        Evidence::Member { chain } => {
            let mut words = vec![person(), text(" is in ")];
            for (at, pk) in chain.iter().enumerate() {
                if at > 0 {
                    words.push(text(", which lies below "));
                }
                words.push(group(snapshot, *pk));
            }
            words.push(text("."));
            words
        }
        Evidence::NotMember { group: pk } => vec![
            person(),
            text(" is not in "),
            group(snapshot, *pk),
            text(", nor in a group below it."),
        ],
        Evidence::Named => vec![person(), text(" is the user it names.")],
        Evidence::NotNamed { user: other } => {
            vec![
                text("It names "),
                user(snapshot, *other),
                text(", who is somebody else."),
            ]
        }
        Evidence::Expired => vec![text(
            "It has ended by itself and does not count any more: it lets nobody in and keeps nobody out.",
        )],
        Evidence::Unknown(Because::Policy {
            policy: pk, kind, ..
        }) => vec![
            text(format!("Only authentik can run the {kind} ")),
            policy(snapshot, *pk),
            text("."),
        ],
        Evidence::Unknown(because) => vec![text(format!("It depends on {because}."))],
    }
}

#[cfg(test)]
mod tests {
    use access::Evaluator;

    use super::*;
    use crate::state::{named::plain, samples};

    fn said(change: impl FnOnce(&mut Binding), user: authentik_api::UserPk) -> String {
        let mut home = samples::home();
        change(home.bindings.first_mut().unwrap());
        let reason = Evaluator::new(&home)
            .reason(user, samples::JELLYFIN)
            .unwrap();
        let lines = lines(&home, &reason);
        let line = lines.first().unwrap();
        format!("{}: {}", line.label(), plain(&line.evidence))
    }

    #[test]
    fn lines_say_what_the_result_rests_on() {
        assert_eq!(
            said(|_| (), samples::SAM),
            "Passed: “sam” is in “kids”, which lies below “family”."
        );
        assert_eq!(
            said(|it| it.negate = true, samples::JODIE),
            "Passed: “jodie” is not in “family”, nor in a group below it. The binding is negated, so it passes."
        );
        assert!(said(|it| it.enabled = false, samples::SAM).starts_with("Disabled: "));
        let over = |it: &mut Binding| {
            it.negate = true;
            it.expires = Some("2026-11-01T00:00:00Z".parse().unwrap());
        };
        assert_eq!(
            said(over, samples::SAM),
            "Ended: It has ended by itself and does not count any more: it lets nobody in and keeps nobody out."
        );
    }

    #[test]
    fn policies_are_for_authentik_to_run() {
        let home = samples::home();
        let reason = Evaluator::new(&home)
            .reason(samples::SAM, samples::MYSTERY)
            .unwrap();
        let lines = lines(&home, &reason);
        let line = lines.first().unwrap();
        assert_eq!(line.label(), "Unknown");
        assert_eq!(plain(&line.subject), "Policy “office hours”");
        assert_eq!(
            plain(&line.evidence),
            "Only authentik can run the expression policy “office hours”."
        );
    }
}
