//! One step: send it, or find out what became of it.

use std::collections::BTreeMap;

use authentik_api::{Client, Error, Parts, Transport, models::TransactionResult};
use serde_json::Value;

use super::{
    ApplyError, Outcome,
    describe::{describe, is_internal_error, is_refusal, sentence},
};
use crate::{
    change::{
        Created, Entry, Journal, Object, Outputs, Plan, State, Step, reference::ReferenceError,
    },
    secret::Secret,
};

/// A change set at work.
pub(super) struct Run<'r, T, J> {
    pub(super) client: &'r Client<T>,
    pub(super) plan: &'r Plan,
    pub(super) journal: &'r mut J,
    pub(super) outputs: Outputs,
    /// What exists because of this change set, in the order of creation.
    pub(super) created: Vec<Created>,
}

/// What a look at the server found of a step.
pub(super) struct Found {
    /// Objects that are what the step asked for.
    pub(super) ours: Vec<Created>,
    /// An object in the place of one of ours that is not what we asked for.
    pub(super) foreign: Option<String>,
}

impl<'r, T: Transport, J: Journal> Run<'r, T, J> {
    pub(super) fn new(
        client: &'r Client<T>,
        plan: &'r Plan,
        journal: &'r mut J,
        secrets: BTreeMap<String, Secret>,
    ) -> Self {
        Self {
            client,
            plan,
            journal,
            outputs: Outputs::new(secrets),
            created: Vec::new(),
        }
    }

    pub(super) async fn reach(&mut self, state: State) -> Result<State, ApplyError<J::Error>> {
        self.journal.record(Entry::Reached { state }).await?;
        Ok(state)
    }

    pub(super) fn remember_all(&mut self, created: &[Created]) {
        for created in created {
            self.outputs.insert(created.clone());
            self.created.push(created.clone());
        }
    }

    /// Sends a step for the first time.
    pub(super) async fn begin(&mut self, step: &Step) -> Result<Outcome, ApplyError<J::Error>> {
        // Later versions refuse by themselves what exists already. Earlier ones take an unassigned
        // provider of the same name over, and let a group's name be taken twice.
        if !self.client.capabilities().transactional_bindings
            && let Some(outcome) = self.taken(step).await
        {
            return Ok(outcome);
        }
        self.send(step, false).await
    }

    /// A step whose outcome was lost: looks whether it arrived, and sends it only if it did not.
    pub(super) async fn resume(&mut self, step: &Step) -> Result<Outcome, ApplyError<J::Error>> {
        match self.ours(step).await {
            Ok(Found {
                foreign: Some(message),
                ..
            }) => Ok(Outcome::Unknown { message }),
            Ok(Found { ours, .. }) if ours.len() == step.creates.len() => Ok(Outcome::Done {
                created: ours,
                found: true,
            }),
            Ok(Found { ours, .. }) if ours.is_empty() => self.send(step, true).await,
            Ok(Found { ours, .. }) => Ok(Outcome::Unknown {
                message: partly(step, &ours),
            }),
            Err(error) => Ok(Outcome::Unknown {
                message: describe(&error, step).0,
            }),
        }
    }

    /// Sends a step; `again` when an earlier attempt may still arrive.
    async fn send(&mut self, step: &Step, again: bool) -> Result<Outcome, ApplyError<J::Error>> {
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
            Err(error) => self.settle(step, error, again).await,
        })
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
        match self.ours(step).await {
            Ok(Found {
                ours,
                foreign: None,
            }) if ours.len() == step.creates.len() => Outcome::Done {
                created: ours,
                found: false,
            },
            Ok(Found {
                foreign: Some(message),
                ..
            }) => Outcome::Unknown { message },
            Ok(Found { ours, .. }) => Outcome::Unknown {
                message: partly(step, &ours),
            },
            Err(error) => Outcome::Unknown {
                message: describe(&error, step).0,
            },
        }
    }

    /// After an error: was something written all the same?
    async fn settle(&mut self, step: &Step, error: Error<T::Error>, again: bool) -> Outcome {
        let (message, field) = describe(&error, step);
        let never_sent = matches!(&error, Error::Transport(error) if T::never_sent(error));
        // A refusal settles it, unless it refuses what an earlier attempt of ours created.
        if !again && (never_sent || is_refusal(&error)) {
            return Outcome::Failed { message, field };
        }
        match self.ours(step).await {
            Ok(Found {
                foreign: Some(_), ..
            }) if is_refusal(&error) => Outcome::Failed { message, field },
            Ok(Found {
                foreign: Some(message),
                ..
            }) => Outcome::Unknown { message },
            Ok(Found { ours, .. }) if !ours.is_empty() && ours.len() == step.creates.len() => {
                Outcome::Done {
                    created: ours,
                    found: true,
                }
            }
            Ok(Found { ours, .. }) if ours.is_empty() => {
                if is_internal_error(&error) || is_refusal(&error) {
                    return Outcome::Failed { message, field };
                }
                Outcome::Unknown {
                    message: format!(
                        "{message}. Nothing of this step is there so far, but the request may \
                         still be under way: look again before you go on."
                    ),
                }
            }
            Ok(Found { ours, .. }) => Outcome::Unknown {
                message: partly(step, &ours),
            },
            Err(_) => Outcome::Unknown {
                message: format!("{message}. Whether it was carried out is not known yet."),
            },
        }
    }

    /// Fails a step whose objects exist before it was ever sent.
    async fn taken(&mut self, step: &Step) -> Option<Outcome> {
        for creation in &step.creates {
            match Object::find(self.client, creation, &self.outputs).await {
                Ok(None) => {}
                Ok(Some(_)) => {
                    return Some(Outcome::Failed {
                        message: format!(
                            "There is a {} “{}” already, made by somebody else since the plan: it \
                             already exists, so nothing was written.",
                            creation.object.label(),
                            creation.label
                        ),
                        field: step.field_of(creation.object),
                    });
                }
                Err(error) => {
                    return Some(Outcome::Failed {
                        message: sentence(&error),
                        field: None,
                    });
                }
            }
        }
        None
    }

    /// The objects of a step that exist and are what the step asked for.
    pub(super) async fn ours(&mut self, step: &Step) -> Result<Found, Error<T::Error>> {
        let body = step
            .request
            .body
            .as_ref()
            .map(|body| self.outputs.resolve_known(body));
        let mut found = Found {
            ours: Vec::new(),
            foreign: None,
        };
        for creation in &step.creates {
            let Some(created) = Object::find(self.client, creation, &self.outputs).await? else {
                continue;
            };
            if created.is_as_asked(body.as_ref(), &self.outputs) {
                self.outputs.insert(created.clone());
                found.ours.push(created);
            } else {
                found.foreign = Some(format!(
                    "There is a {} “{}”, but it is not the one that this change set asked for: \
                     somebody else seems to have made it. It is left alone.",
                    creation.object.label(),
                    creation.label
                ));
            }
        }
        Ok(found)
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
