use std::{
    collections::{BTreeMap, BTreeSet},
    future::Future,
};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Effect, Plan, State, Step};

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
    /// What a step is about to change or delete looks like this. Comes before
    /// [`StepStarted`](Self::StepStarted), so that it can be put back whatever happens.
    BeforeImage {
        /// The step.
        step: String,
        /// What the step will have done once it is done.
        effects: Vec<Effect>,
    },
    /// A step is done.
    StepDone {
        /// The step.
        step: String,
        /// What it did. Nothing where everything was as it should be before it was sent.
        created: Vec<Effect>,
        /// It was so already: made by others, or by this step before an interruption.
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
    /// What was done to an object is about to be taken back.
    UndoStarted {
        /// Name of the effect.
        name: String,
    },
    /// It is taken back.
    UndoDone {
        /// Name of the effect.
        name: String,
        /// There was nothing to do: somebody else had done it, or had deleted the object.
        gone: bool,
        /// The key of an object that was made again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pk: Option<Value>,
    },
    /// It could not, or must not, be taken back.
    UndoFailed {
        /// Name of the effect.
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
    pub created: Vec<Effect>,
    /// What the change set did and did not take back, creations included, in order.
    pub effects: Vec<Effect>,
    /// What steps were about to change or delete when they were last begun.
    pub images: BTreeMap<String, Vec<Effect>>,
    /// Objects that were made again: the old key and the new one.
    pub made_again: Vec<(Value, Value)>,
    /// Names of the effects that taking back has begun with, done or not.
    pub undo_started: BTreeSet<String>,
    /// Names of the effects that were taken back.
    undone: BTreeSet<String>,
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
                let new = created.iter().filter(|effect| effect.act.is_created());
                self.created.extend(new.cloned());
                self.effects.extend(created.iter().cloned());
            }
            Entry::BeforeImage { step, effects } => {
                self.images.insert(step.clone(), effects.clone());
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
            Entry::UndoDone { name, pk, .. } => self.taken_back(name, pk.as_ref()),
            // Whether anything was sent is what `StepStarted` says.
            Entry::StepUnknown { message, .. } | Entry::UndoFailed { message, .. } => {
                self.failures.push(message.clone());
            }
            Entry::UndoStarted { name } => {
                self.undo_begun = true;
                self.undo_started.insert(name.clone());
            }
            Entry::Reached { state } => {
                if state.is_running() {
                    self.failures.clear();
                }
            }
        }
    }

    fn taken_back(&mut self, name: &str, pk: Option<&Value>) {
        self.created.retain(|created| created.name != name);
        if let Some(at) = self.effects.iter().position(|effect| effect.name == name) {
            let effect = self.effects.remove(at);
            self.made_again
                .extend(pk.map(|new| (effect.pk, new.clone())));
        }
        self.undone.insert(name.to_owned());
    }

    /// Where a step of the plan stands; a step all of whose effects were taken back is undone.
    pub fn step(&self, plan: &Plan, id: &str) -> StepState {
        let step = plan.steps.iter().find(|step| step.id == id);
        step.map_or(StepState::Waiting, |step| self.state_of(step))
    }

    /// Where a step stands, see [`Progress::step`].
    pub fn state_of(&self, step: &Step) -> StepState {
        let state = self.steps.get(&step.id).copied();
        let mut names = step.effect_names().peekable();
        let undone = names.peek().is_some() && names.all(|name| self.undone.contains(name));
        match state.unwrap_or(StepState::Waiting) {
            StepState::Done if undone => StepState::Undone,
            state => state,
        }
    }
}
