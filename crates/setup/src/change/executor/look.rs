//! What the server says about a step: not done yet, done, or something else happened.

use authentik_api::{
    Error, Transport,
    api::core::groups::ListGroups,
    models::{Group, PolicyBinding},
};
use serde_json::{Map, Value, json};

use super::run::Run;
use crate::change::{
    Act, Alteration, Effect, Journal, Object, Step, Verb,
    object::{as_value, bindings, by_name, differing, same},
};

/// What a look at the server found of a step.
pub(super) enum Look {
    /// It is not done. What it will have done once it is, as far as that is known before.
    NotDone(Vec<Effect>),
    /// It is done. The objects it created; of an alteration nothing shows whose it was.
    Done(Vec<Effect>),
    /// Some of its objects are there.
    Partly(Vec<Effect>),
    /// Something is in the way that this change set did not do.
    Foreign(String),
    /// What is to be changed is not there any more.
    Gone(String),
}

impl<T: Transport, J: Journal> Run<'_, T, J> {
    /// Looks what became of a step, or whether it can be begun.
    pub(super) async fn look(&mut self, step: &Step) -> Result<Look, Error<T::Error>> {
        match &step.alters {
            Some(alteration) => match self.altered(step, alteration) {
                Some(effect) => match alteration.verb {
                    Verb::Change => self.look_at_change(step, alteration, effect).await,
                    Verb::Delete => self.look_at_deletion(alteration, effect).await,
                },
                None => Ok(Look::Foreign(format!(
                    "The {} “{}” is not known yet",
                    alteration.object.label(),
                    alteration.label
                ))),
            },
            None => self.look_at_creations(step).await,
        }
    }

    async fn look_at_creations(&mut self, step: &Step) -> Result<Look, Error<T::Error>> {
        let body = step.request.body.as_ref();
        let body = body.map(|body| self.outputs.resolve_known(body));
        let mut ours = Vec::new();
        let mut foreign = None;
        for creation in &step.creates {
            let Some(effect) =
                Object::find(self.client, creation, &self.outputs, body.as_ref()).await?
            else {
                continue;
            };
            if effect.is_as_asked(body.as_ref(), &self.outputs) {
                self.outputs.insert(effect.clone());
                ours.push(effect);
            } else {
                foreign = Some(format!(
                    "There is a {} “{}”, but it is not the one that this change set asked for: \
                     somebody else seems to have made it. It is left alone.",
                    creation.object.label(),
                    creation.label
                ));
            }
        }
        Ok(match foreign {
            Some(message) => Look::Foreign(message),
            None if ours.is_empty() => Look::NotDone(Vec::new()),
            None if ours.len() == step.creates.len() => Look::Done(ours),
            None => Look::Partly(ours),
        })
    }

    /// The object that a step alters, by the step's request.
    fn altered(&self, step: &Step, alteration: &Alteration) -> Option<Effect> {
        let first = self.outputs.resolve(step.request.params.first()?).ok()?;
        let address = match &first {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let pk = if alteration.object == Object::Membership {
            let user = step.request.body.as_ref()?.get("pk")?;
            json!({ "group": first, "user": self.outputs.resolve(user).ok()? })
        } else {
            first
        };
        Some(Effect {
            name: step.id.clone(),
            object: alteration.object,
            label: alteration.label.clone(),
            pk,
            address,
            snapshot: Value::Null,
            act: Act::Created,
        })
    }

    async fn look_at_change(
        &self,
        step: &Step,
        alteration: &Alteration,
        mut effect: Effect,
    ) -> Result<Look, Error<T::Error>> {
        let Some(now) = Object::read(self.client, &effect).await? else {
            // It has ended by itself or was deleted: it does not count, which is all that is wanted.
            if disables(step, alteration) {
                return Ok(Look::Done(Vec::new()));
            }
            return Ok(Look::Gone(format!(
                "{} is not there any more: somebody has deleted it since the plan, so nothing was \
                 written.",
                effect.named()
            )));
        };
        let body = step.request.body.as_ref();
        let asked = body.map(|body| self.outputs.resolve_known(body));
        let Some(Value::Object(mut asked)) = asked else {
            return Ok(Look::NotDone(Vec::new()));
        };
        if differing(&asked, &now).is_empty() {
            return Ok(Look::Done(Vec::new()));
        }
        if let Some(message) = moved(&effect, &alteration.before, &now) {
            return Ok(Look::Foreign(message));
        }
        if let Some(message) = self.would_open(alteration, &effect).await? {
            return Ok(Look::Foreign(message));
        }
        let field = |key: &String| now.get(key).cloned().unwrap_or_default();
        let before = asked.keys().map(|key| (key.clone(), field(key))).collect();
        let decides = ["negate", "enabled"]
            .iter()
            .any(|key| asked.contains_key(*key));
        if effect.object == Object::PolicyBinding && decides {
            // Undo puts back nothing where what decides was changed since, sent or not.
            for key in ["negate", "enabled"] {
                let now = || field(&key.to_owned());
                asked.entry(key).or_insert_with(now);
            }
        }
        if let Some(pk) = now.get("pk") {
            effect.pk = pk.clone();
        }
        effect.snapshot = Value::Object(asked);
        effect.act = Act::Changed { before };
        Ok(Look::NotDone(vec![effect]))
    }

    async fn look_at_deletion(
        &self,
        alteration: &Alteration,
        mut effect: Effect,
    ) -> Result<Look, Error<T::Error>> {
        let Some(now) = Object::read(self.client, &effect).await? else {
            return Ok(Look::Done(Vec::new()));
        };
        if let Some(message) = moved(&effect, &alteration.before, &now) {
            return Ok(Look::Foreign(message));
        }
        if let Some(message) = self.would_open(alteration, &effect).await? {
            return Ok(Look::Foreign(message));
        }
        effect.snapshot = restorable(effect.object, &now);
        effect.act = Act::Deleted {
            twins: self.namesakes(&effect, &now).await?,
        };
        let mut along = match effect.object {
            Object::Group | Object::User => {
                let gone = self.bindings_of(&effect).await?;
                if let Some(message) = self.unforeseen(alteration, &effect, &gone).await? {
                    return Ok(Look::Foreign(message));
                }
                self.along(&effect, &now, gone).await?
            }
            Object::PolicyBinding => {
                effect.act = Act::Deleted {
                    twins: self.twins(&effect.pk, &now).await?,
                };
                Vec::new()
            }
            _ => Vec::new(),
        };
        // The last is put back first.
        along.push(effect);
        Ok(Look::NotDone(along))
    }

    /// The other groups of the name of one: up to 2024.4 there may be several.
    async fn namesakes(&self, group: &Effect, now: &Value) -> Result<Vec<Value>, Error<T::Error>> {
        let name = now.get("name").and_then(Value::as_str);
        let Some(name) = name.filter(|_| group.object == Object::Group) else {
            return Ok(Vec::new());
        };
        let found = by_name(self.client, Object::Group, name).await?;
        let keys = found.iter().filter_map(|it| it.get("pk"));
        Ok(keys.filter(|pk| **pk != group.pk).cloned().collect())
    }

    /// The other bindings of the same subject to the same target.
    async fn twins(&self, pk: &Value, binding: &Value) -> Result<Vec<Value>, Error<T::Error>> {
        let target = binding.get("target").cloned().unwrap_or_default();
        let Ok(target) = serde_json::from_value(target) else {
            return Ok(Vec::new());
        };
        let found = bindings(self.client, target, binding).await?;
        let keys = found.iter().filter_map(|twin| twin.get("pk"));
        Ok(keys.filter(|twin| *twin != pk).cloned().collect())
    }

    /// What goes along when a group or user is deleted: bindings, memberships, nesting.
    async fn along(
        &self,
        effect: &Effect,
        now: &Value,
        gone: Vec<PolicyBinding>,
    ) -> Result<Vec<Effect>, Error<T::Error>> {
        let label = &effect.label;
        let name = |number: usize| format!("{}.{number}", effect.name);
        let mut along: Vec<Effect> = Vec::new();
        // All bindings of the subject are here, whatever they guard.
        let twins = |it: &PolicyBinding| {
            let twins = gone.iter().filter(|twin| {
                twin.pk != it.pk
                    && twin.target == it.target
                    && (twin.policy, twin.group, twin.user) == (it.policy, it.group, it.user)
            });
            twins.map(|twin| json!(twin.pk)).collect()
        };
        for binding in &gone {
            let act = Act::Deleted {
                twins: twins(binding),
            };
            let binding = as_value(binding);
            let pk = binding.get("pk").cloned().unwrap_or_default();
            along.push(Effect {
                name: name(along.len()),
                object: Object::PolicyBinding,
                label: label.clone(),
                address: pk.as_str().unwrap_or_default().to_owned(),
                snapshot: restorable(Object::PolicyBinding, &binding),
                act,
                pk,
            });
        }
        let list = |key| now.get(key).and_then(Value::as_array).into_iter().flatten();
        let memberships: Vec<Value> = if effect.object == Object::Group {
            list("users")
                .map(|user| json!({ "group": effect.pk, "user": user }))
                .collect()
        } else {
            list("groups")
                .map(|group| json!({ "group": group, "user": effect.pk }))
                .collect()
        };
        for membership in memberships {
            along.push(Effect {
                name: name(along.len()),
                object: Object::Membership,
                label: label.clone(),
                address: String::new(),
                snapshot: membership.clone(),
                act: Act::Deleted { twins: Vec::new() },
                pk: membership,
            });
        }
        if effect.object == Object::Group {
            let mut groups = ListGroups::default();
            if self.client.capabilities().include_users {
                groups = groups.include_users(false);
            }
            let groups = self.client.all(groups).await?;
            for below in groups {
                along.extend(nesting(name(along.len()), effect, &below));
            }
        }
        Ok(along)
    }
}

/// What a group below a deleted one loses.
fn nesting(name: String, above: &Effect, below: &Group) -> Option<Effect> {
    let parents = below.parents();
    if !parents.iter().any(|parent| json!(parent) == above.pk) {
        return None;
    }
    let left: Vec<_> = parents.iter().filter(|it| json!(it) != above.pk).collect();
    let (key, before, after) = match &below.parents {
        Some(_) => ("parents", json!(parents), json!(left)),
        None => ("parent", above.pk.clone(), Value::Null),
    };
    Some(Effect {
        name,
        object: Object::Group,
        label: below.name.clone(),
        pk: json!(below.pk),
        address: below.pk.to_string(),
        snapshot: json!({ key: after }),
        act: Act::Changed {
            before: Map::from_iter([(key.to_owned(), before)]),
        },
    })
}

/// Whether a step disables a binding and does nothing else: target and subjects go along always.
fn disables(step: &Step, alteration: &Alteration) -> bool {
    let body = step.request.body.as_ref().and_then(Value::as_object);
    let along = ["target", "policy", "group", "user"];
    alteration.object == Object::PolicyBinding
        && body.is_some_and(|body| {
            let mut sent = body
                .iter()
                .filter(|(key, _)| !along.contains(&key.as_str()));
            let enabled = sent.next();
            enabled.is_some_and(|(key, value)| key == "enabled" && *value == Value::Bool(false))
                && sent.next().is_none()
        })
}

/// Says in which field an object is not any more what the plan saw.
fn moved(effect: &Effect, before: &Map<String, Value>, now: &Value) -> Option<String> {
    let (field, planned) = before.iter().find(|(key, value)| {
        let now = now.get(key.as_str()).unwrap_or(&Value::Null);
        !same(value, now)
    })?;
    let now = now.get(field).unwrap_or(&Value::Null);
    let values = match (planned, now) {
        (Value::Array(_) | Value::Object(_), _) | (_, Value::Array(_) | Value::Object(_)) => {
            String::new()
        }
        _ => format!(": {planned} then, {now} now"),
    };
    Some(format!(
        "{} was changed by somebody else since the plan ({field}{values}), so nothing was written. \
         Plan again.",
        effect.named()
    ))
}

/// The fields by which an object can be made again.
fn restorable(object: Object, now: &Value) -> Value {
    let fields = object.restorable().iter();
    let fields = fields.filter_map(|key| Some(((*key).to_owned(), now.get(*key)?.clone())));
    Value::Object(fields.collect())
}
