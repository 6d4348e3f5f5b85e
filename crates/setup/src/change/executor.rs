//! Carries a plan out, and takes it back.
//!
//! Rules: an entry is journaled before and after everything that writes; nothing is sent twice
//! without looking first whether it arrived; what cannot be known is left for a person to decide
//! (*interrupted*), never guessed.

use std::collections::BTreeMap;

use authentik_api::{
    Client, Error, Parts, Problem, TargetPk, Transport, api::policies::ListBindings,
    models::TransactionResult,
};
use serde_json::Value;

use super::{
    Created, Entry, Journal, Object, Outputs, Plan, Progress, State, Step, StepState,
    reference::ReferenceError,
};
use crate::secret::Secret;

/// Why a change set could not even be journaled.
#[derive(Debug, thiserror::Error)]
#[error("the journal could not be written, so nothing further was done")]
pub struct ApplyError<E: std::error::Error>(#[from] pub E);

/// What one step came to.
enum Outcome {
    Done {
        created: Vec<Created>,
        found: bool,
    },
    /// Nothing was written.
    Failed {
        message: String,
        field: Option<String>,
    },
    /// Nobody knows.
    Unknown {
        message: String,
    },
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
    let mut run = Run {
        client,
        plan,
        journal,
        outputs: Outputs::new(secrets),
        created: Vec::new(),
    };
    run.reach(State::Applying).await?;
    for created in progress.created.clone() {
        run.remember(created);
    }
    for step in &plan.steps {
        let outcome = match progress.step(plan, &step.id) {
            StepState::Done => continue,
            StepState::Started => run.resume(step).await?,
            StepState::Waiting | StepState::Failed | StepState::Undone => run.execute(step).await?,
        };
        match outcome {
            Outcome::Done { created, found } => {
                for created in &created {
                    run.remember(created.clone());
                }
                let step = step.id.clone();
                run.journal
                    .record(Entry::StepDone {
                        step,
                        created,
                        found,
                    })
                    .await?;
            }
            Outcome::Failed { message, field } => {
                let step = step.id.clone();
                run.journal
                    .record(Entry::StepFailed {
                        step,
                        message,
                        field,
                    })
                    .await?;
                let state = run.take_back().await?;
                let state = if state == State::Undone {
                    State::FailedAndUndone
                } else {
                    state
                };
                return run.reach(state).await;
            }
            Outcome::Unknown { message } => {
                let name = step.id.clone();
                run.journal
                    .record(Entry::UndoFailed { name, message })
                    .await?;
                return run.reach(State::Interrupted).await;
            }
        }
    }
    run.reach(State::Applied).await
}

/// Takes back what a change set created, in reverse order. Refuses, and deletes nothing, when an
/// object was changed since. Returns the state reached, which is journaled too.
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
    let mut run = Run {
        client,
        plan,
        journal,
        outputs: Outputs::default(),
        created: Vec::new(),
    };
    run.reach(State::Undoing).await?;
    for created in progress.created.clone() {
        run.remember(created);
    }
    for step in &plan.steps {
        if progress.step(plan, &step.id) == StepState::Started {
            match run.look_up(step).await {
                Ok(found) => found.into_iter().for_each(|created| run.remember(created)),
                Err(error) => {
                    let (message, _) = describe(&error, step);
                    run.journal
                        .record(Entry::UndoFailed {
                            name: step.id.clone(),
                            message,
                        })
                        .await?;
                    return run.reach(State::Interrupted).await;
                }
            }
        }
    }
    match run.take_back().await? {
        State::Applied => run.reach(before.unwrap_or(State::Interrupted)).await,
        state => run.reach(state).await,
    }
}

struct Run<'r, T, J> {
    client: &'r Client<T>,
    plan: &'r Plan,
    journal: &'r mut J,
    outputs: Outputs,
    /// What exists because of this change set, in the order of creation.
    created: Vec<Created>,
}

impl<T: Transport, J: Journal> Run<'_, T, J> {
    async fn reach(&mut self, state: State) -> Result<State, ApplyError<J::Error>> {
        self.journal.record(Entry::Reached { state }).await?;
        Ok(state)
    }

    fn remember(&mut self, created: Created) {
        self.outputs.insert(created.clone());
        self.created.push(created);
    }

    /// Sends a step for the first time.
    async fn execute(&mut self, step: &Step) -> Result<Outcome, ApplyError<J::Error>> {
        let parts = match self.parts(step) {
            Ok(parts) => parts,
            Err(error) => {
                return Ok(Outcome::Failed {
                    message: error.to_string(),
                    field: None,
                });
            }
        };
        self.journal
            .record(Entry::StepStarted {
                step: step.id.clone(),
            })
            .await?;
        Ok(match self.client.execute::<Value>(parts).await {
            Ok(answer) => self.collect(step, answer).await,
            Err(error) => self.settle(step, error).await,
        })
    }

    /// A step whose outcome was lost: looks whether it arrived, and sends it only if it did not.
    async fn resume(&mut self, step: &Step) -> Result<Outcome, ApplyError<J::Error>> {
        match self.look_up(step).await {
            Ok(found) if found.len() == step.creates.len() => Ok(Outcome::Done {
                created: found,
                found: true,
            }),
            Ok(found) if found.is_empty() => self.execute(step).await,
            Ok(found) => Ok(Outcome::Unknown {
                message: partly(step, &found),
            }),
            Err(error) => Ok(Outcome::Unknown {
                message: describe(&error, step).0,
            }),
        }
    }

    fn parts(&self, step: &Step) -> Result<Parts, ReferenceError> {
        let request = &step.request;
        let mut parts = Parts::new(request.operation);
        for param in &request.params {
            parts = match self.outputs.resolve(param)? {
                Value::String(text) => parts.param(text),
                other => parts.param(other),
            };
        }
        parts.body = request
            .body
            .as_ref()
            .map(|body| self.outputs.resolve(body))
            .transpose()?;
        Ok(parts)
    }

    /// After a success: the answer itself where the step created one object and shows it, a look
    /// at the server otherwise. Keys are never guessed.
    async fn collect(&mut self, step: &Step, answer: Value) -> Outcome {
        if let ([creation], true) = (step.creates.as_slice(), answer.get("pk").is_some()) {
            return Outcome::Done {
                created: vec![creation.created(answer)],
                found: false,
            };
        }
        if let Ok(result) = serde_json::from_value::<TransactionResult>(answer)
            && !result.applied
        {
            return Outcome::Failed {
                message: "authentik answered that it applied nothing, without saying why".into(),
                field: None,
            };
        }
        match self.look_up(step).await {
            Ok(created) if created.len() == step.creates.len() => Outcome::Done {
                created,
                found: false,
            },
            Ok(found) => Outcome::Unknown {
                message: partly(step, &found),
            },
            Err(error) => Outcome::Unknown {
                message: describe(&error, step).0,
            },
        }
    }

    /// After an error: was something written all the same?
    async fn settle(&mut self, step: &Step, error: Error<T::Error>) -> Outcome {
        let (message, field) = describe(&error, step);
        let refused = matches!(
            &error,
            Error::Build(_)
                | Error::Rejected {
                    status: 400..=499,
                    problem: Problem::Detail(_)
                        | Problem::Fields(_)
                        | Problem::Messages(_)
                        | Problem::Silent,
                    ..
                }
        );
        if refused {
            return Outcome::Failed { message, field };
        }
        match self.look_up(step).await {
            Ok(created) if !created.is_empty() && created.len() == step.creates.len() => {
                Outcome::Done {
                    created,
                    found: true,
                }
            }
            Ok(found) if found.is_empty() && error.status().is_some() => {
                Outcome::Failed { message, field }
            }
            Ok(found) if found.is_empty() => Outcome::Unknown {
                message: format!(
                    "{message}. Nothing of this step is there so far, but the request may still \
                     be under way: look again before you go on."
                ),
            },
            Ok(found) => Outcome::Unknown {
                message: partly(step, &found),
            },
            Err(_) => Outcome::Unknown {
                message: format!("{message}. Whether it was carried out is not known yet."),
            },
        }
    }

    /// The objects of a step that exist, by their natural keys.
    async fn look_up(&mut self, step: &Step) -> Result<Vec<Created>, Error<T::Error>> {
        let mut found = Vec::new();
        for creation in &step.creates {
            if let Some(created) = Object::find(self.client, creation, &self.outputs).await? {
                self.outputs.insert(created.clone());
                found.push(created);
            }
        }
        Ok(found)
    }

    /// Deletes what was created, the last first. `Undone` when nothing is left, `Applied` when it
    /// refused and deleted nothing, `Interrupted` when something is left.
    async fn take_back(&mut self) -> Result<State, ApplyError<J::Error>> {
        let created: Vec<Created> = self.created.iter().rev().cloned().collect();
        if let Some((name, message)) = self.objection(&created).await {
            self.journal
                .record(Entry::UndoFailed { name, message })
                .await?;
            return Ok(State::Applied);
        }
        for object in created {
            let name = object.name.clone();
            self.journal
                .record(Entry::UndoStarted { name: name.clone() })
                .await?;
            match Object::delete(self.client, &object).await {
                Ok(deleted) => {
                    self.journal
                        .record(Entry::UndoDone {
                            name,
                            gone: !deleted,
                        })
                        .await?;
                    self.created.retain(|created| created.name != object.name);
                }
                Err(error) => {
                    let message = format!(
                        "The {} “{}” could not be deleted: {}",
                        object.object.label(),
                        object.label,
                        sentence(&error)
                    );
                    self.journal
                        .record(Entry::UndoFailed { name, message })
                        .await?;
                    return Ok(State::Interrupted);
                }
            }
        }
        Ok(State::Undone)
    }

    /// Why nothing may be deleted: the first object that was changed since, or cannot be read.
    async fn objection(&self, created: &[Created]) -> Option<(String, String)> {
        for object in created {
            let kind = object.object.label();
            let now = match Object::read(self.client, object).await {
                Ok(Some(now)) => now,
                Ok(None) => continue,
                Err(error) => {
                    let message = format!(
                        "The {kind} “{}” could not be read: {}",
                        object.label,
                        sentence(&error)
                    );
                    return Some((object.name.clone(), message));
                }
            };
            let fields = object.changed_fields(&now);
            if !fields.is_empty() {
                let message = format!(
                    "The {kind} “{}” was changed since ({}), so nothing was deleted. Take that \
                     change back, or delete the objects by hand in authentik.",
                    object.label,
                    fields.join(", ")
                );
                return Some((object.name.clone(), message));
            }
            if object.object == Object::Application
                && let Some(message) = self.foreign_binding(object).await
            {
                return Some((object.name.clone(), message));
            }
        }
        None
    }

    /// A binding of the application that this change set did not make: deleting the application
    /// would delete it too.
    async fn foreign_binding(&self, application: &Created) -> Option<String> {
        let target: TargetPk = serde_json::from_value(application.pk.clone()).ok()?;
        let bindings = match self
            .client
            .all(ListBindings::default().target(target))
            .await
        {
            Ok(bindings) => bindings,
            Err(error) => {
                return Some(format!(
                    "Its bindings could not be read: {}",
                    sentence(&error)
                ));
            }
        };
        let ours = self.bound_groups();
        let foreign = bindings.iter().find(|binding| {
            binding
                .group
                .is_none_or(|group| !ours.contains(&Value::String(group.to_string())))
        })?;
        let who = foreign
            .group_obj
            .as_ref()
            .map(|group| format!("the group “{}”", group.name))
            .or_else(|| {
                foreign
                    .user_obj
                    .as_ref()
                    .map(|user| format!("the user “{}”", user.username))
            })
            .unwrap_or_else(|| "a policy".to_owned());
        Some(format!(
            "Somebody has bound {who} to the application “{}” since, so nothing was deleted. Remove \
             that binding, or delete the objects by hand in authentik.",
            application.label
        ))
    }

    /// The groups that the plan binds.
    fn bound_groups(&self) -> Vec<Value> {
        let bodies = self
            .plan
            .steps
            .iter()
            .filter_map(|step| step.request.body.as_ref());
        bodies
            .flat_map(|body| {
                let listed = body.get("policy_bindings").and_then(Value::as_array);
                let groups = listed.into_iter().flatten().filter_map(|b| b.get("group"));
                groups.chain(body.get("group").filter(|_| body.get("target").is_some()))
            })
            .filter_map(|group| self.outputs.resolve(group).ok())
            .collect()
    }
}

fn partly(step: &Step, found: &[Created]) -> String {
    let found: Vec<&str> = found.iter().map(|created| created.label.as_str()).collect();
    format!(
        "“{}” is there only in part: found {}. Undo takes away what is there.",
        step.title,
        if found.is_empty() {
            "nothing".to_owned()
        } else {
            found.join(", ")
        }
    )
}

/// What an error says to a person, and which field of the draft it is about.
fn describe<E: std::error::Error>(error: &Error<E>, step: &Step) -> (String, Option<String>) {
    let field = error.field_errors().and_then(|fields| {
        fields.keys().find_map(|path| {
            let hit = step
                .fields
                .iter()
                .find(|(prefix, _)| path.starts_with(prefix.as_str()));
            hit.map(|(_, field)| field.clone())
        })
    });
    (sentence(error), field)
}

fn sentence<E: std::error::Error>(error: &Error<E>) -> String {
    match error {
        Error::Rejected { problem, .. } => problem.summary(),
        Error::Transport(source) => format!("no answer from authentik ({source})"),
        other => other.to_string(),
    }
}
