//! The reason in one sentence.

use super::reason::{BindingOutcome, Evidence, Reason, Rule};
use crate::{Evaluator, Sentence, Snapshot, Verdict};

/// The reason in one sentence.
pub(super) fn sentence(evaluator: &Evaluator<'_>, reason: &Reason) -> Sentence {
    let snapshot = evaluator.snapshot();
    let opening = |before: &str, between: &str, after: &str| {
        Sentence::default()
            .text(before)
            .user(snapshot, reason.user)
            .text(between)
            .application(snapshot, reason.application)
            .text(after)
    };
    if !reason.is_active {
        return opening("", " cannot open ", ": the account is deactivated.");
    }
    match reason.verdict {
        Verdict::Allowed => allowed(snapshot, reason, opening("", " can open ", ": ")).text("."),
        Verdict::Denied => denied(snapshot, reason, opening("", " cannot open ", ": ")).text("."),
        Verdict::Unknown => {
            let parts = reason.because.iter();
            let parts = parts.map(|because| Sentence::default().because(snapshot, because));
            opening("Whether ", " can open ", " is not known: it depends on ")
                .list(parts.collect())
                .text(".")
        }
    }
}

fn allowed(snapshot: &Snapshot, reason: &Reason, opening: Sentence) -> Sentence {
    let passing = decisive(reason);
    let first = passing.first().copied();
    match (reason.rule, first) {
        (Rule::OpenWithoutBinding, _) => {
            opening.text("no binding that counts restricts it, so everyone can")
        }
        (Rule::All, _) => opening
            .text(match passing.len() {
                1 => "its one binding passes: ",
                _ => "all of its bindings pass: ",
            })
            .list(clauses(snapshot, &passing)),
        (_, Some(first)) => {
            let sentence = opening.sentence(clause(snapshot, first));
            let sentence = match passing.len() {
                0 | 1 => sentence,
                2 => sentence.text(" (one more binding passes)"),
                more => sentence.text(format!(" ({} more bindings pass)", more - 1)),
            };
            if reason.rule == Rule::AllButOneIsEnough {
                sentence.text(format!(
                    ", and authentik {} takes one group or user binding for enough although the mode is all",
                    snapshot.version.line()
                ))
            } else {
                sentence
            }
        }
        (_, None) => opening.text("its bindings together let them in"),
    }
}

fn denied(snapshot: &Snapshot, reason: &Reason, opening: Sentence) -> Sentence {
    let failing = decisive(reason);
    let opening = match (reason.rule, failing.len()) {
        (Rule::ClosedWithoutBinding, _) => {
            return opening
                .text("no binding that counts lets anybody in, and this server keeps such applications closed");
        }
        (Rule::All, count) if count < counting(reason) => {
            opening.text("every binding must pass, and ")
        }
        // Policies are never known to fail, so that none of the group and user bindings passed.
        (Rule::AllButOneIsEnough, count) if count < counting(reason) => {
            opening.text("one of its group and user bindings must pass, and ")
        }
        (_, 0 | 1) => opening,
        (_, count) => opening.text(format!("none of its {count} bindings passes: ")),
    };
    opening.list(clauses(snapshot, &failing))
}

fn counting(reason: &Reason) -> usize {
    reason.bindings.iter().filter(|it| it.enabled).count()
}

fn decisive(reason: &Reason) -> Vec<&BindingOutcome> {
    let outcomes = reason.bindings.iter();
    outcomes.filter(|outcome| outcome.decisive).collect()
}

fn clauses(snapshot: &Snapshot, outcomes: &[&BindingOutcome]) -> Vec<Sentence> {
    let mut clauses: Vec<Sentence> = Vec::new();
    for outcome in outcomes {
        let clause = clause(snapshot, outcome);
        if !clauses.contains(&clause) {
            clauses.push(clause);
        }
    }
    clauses
}

/// What one binding says about the user, as a clause: `they are in “media-users”`.
fn clause(snapshot: &Snapshot, outcome: &BindingOutcome) -> Sentence {
    let passes = outcome.result == Verdict::Allowed;
    // Of a binding with two subjects, what speaks for its result.
    let speaks = |evidence: &&Evidence| match evidence {
        Evidence::Member { .. } | Evidence::Named => passes != outcome.negate,
        Evidence::NotMember { .. } | Evidence::NotNamed { .. } => passes == outcome.negate,
        Evidence::Expired | Evidence::Unknown(_) => true,
    };
    let Some(evidence) = outcome.evidence.iter().find(speaks) else {
        return Sentence::default().text("a binding names nobody");
    };
    let clause = Sentence::default();
    match (evidence, outcome.negate) {
        (Evidence::Member { chain }, negate) => {
            let clause = member(snapshot, clause, chain);
            if negate {
                clause.text(", whose members its binding keeps out")
            } else {
                clause
            }
        }
        (Evidence::NotMember { group }, negate) => {
            let clause = clause.text("they are not in ").group(snapshot, *group);
            if negate {
                clause.text(", and its binding lets in everybody who is not")
            } else {
                clause
            }
        }
        (Evidence::Named, false) => clause.text("a binding names them"),
        (Evidence::Named, true) => clause.text("a binding keeps out just them"),
        (Evidence::NotNamed { user }, false) => clause
            .text("they are not ")
            .user(snapshot, *user)
            .text(", whom a binding names"),
        (Evidence::NotNamed { user }, true) => clause
            .text("a binding lets in everybody but ")
            .user(snapshot, *user),
        (Evidence::Expired, _) => clause.text("a binding has ended"),
        (Evidence::Unknown(because), _) => clause.text("it depends on ").because(snapshot, because),
    }
}

fn member(snapshot: &Snapshot, clause: Sentence, chain: &[authentik_api::GroupPk]) -> Sentence {
    let clause = clause.text("they are in ");
    let mut chain = chain.iter();
    let Some(own) = chain.next() else {
        return clause.text("its group");
    };
    chain.fold(clause.group(snapshot, *own), |clause, above| {
        clause.text(", which lies below ").group(snapshot, *above)
    })
}
