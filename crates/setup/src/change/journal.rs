use std::{collections::BTreeMap, future::Future};

use serde::{Deserialize, Serialize};

use super::{Created, Plan, State};

/// What happened, one thing at a time. The journal adds when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "entry")]
pub enum Entry {
    /// A step is about to be sent. Without a later entry about the same step nobody knows whether
    /// it was.
    StepStarted {
        /// The step.
        step: String,
    },
    /// A step is done.
    StepDone {
        /// The step.
        step: String,
        /// What it created.
        created: Vec<Created>,
        /// The objects were there already when the step was resumed after an interruption.
        found: bool,
    },
    /// A step failed and wrote nothing.
    StepFailed {
        /// The step.
        step: String,
        /// What was said, for people.
        message: String,
        /// Field of the draft that it is about, where one is.
        field: Option<String>,
    },
    /// Nobody knows whether a step was carried out: it has to be looked for again.
    StepUnknown {
        /// The step.
        step: String,
        /// What is known, for people.
        message: String,
    },
    /// An object is about to be deleted.
    UndoStarted {
        /// Name of its creation.
        name: String,
    },
    /// An object is gone.
    UndoDone {
        /// Name of its creation.
        name: String,
        /// Somebody else had deleted it already.
        gone: bool,
    },
    /// An object could not, or must not, be deleted.
    UndoFailed {
        /// Name of its creation.
        name: String,
        /// Why, for people.
        message: String,
    },
    /// The change set has reached a state.
    Reached {
        /// The state.
        state: State,
    },
}

/// Where the executor writes what it does, before and after it does it.
pub trait Journal: Send {
    /// Why an entry could not be kept.
    type Error: std::error::Error + Send + Sync + 'static;

    /// Keeps an entry for good before it returns.
    fn record(&mut self, entry: Entry) -> impl Future<Output = Result<(), Self::Error>> + Send;
}

/// A journal that lives in memory.
impl Journal for Vec<Entry> {
    type Error = std::convert::Infallible;

    async fn record(&mut self, entry: Entry) -> Result<(), Self::Error> {
        self.push(entry);
        Ok(())
    }
}

/// Where one step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    /// Not sent.
    Waiting,
    /// Sent, or about to be: the outcome is not known.
    Started,
    /// Done.
    Done,
    /// Failed; wrote nothing.
    Failed,
    /// Done and taken back.
    Undone,
}

/// What a journal's entries add up to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Progress {
    /// The last word about each step.
    pub steps: BTreeMap<String, StepState>,
    /// What exists now because of the change set, in the order of creation.
    pub created: Vec<Created>,
    /// What went wrong since work on it last began, in order.
    pub failures: Vec<String>,
    /// Taking it back has begun: it can only be undone.
    pub undo_begun: bool,
    /// Field of the draft that the last failed step is about.
    pub failed_field: Option<String>,
}

impl Progress {
    /// Adds up a journal.
    pub fn of<'e>(entries: impl IntoIterator<Item = &'e Entry>) -> Self {
        let mut progress = Self::default();
        for entry in entries {
            progress.add(entry);
        }
        progress
    }

    fn add(&mut self, entry: &Entry) {
        match entry {
            Entry::StepStarted { step } => {
                self.steps.insert(step.clone(), StepState::Started);
            }
            Entry::StepDone { step, created, .. } => {
                self.steps.insert(step.clone(), StepState::Done);
                self.created.extend(created.iter().cloned());
            }
            Entry::StepFailed {
                step,
                message,
                field,
            } => {
                self.steps.insert(step.clone(), StepState::Failed);
                self.failures.push(message.clone());
                self.failed_field.clone_from(field);
            }
            Entry::UndoDone { name, .. } => self.created.retain(|created| created.name != *name),
            Entry::StepUnknown { step, message } => {
                self.steps.insert(step.clone(), StepState::Started);
                self.failures.push(message.clone());
            }
            Entry::UndoFailed { message, .. } => self.failures.push(message.clone()),
            Entry::UndoStarted { .. } => self.undo_begun = true,
            Entry::Reached { state } => {
                if state.is_running() {
                    self.failures.clear();
                }
            }
        }
    }

    /// Where a step of the plan stands; a step all of whose objects are gone again is undone.
    pub fn step(&self, plan: &Plan, id: &str) -> StepState {
        let state = self.steps.get(id).copied().unwrap_or(StepState::Waiting);
        let creates = plan
            .steps
            .iter()
            .find(|step| step.id == id)
            .map(|step| &step.creates);
        let gone = creates.is_some_and(|creates| {
            !creates.is_empty()
                && creates
                    .iter()
                    .all(|c| !self.created.iter().any(|made| made.name == c.name))
        });
        if state == StepState::Done && gone {
            StepState::Undone
        } else {
            state
        }
    }
}
