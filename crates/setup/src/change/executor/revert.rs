//! Taking one effect back.

use authentik_api::{
    Error, TargetPk, Transport,
    api::core::{applications::ListApplications, groups::RetrieveGroup, users::RetrieveUser},
    operation::named,
};
use serde_json::{Map, Value, json};

use super::run::Run;
use crate::change::{
    Act, Effect, Journal, Object,
    object::{MembershipKey, bindings, by_name, differing},
};

/// Whether an effect can be taken back.
pub(super) enum Undoing {
    /// It can.
    Needed,
    /// There is nothing to do: it is as it was, by this key, or what it belonged to is gone.
    Needless(Option<Value>),
    /// It must not, and why.
    Refused(String),
}

/// An effect that was taken back.
pub(super) struct Reverted {
    /// There was nothing to do.
    pub(super) gone: bool,
    /// The key of an object that was made again.
    pub(super) pk: Option<Value>,
}

impl<T: Transport, J: Journal> Run<'_, T, J> {
    /// Takes an effect back; `Err` inside `Ok` says why it must not be.
    pub(super) async fn revert(
        &self,
        effect: &Effect,
    ) -> Result<Result<Reverted, String>, Error<T::Error>> {
        // A second look: much may have happened while the others were taken back.
        let reverted = match (self.assess(effect).await?, &effect.act) {
            (Undoing::Refused(message), _) => return Ok(Err(message)),
            (Undoing::Needless(pk), _) => Reverted { gone: true, pk },
            (Undoing::Needed, Act::Created) => Reverted {
                gone: !Object::delete(self.client, effect).await?,
                pk: None,
            },
            (Undoing::Needed, Act::Changed { before }) => {
                let before = self.relocated_fields(before);
                let there = Object::put_back(self.client, effect, &before).await?;
                Reverted {
                    gone: !there,
                    pk: None,
                }
            }
            (Undoing::Needed, Act::Deleted { .. }) => {
                let snapshot = self.to_make_again(effect).await?;
                let pk = Object::make_again(self.client, effect.object, &snapshot).await?;
                Reverted {
                    gone: pk.is_none(),
                    pk: pk.filter(|pk| *pk != effect.pk),
                }
            }
        };
        Ok(Ok(reverted))
    }

    /// Whether an effect can be taken back.
    pub(super) async fn assess(&self, effect: &Effect) -> Result<Undoing, Error<T::Error>> {
        match &effect.act {
            Act::Created => self.assess_created(effect).await,
            Act::Changed { before } => {
                let undoing = self.assess_changed(effect, before).await?;
                let now_disabled = before.get("enabled") == Some(&false.into())
                    && effect.snapshot.get("enabled") == Some(&true.into());
                if now_disabled
                    && effect.object == Object::PolicyBinding
                    && matches!(undoing, Undoing::Needed)
                    && let Some(message) = self.last_lock(effect).await?
                {
                    return Ok(Undoing::Refused(message));
                }
                Ok(undoing)
            }
            Act::Deleted { twins } => match effect.object {
                Object::PolicyBinding => self.assess_binding(effect, twins).await,
                Object::Membership => self.assess_membership(effect).await,
                _ => self.assess_deleted(effect, twins).await,
            },
        }
    }

    async fn assess_created(&self, effect: &Effect) -> Result<Undoing, Error<T::Error>> {
        let Some(now) = Object::read(self.client, effect).await? else {
            return self.gone(effect).await;
        };
        Ok(match self.objection(effect, now).await? {
            // Others use it by now: it stays.
            Some(_) if self.is_shared(effect) => Undoing::Needless(None),
            Some(message) => Undoing::Refused(message),
            None => Undoing::Needed,
        })
    }

    fn is_shared(&self, effect: &Effect) -> bool {
        let mut creations = self.plan.steps.iter().flat_map(|step| &step.creates);
        creations.any(|creation| creation.name == effect.name && creation.shared)
    }

    /// An object that its address does not find any more: it was deleted, unless it is an application
    /// whose slug was changed.
    async fn gone(&self, effect: &Effect) -> Result<Undoing, Error<T::Error>> {
        if effect.object != Object::Application {
            return Ok(Undoing::Needless(None));
        }
        let applications = self.client.all(ListApplications::everything()).await?;
        let found = applications.iter().find(|it| json!(it.pk) == effect.pk);
        Ok(found.map_or(Undoing::Needless(None), |now| {
            Undoing::Refused(format!(
                "{} has another slug by now (“{}”), so nothing was taken back. Give it the slug “{}” \
                 again, or change it by hand in authentik.",
                effect.named(),
                now.slug,
                effect.address
            ))
        }))
    }

    pub(super) async fn assess_changed(
        &self,
        effect: &Effect,
        before: &Map<String, Value>,
    ) -> Result<Undoing, Error<T::Error>> {
        let Some(now) = Object::read(self.client, effect).await? else {
            return self.gone(effect).await;
        };
        let is_other = now.get("pk").is_some_and(|pk| *pk != effect.pk);
        if effect.object == Object::Application && is_other {
            // Another one has its slug by now.
            return self.gone(effect).await;
        }
        if differing(&self.relocated_fields(before), &now).is_empty() {
            return Ok(Undoing::Needless(None));
        }
        let fields = effect.changed_fields(&now);
        if fields.is_empty() {
            return Ok(Undoing::Needed);
        }
        Ok(Undoing::Refused(format!(
            "{} was changed since ({}), so nothing was put back. Take that change back, or set it by \
             hand in authentik.",
            effect.named(),
            fields.join(", ")
        )))
    }

    /// A group or user is made again unless somebody else has its name by now.
    async fn assess_deleted(
        &self,
        effect: &Effect,
        twins: &[Value],
    ) -> Result<Undoing, Error<T::Error>> {
        let field = if effect.object == Object::User {
            "username"
        } else {
            "name"
        };
        let name = effect.snapshot.get(field).and_then(Value::as_str);
        let mut found = by_name(self.client, effect.object, name.unwrap_or_default()).await?;
        let twins: Vec<Value> = twins.iter().map(|twin| self.new_key(twin)).collect();
        found.retain(|it| it.get("pk").is_none_or(|pk| !twins.contains(pk)));
        let Some(now) = found.first() else {
            return Ok(Undoing::Needed);
        };
        let snapshot = self.to_make_again(effect).await?;
        let like_ours = snapshot
            .as_object()
            .is_some_and(|snapshot| differing(snapshot, now).is_empty());
        // An earlier attempt to take it back, whose answer was lost.
        if like_ours && self.undo_started.contains(&effect.name) {
            return Ok(Undoing::Needless(now.get("pk").cloned()));
        }
        Ok(Undoing::Refused(format!(
            "There is another {} “{}” by now, so nothing was put back.",
            effect.object.label(),
            effect.label
        )))
    }

    /// What is sent to make an object again: a group without the groups above it that are gone, which
    /// would have left it behind like this.
    async fn to_make_again(&self, effect: &Effect) -> Result<Value, Error<T::Error>> {
        let mut snapshot = self.relocated(&effect.snapshot);
        let Some(fields) = snapshot.as_object_mut() else {
            return Ok(snapshot);
        };
        if effect.object != Object::Group {
            return Ok(snapshot);
        }
        if let Some(parent) = fields.get_mut("parent")
            && !self.is_group(parent).await?
        {
            *parent = Value::Null;
        }
        if let Some(Value::Array(parents)) = fields.get_mut("parents") {
            let mut left = Vec::new();
            for parent in parents.drain(..) {
                if self.is_group(&parent).await? {
                    left.push(parent);
                }
            }
            *parents = left;
        }
        Ok(snapshot)
    }

    async fn is_group(&self, key: &Value) -> Result<bool, Error<T::Error>> {
        let Ok(pk) = serde_json::from_value(key.clone()) else {
            return Ok(false);
        };
        let group = self.client.send_opt(&RetrieveGroup { pk }).await?;
        Ok(group.is_some())
    }

    async fn assess_membership(&self, effect: &Effect) -> Result<Undoing, Error<T::Error>> {
        let pk = self.relocated(&effect.pk);
        if self.returns(&pk) {
            return Ok(Undoing::Needed);
        }
        let Ok(MembershipKey { group, user }) = serde_json::from_value(pk.clone()) else {
            return Ok(Undoing::Needless(None));
        };
        let user = self.client.send_opt(&RetrieveUser { pk: user }).await?;
        Ok(match user {
            Some(user) if !user.groups.contains(&group) => Undoing::Needed,
            _ => Undoing::Needless(None),
        })
    }

    pub(super) async fn assess_binding(
        &self,
        effect: &Effect,
        twins: &[Value],
    ) -> Result<Undoing, Error<T::Error>> {
        let wanted = self.relocated(&effect.snapshot);
        let target = wanted.get("target").cloned().unwrap_or_default();
        let Ok(target) = serde_json::from_value::<TargetPk>(target) else {
            return Ok(Undoing::Needless(None));
        };
        let found = bindings(self.client, target, &wanted).await?;
        // Twins that went along were made again under new keys.
        let twins: Vec<Value> = twins.iter().map(|twin| self.new_key(twin)).collect();
        let mut others = found.into_iter();
        let other = others.find(|it| it.get("pk").is_none_or(|pk| !twins.contains(pk)));
        if let (Some(other), Some(wanted)) = (other, wanted.as_object()) {
            let fields = differing(wanted, &other);
            return Ok(if fields.is_empty() {
                Undoing::Needless(other.get("pk").cloned())
            } else {
                Undoing::Refused(format!(
                    "{} was made again by somebody else, in another way ({}), so nothing was put \
                     back.",
                    effect.named(),
                    fields.join(", ")
                ))
            });
        }
        if !self.returns(&wanted) && !self.subject_exists(&wanted).await? {
            return Ok(Undoing::Needless(None));
        }
        let given = |key: &&str| wanted.get(*key).is_some_and(|value| !value.is_null());
        if ["policy", "group", "user"]
            .into_iter()
            .filter(given)
            .count()
            > 1
        {
            return Ok(Undoing::Refused(format!(
                "{} named several of policy, group and user at once, and authentik takes no such new \
                 binding: bind them one by one. Nothing was put back.",
                effect.named()
            )));
        }
        let expires = wanted.get("expires").is_some_and(|it| !it.is_null());
        if expires && wanted.get("expiring") == Some(&true.into()) {
            return Ok(Undoing::Refused(format!(
                "{} was to end by itself, and authentik lets nobody set an end: made again it would \
                 stay for ever. Bind again by hand what is still wanted. Nothing was put back.",
                effect.named()
            )));
        }
        Ok(Undoing::Needed)
    }

    /// Whether the policy, group and user that a binding names are there.
    async fn subject_exists(&self, binding: &Value) -> Result<bool, Error<T::Error>> {
        let key = |field| binding.get(field).cloned().unwrap_or_default();
        if let Ok(pk) = serde_json::from_value(key("group"))
            && self.client.send_opt(&RetrieveGroup { pk }).await?.is_none()
        {
            return Ok(false);
        }
        if let Ok(pk) = serde_json::from_value(key("user"))
            && self.client.send_opt(&RetrieveUser { pk }).await?.is_none()
        {
            return Ok(false);
        }
        if let Value::String(pk) = key("policy") {
            let read = named("policies_all_retrieve");
            return match self.client.call(read, &[&pk], &[], None).await {
                Ok(_) => Ok(true),
                Err(error) if error.is_not_found() => Ok(false),
                Err(error) => Err(error),
            };
        }
        Ok(true)
    }

    /// Whether a binding or membership is of a group or user that is about to be made again.
    fn returns(&self, value: &Value) -> bool {
        let deleted = |object, key: &str| {
            let mut effects = self.effects.iter();
            effects.any(|effect| {
                effect.object == object
                    && matches!(effect.act, Act::Deleted { .. })
                    && value.get(key) == Some(&effect.pk)
            })
        };
        deleted(Object::Group, "group") || deleted(Object::User, "user")
    }

    /// `value` with the keys of objects that were made again in the places of their old ones.
    fn relocated(&self, value: &Value) -> Value {
        match value {
            Value::Object(map) => Value::Object(self.relocated_fields(map)),
            Value::Array(items) => items.iter().map(|item| self.relocated(item)).collect(),
            Value::String(_) => self.new_key(value),
            other => other.clone(),
        }
    }

    fn relocated_fields(&self, fields: &Map<String, Value>) -> Map<String, Value> {
        let fields = fields.iter().map(|(key, value)| {
            let value = match (key.as_str(), value) {
                // The keys of users are numbers, and other fields hold numbers too.
                ("user", Value::Number(_)) => self.new_key(value),
                // Free attributes are no keys.
                ("attributes", _) => value.clone(),
                _ => self.relocated(value),
            };
            (key.clone(), value)
        });
        fields.collect()
    }

    fn new_key(&self, key: &Value) -> Value {
        let found = self.made_again.iter().rev().find(|(old, _)| old == key);
        found.map_or_else(|| key.clone(), |(_, new)| new.clone())
    }
}
