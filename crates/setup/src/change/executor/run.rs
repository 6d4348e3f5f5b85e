//! One step: send it, or find out what became of it.

use std::collections::{BTreeMap, BTreeSet};

use authentik_api::{Client, Error, Parts, Transport, models::TransactionResult};
use serde_json::Value;

use super::{
    ApplyError, Outcome,
    describe::{describe, is_internal_error, is_refusal, sentence},
    look::Look,
};
use crate::{
    change::{
        Creation, Effect, Entry, Journal, Object, Outputs, Plan, State, Step, Verb,
        object::differing, reference::ReferenceError,
    },
    secret::Secret,
};

/// A change set at work.
pub(super) struct Run<'r, T, J> {
    pub(super) client: &'r Client<T>,
    pub(super) plan: &'r Plan,
    pub(super) journal: &'r mut J,
    pub(super) outputs: Outputs,
    /// What this change set did, in order.
    pub(super) effects: Vec<Effect>,
    /// Objects that were made again: the old key and the new one.
    pub(super) made_again: Vec<(Value, Value)>,
    /// Names of the effects that taking back has begun with.
    pub(super) undo_started: BTreeSet<String>,
}

/// How a step stands before it is sent.
enum Before {
    /// It can be sent, and will have done this.
    Ready(Vec<Effect>),
    /// It need not, or must not, be sent.
    Settled(Outcome),
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
            effects: Vec::new(),
            made_again: Vec::new(),
            undo_started: BTreeSet::new(),
        }
    }

    pub(super) async fn reach(&mut self, state: State) -> Result<State, ApplyError<J::Error>> {
        self.journal.record(Entry::Reached { state }).await?;
        Ok(state)
    }

    pub(super) fn remember_all(&mut self, effects: &[Effect]) {
        for effect in effects {
            if effect.act.is_created() {
                self.outputs.insert(effect.clone());
            }
            self.effects.push(effect.clone());
        }
    }

    /// Sends a step for the first time.
    pub(super) async fn begin(&mut self, step: &Step) -> Result<Outcome, ApplyError<J::Error>> {
        match self.before(step).await {
            Before::Ready(effects) => self.send(step, effects, false).await,
            Before::Settled(outcome) => Ok(outcome),
        }
    }

    /// Whether a step can be sent, or is done already.
    async fn before(&mut self, step: &Step) -> Before {
        if step.alters.is_none() {
            return match self.taken(step).await {
                Some(outcome) => Before::Settled(outcome),
                None => Before::Ready(Vec::new()),
            };
        }
        Before::Settled(match self.look(step).await {
            Ok(Look::NotDone(effects)) => return Before::Ready(effects),
            // Somebody else did it: nothing to do, and nothing of ours to take back.
            Ok(Look::Done(_) | Look::Partly(_)) => Outcome::Done {
                created: Vec::new(),
                found: true,
            },
            Ok(Look::Foreign(message) | Look::Gone(message)) => Outcome::Failed {
                message,
                field: step.field(),
            },
            Err(error) => unread(&error),
        })
    }

    /// A step whose outcome was lost: looks whether it arrived, and sends it only if it did not.
    /// `image` is what it was about to do.
    pub(super) async fn resume(
        &mut self,
        step: &Step,
        image: &[Effect],
    ) -> Result<Outcome, ApplyError<J::Error>> {
        if step.tidies_up {
            return self.send(step, Vec::new(), true).await;
        }
        Ok(match self.look(step).await {
            Ok(Look::NotDone(effects)) => return self.send(step, effects, true).await,
            Ok(Look::Done(ours)) => Outcome::Done {
                created: whose(step, ours, image),
                found: true,
            },
            Ok(Look::Partly(ours)) => Outcome::Unknown {
                message: partly(step, &ours),
            },
            Ok(Look::Foreign(message) | Look::Gone(message)) => Outcome::Unknown { message },
            Err(error) => Outcome::Unknown {
                message: describe(&error, step).0,
            },
        })
    }

    /// Sends a step that will have done `effects` to existing objects; `again` when an earlier
    /// attempt may still arrive.
    pub(super) async fn send(
        &mut self,
        step: &Step,
        effects: Vec<Effect>,
        again: bool,
    ) -> Result<Outcome, ApplyError<J::Error>> {
        let parts = match self.parts(step) {
            Ok(parts) => parts,
            Err(error) => {
                return Ok(Outcome::Failed {
                    message: error.to_string(),
                    field: None,
                });
            }
        };
        let id = || step.id.clone();
        if !effects.is_empty() {
            let (step, effects) = (id(), effects.clone());
            let image = Entry::BeforeImage { step, effects };
            self.journal.record(image).await?;
        }
        self.journal
            .record(Entry::StepStarted { step: id() })
            .await?;
        Ok(match self.client.execute::<Value>(parts).await {
            Ok(answer) if step.alters.is_some() => match self.not_taken(step, &answer) {
                Some(message) => Outcome::Unknown { message },
                None => Outcome::Done {
                    created: effects,
                    found: false,
                },
            },
            Ok(answer) => self.collect(step, answer).await,
            Err(error) => self.settle(step, error, effects, again).await,
        })
    }

    /// What authentik did not take of a change, although it answered that all is well: a key that a
    /// version does not know is passed over (traps T22, T27).
    fn not_taken(&self, step: &Step, answer: &Value) -> Option<String> {
        let alters = step.alters.as_ref()?;
        let body = self.outputs.resolve_known(step.request.body.as_ref()?);
        let asked = body.as_object().filter(|_| alters.verb == Verb::Change)?;
        let fields = differing(asked, answer);
        (!fields.is_empty()).then(|| {
            format!(
                "authentik answered that “{}” is done, and yet it is not as it was sent ({}). Undo \
                 takes back what was done so far.",
                step.title,
                fields.join(", ")
            )
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

    /// After a success: the answer itself where the step created one object and shows it, nothing
    /// more where the object has no key of its own, a look at the server otherwise. Keys are never
    /// guessed.
    async fn collect(&mut self, step: &Step, answer: Value) -> Outcome {
        if step.creates.is_empty() {
            return Outcome::Done {
                created: Vec::new(),
                found: false,
            };
        }
        if let ([creation], true) = (step.creates.as_slice(), answer.get("pk").is_some()) {
            return Outcome::Done {
                created: vec![creation.effect(answer)],
                found: false,
            };
        }
        // A membership is nothing but its two keys, and those were known.
        if let [creation] = step.creates.as_slice()
            && let Some(effect) = creation.membership(&self.outputs)
        {
            return Outcome::Done {
                created: vec![effect],
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
        match self.look(step).await {
            Ok(Look::Done(created)) => Outcome::Done {
                created,
                found: false,
            },
            Ok(Look::Foreign(message) | Look::Gone(message)) => Outcome::Unknown { message },
            Ok(Look::NotDone(_)) => Outcome::Unknown {
                message: partly(step, &[]),
            },
            Ok(Look::Partly(ours)) => Outcome::Unknown {
                message: partly(step, &ours),
            },
            Err(error) => Outcome::Unknown {
                message: describe(&error, step).0,
            },
        }
    }

    /// After an error: was something written all the same?
    async fn settle(
        &mut self,
        step: &Step,
        error: Error<T::Error>,
        effects: Vec<Effect>,
        again: bool,
    ) -> Outcome {
        let (message, field) = describe(&error, step);
        // With this token nothing can be taken back either: the work waits for another one.
        if error.is_token_refused() {
            return unread(&error);
        }
        let never_sent = matches!(&error, Error::Transport(error) if T::never_sent(error));
        let deletes = step.alters.as_ref().map(|alters| alters.verb) == Some(Verb::Delete);
        // Somebody else was faster.
        if !again && deletes && error.is_not_found() {
            return Outcome::Done {
                created: Vec::new(),
                found: true,
            };
        }
        if step.tidies_up {
            // To do it once more does no harm, so nothing needs to be known of it.
            let message = format!(
                "“{}” failed: {message}. Everything else stands.",
                step.title
            );
            return Outcome::Failed { message, field };
        }
        // A refusal settles it, unless it refuses what an earlier attempt of ours created.
        if !again && (never_sent || is_refusal(&error)) {
            return Outcome::Failed { message, field };
        }
        match self.look(step).await {
            Ok(Look::Foreign(_) | Look::Gone(_)) if is_refusal(&error) => {
                Outcome::Failed { message, field }
            }
            Ok(Look::Foreign(message) | Look::Gone(message)) => Outcome::Unknown { message },
            Ok(Look::Done(ours)) => Outcome::Done {
                created: whose(step, ours, &effects),
                found: true,
            },
            Ok(Look::NotDone(_)) => {
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
            Ok(Look::Partly(ours)) => Outcome::Unknown {
                message: partly(step, &ours),
            },
            Err(_) => Outcome::Unknown {
                message: format!("{message}. Whether it was carried out is not known yet."),
            },
        }
    }

    /// Settles a step whose objects exist before it was ever sent. Later versions refuse by
    /// themselves what exists already, bindings and memberships excepted. Earlier ones take an
    /// unassigned provider of the same name over, and let a group's name be taken twice.
    async fn taken(&mut self, step: &Step) -> Option<Outcome> {
        let body = step.request.body.as_ref();
        let body = body.map(|body| self.outputs.resolve_known(body));
        let refuses = self.client.capabilities().transactional_bindings;
        for creation in &step.creates {
            let twice = creation.object.taken_twice();
            if refuses && !twice {
                continue;
            }
            match Object::find(self.client, creation, &self.outputs, body.as_ref()).await {
                Ok(None) => {}
                Ok(Some(found)) if twice && found.is_as_asked(body.as_ref(), &self.outputs) => {
                    return Some(Outcome::Done {
                        created: Vec::new(),
                        found: true,
                    });
                }
                Ok(Some(_)) => {
                    return Some(Outcome::Failed {
                        message: exists(creation),
                        field: step.field_of(creation.object).or_else(|| step.field()),
                    });
                }
                Err(error) => return Some(unread(&error)),
            }
        }
        None
    }
}

/// Why a step does not begin. Without a token that is accepted nobody can go on, or take anything back.
fn unread<E: std::error::Error>(error: &Error<E>) -> Outcome {
    let message = sentence(error);
    if error.is_token_refused() {
        return Outcome::Unknown {
            message: format!(
                "authentik does not accept the token any more ({message}), so this request wrote \
                 nothing. Give Ostiary a new token, then go on."
            ),
        };
    }
    Outcome::Failed {
        message,
        field: None,
    }
}

/// What a step that is done did: the objects it created, or what it was about to do to others.
fn whose(step: &Step, created: Vec<Effect>, image: &[Effect]) -> Vec<Effect> {
    if step.alters.is_some() {
        image.to_vec()
    } else {
        created
    }
}

fn exists(creation: &Creation) -> String {
    let (kind, label) = (creation.object.label(), &creation.label);
    if creation.object.taken_twice() {
        return format!(
            "There is a {kind} “{label}” already, made by somebody else since the plan, and it is set \
             in another way. Nothing was written. Plan again."
        );
    }
    format!(
        "There is a {kind} “{label}” already, made by somebody else since the plan: it already \
         exists, so nothing was written."
    )
}

fn partly(step: &Step, found: &[Effect]) -> String {
    let found: Vec<&str> = found.iter().map(|effect| effect.label.as_str()).collect();
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
