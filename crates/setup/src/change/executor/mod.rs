//! Carries a plan out, and takes it back.
//!
//! Rules: an entry is journaled before and after everything that writes; nothing is sent twice
//! without looking first whether it arrived; what is found is taken for ours only where it is what
//! we asked for; what cannot be known is left for a person to decide (*interrupted*), never guessed.
//!
//! What exists is changed and deleted under the same rules: its before-image is journaled first; it
//! must still be what the plan saw; what is as it should be already is left alone, and undo leaves
//! it alone too; and undo puts back only what nobody has changed since.

mod describe;
mod guard;
mod look;
mod objection;
mod revert;
mod run;
mod take_back;

use std::collections::BTreeMap;

use authentik_api::{Client, Transport};

use self::{look::Look, run::Run, take_back::TakenBack};
use super::{Effect, Entry, Journal, Plan, Progress, State, StepState};
use crate::secret::Secret;

/// Why a change set could not even be journaled.
#[derive(Debug, thiserror::Error)]
#[error("the journal could not be written, so nothing further was done")]
pub struct ApplyError<E: std::error::Error>(#[from] pub E);

/// What one step came to.
enum Outcome {
    /// It is done; `found` where it was so when it was looked for.
    Done { created: Vec<Effect>, found: bool },
    /// Nothing was written.
    Failed {
        message: String,
        field: Option<String>,
    },
    /// Nobody knows.
    Unknown { message: String },
}

impl Outcome {
    fn entry(&self, step: &str) -> Entry {
        let step = step.to_owned();
        match self {
            Self::Done { created, found } => Entry::StepDone {
                step,
                created: created.clone(),
                found: *found,
            },
            Self::Failed { message, field } => Entry::StepFailed {
                step,
                message: message.clone(),
                field: field.clone(),
            },
            Self::Unknown { message } => Entry::StepUnknown {
                step,
                message: message.clone(),
            },
        }
    }
}

/// Applies a plan, or goes on with it after an interruption: `entries` is what the journal holds
/// already. Returns the state reached, which is journaled too.
///
/// # Errors
/// Only when the journal fails; everything else ends in a state.
pub async fn apply<T: Transport, J: Journal>(
    client: &Client<T>,
    plan: &Plan,
    secrets: BTreeMap<String, Secret>,
    entries: &[Entry],
    journal: &mut J,
) -> Result<State, ApplyError<J::Error>> {
    let progress = Progress::of(entries);
    let mut run = Run::new(client, plan, journal, secrets);
    run.reach(State::Applying).await?;
    run.remember_all(&progress.effects);
    run.made_again.clone_from(&progress.made_again);
    run.undo_started.clone_from(&progress.undo_started);
    if progress.undo_begun {
        let message = "Taking this change set back has begun already, so it can only be undone.";
        let name = plan.title.clone();
        run.journal
            .record(Entry::UndoFailed {
                name,
                message: message.to_owned(),
            })
            .await?;
        return run.reach(State::Interrupted).await;
    }
    for step in &plan.steps {
        let outcome = match progress.step(plan, &step.id) {
            StepState::Done => continue,
            StepState::Started => {
                let image = progress.images.get(&step.id);
                run.resume(step, image.map_or(&[], Vec::as_slice)).await?
            }
            StepState::Waiting | StepState::Failed | StepState::Undone => run.begin(step).await?,
        };
        run.journal.record(outcome.entry(&step.id)).await?;
        match outcome {
            Outcome::Done { created, .. } => run.remember_all(&created),
            Outcome::Failed { .. } if step.tidies_up => {}
            Outcome::Failed { .. } => {
                let begun = !run.effects.is_empty();
                let state = match run.take_back().await? {
                    TakenBack::Whole => State::FailedAndUndone,
                    TakenBack::Refused | TakenBack::Partly => State::Interrupted,
                };
                if begun && state == State::FailedAndUndone {
                    run.tidy_up().await?;
                }
                return run.reach(state).await;
            }
            Outcome::Unknown { .. } => return run.reach(State::Interrupted).await,
        }
    }
    run.reach(State::Applied).await
}

/// Takes back what a change set did, in reverse order: deletes what it created, puts back what it
/// changed, makes again what it deleted. Refuses, and writes nothing, when an object was changed
/// since or is used by something else. Returns the state reached, which is
/// journaled too.
///
/// # Errors
/// Only when the journal fails.
pub async fn undo<T: Transport, J: Journal>(
    client: &Client<T>,
    plan: &Plan,
    entries: &[Entry],
    journal: &mut J,
) -> Result<State, ApplyError<J::Error>> {
    let progress = Progress::of(entries);
    let before = entries.iter().rev().find_map(|entry| match entry {
        Entry::Reached { state } if !state.is_running() => Some(*state),
        _ => None,
    });
    let mut run = Run::new(client, plan, journal, BTreeMap::new());
    run.reach(State::Undoing).await?;
    run.remember_all(&progress.effects);
    run.made_again.clone_from(&progress.made_again);
    run.undo_started.clone_from(&progress.undo_started);
    for step in &plan.steps {
        if step.tidies_up || progress.step(plan, &step.id) != StepState::Started {
            continue;
        }
        let message = match run.look(step).await {
            Ok(Look::Done(ours)) => {
                let image = progress
                    .images
                    .get(&step.id)
                    .filter(|_| step.alters.is_some());
                run.remember_all(image.unwrap_or(&ours));
                None
            }
            Ok(Look::Partly(ours)) => {
                run.remember_all(&ours);
                None
            }
            // What is gone has nothing to be put back.
            Ok(Look::NotDone(_) | Look::Gone(_)) => None,
            Ok(Look::Foreign(message)) => Some(message),
            Err(error) => Some(describe::sentence(&error)),
        };
        if let Some(message) = message {
            let step = step.id.clone();
            run.journal
                .record(Entry::StepUnknown { step, message })
                .await?;
            return run.reach(State::Interrupted).await;
        }
    }
    let anything = !run.effects.is_empty();
    match run.take_back().await? {
        TakenBack::Whole => {
            if anything {
                run.tidy_up().await?;
            }
            run.reach(State::Undone).await
        }
        TakenBack::Partly => run.reach(State::Interrupted).await,
        TakenBack::Refused => run.reach(before.unwrap_or(State::Interrupted)).await,
    }
}
