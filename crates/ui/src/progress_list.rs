//! Work in several steps, while it happens and after.

use leptos::prelude::*;

use crate::{Glyph, Icon};

/// How far a piece of work is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProgressState {
    /// Not started.
    Waiting,
    /// Being done.
    Running,
    /// Done.
    Done,
    /// Tried, did not work.
    Failed,
    /// Was done, has been taken back.
    Undone,
}

impl ProgressState {
    const fn class(self) -> &'static str {
        match self {
            Self::Waiting => "progress-item progress-waiting",
            Self::Running => "progress-item progress-running tone-info",
            Self::Done => "progress-item tone-positive",
            Self::Failed => "progress-item progress-failed tone-danger",
            Self::Undone => "progress-item progress-undone",
        }
    }

    const fn glyph(self) -> Glyph {
        match self {
            Self::Waiting => Glyph::Dot,
            Self::Running => Glyph::Clock,
            Self::Done => Glyph::Check,
            Self::Failed => Glyph::Danger,
            Self::Undone => Glyph::Undo,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Waiting => "Waiting",
            Self::Running => "Running",
            Self::Done => "Done",
            Self::Failed => "Failed",
            Self::Undone => "Undone",
        }
    }
}

/// One piece of work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgressItem {
    /// What is done, e.g. `Create the provider “Grafana”`.
    pub label: String,
    /// How far it is.
    pub state: ProgressState,
    /// What came of it, or why it failed.
    pub detail: Option<String>,
    /// How long it took, in milliseconds.
    pub millis: Option<u64>,
}

/// The steps of a change set or of a check. Its parts are live, see [`Live`](crate::Live); what changes is announced in
/// one sentence.
#[component]
pub fn ProgressList(
    /// What the steps do together.
    #[prop(into)]
    label: String,
    /// The steps in order.
    steps: Vec<ProgressItem>,
) -> AnyView {
    view! {
        <div class="progress">
            <p class="sr-only" role="status" id="progress-sentence" data-live="">{summary(&steps)}</p>
            <ol role="list" aria-label=label id="progress-steps" data-live="">
                {steps.into_iter().map(item).collect::<Vec<_>>()}
            </ol>
        </div>
    }
    .into_any()
}

fn item(step: ProgressItem) -> impl IntoView {
    let ProgressItem {
        label,
        state,
        detail,
        millis,
    } = step;
    view! {
        <li class=state.class()>
            <Icon glyph=state.glyph()/>
            <div class="progress-text">
                <span class="progress-label">{label}</span>
                {detail.map(|detail| view! { <span class="progress-detail">{detail}</span> })}
            </div>
            <span class="progress-state">{state.word()}</span>
            <span class="progress-time num">{millis.map(duration)}</span>
        </li>
    }
}

/// A duration as people say it: `340 ms`, `1.2 s`, `2 min 5 s`.
fn duration(millis: u64) -> String {
    match millis {
        0..1_000 => format!("{millis} ms"),
        1_000..60_000 => format!("{}.{} s", millis / 1_000, millis % 1_000 / 100),
        _ => format!("{} min {} s", millis / 60_000, millis % 60_000 / 1_000),
    }
}

/// The sentence that is announced.
fn summary(steps: &[ProgressItem]) -> String {
    let total = steps.len();
    let count = |state: ProgressState| steps.iter().filter(|step| step.state == state).count();
    let at = |state: ProgressState| (1..).zip(steps).find(|(_, step)| step.state == state);
    let undone = count(ProgressState::Undone);
    if let Some((number, step)) = at(ProgressState::Failed) {
        let tail = if undone > 0 {
            format!(" {undone} steps undone.")
        } else {
            String::new()
        };
        return format!("Step {number} of {total} failed: {}.{tail}", step.label);
    }
    if let Some((number, step)) = at(ProgressState::Running) {
        return format!("Step {number} of {total} is running: {}.", step.label);
    }
    if undone > 0 {
        return format!("{undone} of {total} steps undone.");
    }
    format!("{} of {total} steps done.", count(ProgressState::Done))
}

#[cfg(test)]
mod tests {
    use super::{ProgressItem, ProgressState, duration, summary};

    fn step(label: &str, state: ProgressState) -> ProgressItem {
        ProgressItem {
            label: label.to_owned(),
            state,
            detail: None,
            millis: None,
        }
    }

    #[test]
    fn duration_is_short_and_never_rounds_up() {
        assert_eq!(duration(0), "0 ms");
        assert_eq!(duration(999), "999 ms");
        assert_eq!(duration(1_000), "1.0 s");
        assert_eq!(duration(59_999), "59.9 s");
        assert_eq!(duration(125_000), "2 min 5 s");
    }

    #[test]
    fn summary_names_the_step_that_matters() {
        let steps = [
            step("Create provider", ProgressState::Done),
            step("Create application", ProgressState::Running),
            step("Bind group", ProgressState::Waiting),
        ];
        assert_eq!(
            summary(&steps),
            "Step 2 of 3 is running: Create application."
        );
        let steps = [
            step("Create provider", ProgressState::Undone),
            step("Create application", ProgressState::Failed),
        ];
        assert_eq!(
            summary(&steps),
            "Step 2 of 2 failed: Create application. 1 steps undone."
        );
        assert_eq!(
            summary(&[step("A", ProgressState::Done)]),
            "1 of 1 steps done."
        );
    }
}
