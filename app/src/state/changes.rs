//! What a change set's page says about where it stands.

use access::AccessDiff;
use setup::{
    change::{Act, Effect, State, Step, StepState},
    finding::Severity,
};
use ui::{FindingItem, ProgressItem, ProgressState, Tone};

use super::named::{isolated, visible};
use crate::model::Change;

/// The tone of a state.
pub const fn tone(state: State) -> Tone {
    match state {
        State::Planned | State::Undone => Tone::Neutral,
        State::Applying | State::Undoing => Tone::Info,
        State::Applied => Tone::Positive,
        State::FailedAndUndone => Tone::Warning,
        State::Interrupted => Tone::Danger,
    }
}

/// So many objects a sentence names.
const NAMED: usize = 5;
/// So many steps a page shows; of more, those around the one that is carried out.
pub const SHOWN: usize = 60;
/// So many of them lie before it.
const BEFORE: usize = 20;

/// The steps to show, and what to say where these are not all: a change set of a thousand people has as many steps.
/// Undoing goes from the last to the first.
pub fn window(items: Vec<ProgressItem>, state: State) -> (Vec<ProgressItem>, Option<String>) {
    let all = items.len();
    if all <= SHOWN {
        return (items, None);
    }
    let number = |of: ProgressState| items.iter().filter(|item| item.state == of).count();
    let (over, current) = if matches!(state, State::Undoing | State::Undone) {
        let last = items
            .iter()
            .rposition(|item| item.state != ProgressState::Undone);
        let last = last.map_or(0, |at| (at + 1 + BEFORE).saturating_sub(SHOWN));
        (number(ProgressState::Undone), last)
    } else {
        let first = items
            .iter()
            .position(|item| item.state != ProgressState::Done);
        let first = first.unwrap_or(all).saturating_sub(BEFORE);
        (number(ProgressState::Done), first)
    };
    let word = if state == State::Undoing || state == State::Undone {
        "taken back"
    } else {
        "done"
    };
    let start = current.min(all - SHOWN);
    let words = format!(
        "{over} of {all} steps are {word}. Shown are {} to {}.",
        start + 1,
        start + SHOWN
    );
    let shown = items.into_iter().skip(start).take(SHOWN);
    (shown.collect(), Some(words))
}

/// The steps with how far each is.
pub fn progress(change: &Change) -> Vec<ProgressItem> {
    let running = change.summary.state.is_running();
    let item = |(step, state, millis): (&Step, StepState, Option<i64>)| ProgressItem {
        label: step.title.clone(),
        state: match state {
            StepState::Waiting => ProgressState::Waiting,
            StepState::Started if running => ProgressState::Running,
            // Sent, and nobody heard the answer.
            StepState::Started | StepState::Failed => ProgressState::Failed,
            StepState::Done => ProgressState::Done,
            StepState::Undone => ProgressState::Undone,
        },
        detail: (state == StepState::Started && !running)
            .then(|| "Sent, but the outcome is not known yet.".to_owned()),
        millis: millis.and_then(|millis| u64::try_from(millis).ok()),
    };
    change.steps().into_iter().map(item).collect()
}

/// What taking a change set back does to people, as far as its plan tells: whoever gained loses, and the other way
/// round. Nothing for a plan that changes nobody's access.
pub fn undoing(diff: &AccessDiff) -> Vec<String> {
    let people = |number: usize| {
        super::text::count(
            u64::try_from(number).unwrap_or(u64::MAX),
            "person",
            "people",
        )
    };
    let mut sentences: Vec<String> = diff
        .doors_closed()
        .map(|door| {
            let name = isolated(&visible(&door.name, &door.slug));
            format!("“{name}” is open to everyone again.")
        })
        .collect();
    let (lose, gain) = (diff.gainers().len(), diff.losers().len());
    if lose > 0 {
        sentences.push(format!("Takes access from {} again.", people(lose)));
    }
    if gain > 0 {
        sentences.push(format!("Gives access back to {}.", people(gain)));
    }
    sentences
}

/// Whether the plan does nothing but create: undoing it deletes, and nothing else.
pub fn only_creates(change: &Change) -> bool {
    change.plan.steps.iter().all(|step| step.alters.is_none())
}

/// What was done to an object, in a word.
pub const fn done(effect: &Effect) -> &'static str {
    match effect.act {
        Act::Created => "Created",
        Act::Changed { .. } => "Changed",
        Act::Deleted { .. } => "Deleted",
    }
}

/// What is done now and was not taken back: `Created: the group “x”. Deleted: the policy binding “y”.`
fn effects(change: &Change) -> String {
    let effects = change.progress().effects;
    let sentence = |word: &'static str| {
        let mut of: Vec<String> = effects
            .iter()
            .filter(|effect| done(effect) == word)
            .map(|effect| format!("the {} “{}”", effect.object.label(), effect.label))
            .collect();
        if of.len() > NAMED + 1 {
            let more = of.split_off(NAMED).len();
            of.push(format!("{more} more"));
        }
        (!of.is_empty()).then(|| format!("{word}: {}.", super::text::list(&of, "and")))
    };
    let sentences: Vec<String> = ["Created", "Changed", "Deleted"]
        .into_iter()
        .filter_map(sentence)
        .collect();
    sentences.join(" ")
}

/// What was and was not written, in one or two sentences.
pub fn written(change: &Change) -> String {
    let effects = effects(change);
    let creates = only_creates(change);
    match change.summary.state {
        State::Planned => "Nothing has been written yet.".to_owned(),
        State::Applying => "The steps are being carried out, one after the other.".to_owned(),
        State::Undoing if creates => {
            "What this change set created is being deleted, last first.".to_owned()
        }
        State::Undoing => "What this change set did is being taken back, last first.".to_owned(),
        State::FailedAndUndone if creates => {
            "A step failed. What the steps before it had created was deleted again: authentik is as \
             it was before."
                .to_owned()
        }
        State::FailedAndUndone => {
            "A step failed. What the steps before it had done was taken back: authentik is as it was \
             before."
                .to_owned()
        }
        State::Undone if creates => {
            "What this change set created was deleted again: authentik is as it was before."
                .to_owned()
        }
        State::Undone => {
            "What this change set did was taken back: authentik is as it was before.".to_owned()
        }
        State::Applied if change.plan.steps.is_empty() => {
            "There was nothing to do: it is so already.".to_owned()
        }
        State::Applied | State::Interrupted if effects.is_empty() => {
            "As far as is known, nothing was written.".to_owned()
        }
        State::Applied => effects,
        State::Interrupted if creates => format!(
            "It stopped half-way. Known so far: {effects} Resume looks for what is there already and \
             creates nothing twice."
        ),
        State::Interrupted => format!(
            "It stopped half-way. Known so far: {effects} Resume looks for what was done already and \
             does nothing twice."
        ),
    }
}

/// Findings for the kit's list.
pub fn findings(findings: &[setup::finding::Finding]) -> Vec<FindingItem> {
    let item = |finding: &setup::finding::Finding| FindingItem {
        severity: severity(finding.severity),
        title: finding.title.clone(),
        explanation: finding.explanation.clone(),
        way_out: (!finding.way_out.is_empty()).then(|| finding.way_out.clone()),
        link: None,
    };
    findings.iter().map(item).collect()
}

const fn severity(severity: Severity) -> Tone {
    match severity {
        Severity::Info => Tone::Info,
        Severity::Warning => Tone::Warning,
        Severity::Danger => Tone::Danger,
    }
}

#[cfg(test)]
mod tests {
    use setup::change::Entry;

    use super::*;
    use crate::{
        model::{ChangeSummary, TimedEntry},
        state::samples,
    };

    #[test]
    fn of_many_steps_those_around_the_current_one_are_shown() {
        let items = |over: usize, done: ProgressState, rest: ProgressState| {
            let item = |number: usize| ProgressItem {
                label: number.to_string(),
                state: if number < over { done } else { rest },
                detail: None,
                millis: None,
            };
            (0..1000).map(item).collect::<Vec<_>>()
        };
        let (done, waiting, undone) = (
            ProgressState::Done,
            ProgressState::Waiting,
            ProgressState::Undone,
        );
        let few = items(3, done, waiting).into_iter().take(SHOWN).collect();
        assert_eq!(window(few, State::Applying).1, None);
        for (over, first) in [(0, 0), (10, 0), (500, 480), (990, 940), (1000, 940)] {
            let (shown, words) = window(items(over, done, waiting), State::Applying);
            assert_eq!(
                (shown.len(), shown[0].label.parse()),
                (SHOWN, Ok(first)),
                "{over}"
            );
            assert!(
                words
                    .unwrap()
                    .starts_with(&format!("{over} of 1000 steps are done"))
            );
        }
        for (left, first) in [(1000, 940), (500, 460), (10, 0), (0, 0)] {
            let (shown, words) = window(items(left, done, undone), State::Undoing);
            assert_eq!(shown[0].label.parse(), Ok(first), "{left}");
            let over = 1000 - left;
            assert!(
                words
                    .unwrap()
                    .starts_with(&format!("{over} of 1000 steps are taken back"))
            );
        }
    }

    #[test]
    fn undoing_turns_gains_and_losses_round() {
        let mut home = samples::home();
        let closed = home.clone();
        home.bindings.remove(0);
        let diff = access::compare(&home, &closed);
        assert_eq!(diff.losers().len(), 1, "jodie, who is in no group");
        assert_eq!(
            undoing(&diff),
            [
                "“Jellyfin” is open to everyone again.",
                "Gives access back to 1 person."
            ]
        );
        let opened = access::compare(&closed, &home);
        assert_eq!(undoing(&opened), ["Takes access from 1 person again."]);
    }

    fn change(state: State, entries: Vec<Entry>) -> Change {
        let step = |id: &str| {
            serde_json::json!({
                "id": id, "title": format!("Create {id}"), "lines": [],
                "request": { "operation": "core_groups_create", "params": [], "body": null },
                "creates": [{ "name": id, "object": "group", "label": id, "find": { "by": "name", "name": id } }],
            })
        };
        let timed = |(number, entry): (i64, Entry)| TimedEntry {
            number,
            at: String::new(),
            at_ms: number * 100,
            entry,
        };
        Change {
            summary: ChangeSummary {
                id: "1".into(),
                kind: "oidc-application".into(),
                title: "t".into(),
                state,
                slug: "s".into(),
                preset: "p".into(),
                created_at: String::new(),
                updated_at: String::new(),
            },
            draft: crate::model::ChangeDraft::OidcApplication(Box::default()),
            draft_id: None,
            plan: serde_json::from_value(serde_json::json!({
                "title": "t", "steps": [step("a"), step("b")], "findings": [],
                "access": { "everyone": true, "groups": [], "people": null, "sentence": "" },
            }))
            .unwrap(),
            entries: (1..).zip(entries).map(timed).collect(),
        }
    }

    fn started(step: &str) -> Entry {
        Entry::StepStarted { step: step.into() }
    }

    fn done(step: &str) -> Entry {
        let created = serde_json::from_value(serde_json::json!({
            "name": step, "object": "group", "label": step, "pk": 1, "address": "1", "snapshot": {},
        }));
        Entry::StepDone {
            step: step.into(),
            created: vec![created.unwrap()],
            found: false,
        }
    }

    #[test]
    fn progress_shows_times_and_what_is_unknown() {
        let entries = vec![started("a"), done("a"), started("b")];
        let running = progress(&change(State::Applying, entries.clone()));
        assert_eq!(
            (running[0].state, running[0].millis),
            (ProgressState::Done, Some(100))
        );
        assert_eq!(running[1].state, ProgressState::Running);
        let dead = progress(&change(State::Interrupted, entries));
        assert_eq!(dead[1].state, ProgressState::Failed);
        assert!(dead[1].detail.as_ref().unwrap().contains("not known"));
    }

    #[test]
    fn written_names_what_is_there() {
        let planned = written(&change(State::Planned, vec![]));
        assert_eq!(planned, "Nothing has been written yet.");
        let applied = written(&change(State::Applied, vec![started("a"), done("a")]));
        assert_eq!(applied, "Created: the group “a”.");
        let half = written(&change(State::Interrupted, vec![started("a"), done("a")]));
        assert!(half.contains("the group “a”") && half.contains("nothing twice"));
    }
}
