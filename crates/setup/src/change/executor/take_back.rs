//! Deleting what was created, unless that would hurt somebody else.

use authentik_api::{
    Error, GroupPk, TargetPk, Transport,
    api::policies::ListBindings,
    models::{PolicyBinding, UsedBy},
};
use serde_json::Value;

use super::{ApplyError, describe::sentence, run::Run};
use crate::change::{Created, Entry, Journal, Object};

/// Models that authentik keeps for itself beside an object: no use by anybody.
const BOOKKEEPING: [&str; 3] = ["groupancestrynode", "task", "schedule"];

/// How far taking back came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TakenBack {
    /// Nothing is left.
    Whole,
    /// Something is left.
    Partly,
    /// Nothing was deleted, for a reason that is journaled.
    Refused,
}

impl<T: Transport, J: Journal> Run<'_, T, J> {
    /// Deletes what was created, the last first.
    pub(super) async fn take_back(&mut self) -> Result<TakenBack, ApplyError<J::Error>> {
        let created: Vec<Created> = self.created.iter().rev().cloned().collect();
        for object in &created {
            let message = match self.objection(object).await {
                Ok(None) => continue,
                Ok(Some(message)) => message,
                Err(error) => format!(
                    "{} could not be looked at: {}",
                    object.named(),
                    sentence(&error)
                ),
            };
            self.journal
                .record(Entry::UndoFailed {
                    name: object.name.clone(),
                    message,
                })
                .await?;
            return Ok(TakenBack::Refused);
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
                        "{} could not be deleted: {}",
                        object.named(),
                        sentence(&error)
                    );
                    self.journal
                        .record(Entry::UndoFailed { name, message })
                        .await?;
                    return Ok(TakenBack::Partly);
                }
            }
        }
        Ok(TakenBack::Whole)
    }

    /// Why an object may not be deleted: it was changed since, or something else uses it.
    async fn objection(&self, object: &Created) -> Result<Option<String>, Error<T::Error>> {
        let Some(now) = Object::read(self.client, object).await? else {
            return Ok(None);
        };
        let fields = object.changed_fields(&now);
        if !fields.is_empty() {
            return Ok(Some(format!(
                "{} was changed since ({}), so nothing was deleted. Take that change back, or \
                 delete the objects by hand in authentik.",
                object.named(),
                fields.join(", ")
            )));
        }
        match object.object {
            Object::Application => self.foreign_binding(object).await,
            Object::Oauth2Provider => Ok(self.foreign_application(object, &now)),
            Object::Group => self.foreign_use_of_group(object).await,
            Object::ScopeMapping => self.foreign_use(object, &[]).await,
            Object::PolicyBinding => Ok(None),
        }
    }

    /// A binding of the application that this change set did not make, or that was changed:
    /// deleting the application would delete it too.
    async fn foreign_binding(
        &self,
        application: &Created,
    ) -> Result<Option<String>, Error<T::Error>> {
        let Some(target) = application.key::<TargetPk>() else {
            return Ok(None);
        };
        let bindings = self
            .client
            .all(ListBindings::default().target(target))
            .await?;
        let planned = self.bound_groups();
        let ours = |binding: &PolicyBinding| {
            binding.enabled
                && !binding.negate
                && binding.user.is_none()
                && binding.policy.is_none()
                && binding.group.is_some_and(|group| planned.contains(&group))
        };
        let who = match bindings.iter().find(|binding| !ours(binding)) {
            Some(binding) => subject(binding),
            None if bindings.len() > planned.len() => "a group twice".to_owned(),
            None => return Ok(None),
        };
        Ok(Some(format!(
            "The bindings of {} are not the ones that this change set made: somebody has bound or \
             changed {who}, so nothing was deleted. Take that back, or delete the objects by hand \
             in authentik.",
            application.named()
        )))
    }

    /// Another application that uses the provider by now.
    fn foreign_application(&self, provider: &Created, now: &Value) -> Option<String> {
        let slug = now
            .get("assigned_application_slug")
            .and_then(Value::as_str)?;
        let ours = self
            .created
            .iter()
            .any(|created| created.object == Object::Application && created.address == slug);
        (!ours).then(|| {
            format!(
                "{} belongs to the application “{slug}” by now, so nothing was deleted.",
                provider.named()
            )
        })
    }

    /// Something else that the group opens or is used for: deleting it would delete those bindings
    /// too, and could open a foreign application to everyone (trap T34).
    async fn foreign_use_of_group(
        &self,
        group: &Created,
    ) -> Result<Option<String>, Error<T::Error>> {
        let Some(pk) = group.key::<GroupPk>() else {
            return Ok(None);
        };
        let ours: Vec<TargetPk> = self
            .created
            .iter()
            .filter(|created| created.object == Object::Application)
            .filter_map(Created::key)
            .collect();
        let bindings = self
            .client
            .all(ListBindings::default().policy_isnull(true))
            .await?;
        let foreign = bindings
            .iter()
            .any(|binding| binding.group == Some(pk) && !ours.contains(&binding.target));
        if foreign {
            return Ok(Some(format!(
                "{} is bound to something else by now. Deleting it would delete that binding too, \
                 and could open what it guards to everyone, so nothing was deleted.",
                group.named()
            )));
        }
        self.foreign_use(group, &["policybinding"]).await
    }

    /// Something that uses an object and that this change set did not create.
    async fn foreign_use(
        &self,
        object: &Created,
        looked_at: &[&str],
    ) -> Result<Option<String>, Error<T::Error>> {
        let used_by = Object::used_by(self.client, object).await?;
        let text = |pk: &Value| pk.as_str().map_or_else(|| pk.to_string(), str::to_owned);
        let harmless = |use_: &UsedBy| {
            BOOKKEEPING.contains(&use_.model_name.as_str())
                || looked_at.contains(&use_.model_name.as_str())
                || self
                    .created
                    .iter()
                    .any(|created| text(&created.pk) == text(&use_.pk))
        };
        Ok(used_by.iter().find(|use_| !harmless(use_)).map(|use_| {
            format!(
                "{} is used by “{}” ({}) by now, so nothing was deleted.",
                object.named(),
                use_.name,
                use_.model_name
            )
        }))
    }

    /// The groups that the plan binds.
    fn bound_groups(&self) -> Vec<GroupPk> {
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
            .filter_map(|group| serde_json::from_value(group).ok())
            .collect()
    }
}

fn subject(binding: &PolicyBinding) -> String {
    if let Some(group) = &binding.group_obj {
        format!("the group “{}”", group.name)
    } else if let Some(user) = &binding.user_obj {
        format!("the user “{}”", user.username)
    } else {
        "a policy".to_owned()
    }
}
