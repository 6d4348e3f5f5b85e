//! Why something may not be taken back: it was changed since, or that would hurt somebody else.

use std::collections::HashSet;

use authentik_api::{
    BindingPk, Error, GroupPk, TargetPk, Transport,
    api::{admin::RetrieveSettings, core::groups::ListGroups, policies::ListBindings},
    models::{PolicyBinding, UsedBy},
};
use serde_json::{Map, Value, json};

use super::{
    guard::{ends, lasts},
    revert::Undoing,
    run::Run,
};
use crate::change::{Act, Effect, Journal, Object};

/// Models that authentik keeps for itself beside an object: no use by anybody.
const BOOKKEEPING: [&str; 3] = ["groupancestrynode", "task", "schedule"];

/// The permissions of a role, which from 2025.12 on refer to it: they are what it is, not who uses it.
const PERMISSIONS: [&str; 2] = ["rolemodelpermission", "roleobjectpermission"];

impl<T: Transport, J: Journal> Run<'_, T, J> {
    /// Why an object that was created may not be deleted: it was changed since, or something else
    /// uses it. `now` is what it looks like.
    pub(super) async fn objection(
        &self,
        object: &Effect,
        mut now: Value,
    ) -> Result<Option<String>, Error<T::Error>> {
        self.without_our_memberships(object, &mut now);
        let fields = object.changed_fields(&now);
        if fields == ["last_login"] {
            return Ok(Some(format!(
                "{} has been used to sign in since, so nothing was deleted. Deactivate or delete it by \
                 hand in authentik.",
                object.named()
            )));
        }
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
            Object::Role => self.foreign_use(object, &PERMISSIONS).await,
            Object::User => self.foreign_use(object, &["group"]).await,
            Object::PolicyBinding => self.last_lock(object).await,
            Object::Membership | Object::Token => Ok(None),
        }
    }

    /// Members that this change set added to its new group, and groups that it put its new user in,
    /// are no change by somebody else.
    fn without_our_memberships(&self, object: &Effect, now: &mut Value) {
        let (list, own, other) = match object.object {
            Object::Group => ("users", "group", "user"),
            Object::User => ("groups", "user", "group"),
            _ => return,
        };
        let text = Value::to_string;
        let before = object.snapshot.get(list).and_then(Value::as_array);
        let before: HashSet<String> = before.into_iter().flatten().map(text).collect();
        let ours: HashSet<String> = self
            .effects
            .iter()
            .filter(|it| it.object == Object::Membership && it.act.is_created())
            .filter(|it| it.pk.get(own) == Some(&object.pk))
            .filter_map(|it| it.pk.get(other))
            .map(text)
            .filter(|key| !before.contains(key))
            .collect();
        if let Some(Value::Array(items)) = now.get_mut(list) {
            items.retain(|item| !ours.contains(&text(item)));
        }
    }

    /// A binding that this change set made or enabled beside others, none of which will count once
    /// it is taken back: without it the door would be open to everyone.
    pub(super) async fn last_lock(
        &self,
        binding: &Effect,
    ) -> Result<Option<String>, Error<T::Error>> {
        let target = binding.snapshot.get("target").cloned().unwrap_or_default();
        let Ok(target) = serde_json::from_value::<TargetPk>(target) else {
            return Ok(None);
        };
        if !self.stood_beside_others(binding) {
            return Ok(None);
        }
        let bindings = self
            .client
            .all(ListBindings::default().target(target))
            .await?;
        // The others that this change set made or enabled beside them go too.
        let ours = |it: &PolicyBinding| {
            let pk = json!(it.pk);
            let mut effects = self.effects.iter();
            effects.any(|effect| effect.pk == pk && self.stood_beside_others(effect))
        };
        let counts = |it: &PolicyBinding| lasts(it) && json!(it.pk) != binding.pk && !ours(it);
        if bindings.iter().any(counts) {
            return Ok(None);
        }
        for effect in &self.effects {
            let mut ending = bindings.iter().filter(|it| ends(it));
            if ending.any(|it| json!(it.pk) == effect.pk) {
                continue;
            }
            if self.brings_a_lock_back(effect, &json!(target)).await? {
                return Ok(None);
            }
        }
        if !self.opens_without_bindings().await? {
            return Ok(None);
        }
        Ok(Some(format!(
            "{} is the only binding left that counts and stays. Taking it away would open the application to \
             everyone, so nothing was taken back.",
            binding.named()
        )))
    }

    /// Whether the server opens an application without bindings to everyone (trap T4).
    async fn opens_without_bindings(&self) -> Result<bool, Error<T::Error>> {
        if !self.client.capabilities().default_app_access_flag() {
            return Ok(true);
        }
        let settings = self.client.send(&RetrieveSettings).await?;
        Ok(settings.default_app_access())
    }

    /// Whether the plan made or enabled a binding beside others that counted.
    fn stood_beside_others(&self, binding: &Effect) -> bool {
        self.plan.steps.iter().any(|step| {
            let mut creates = step.creates.iter();
            creates.any(|creation| creation.name == binding.name && creation.beside_others)
                || step.id == binding.name
                    && step.alters.as_ref().is_some_and(|it| it.beside_others)
        })
    }

    /// Whether taking an effect back gives the target a binding that counts: not where there is
    /// nothing to put back any more.
    async fn brings_a_lock_back(
        &self,
        effect: &Effect,
        target: &Value,
    ) -> Result<bool, Error<T::Error>> {
        if effect.object != Object::PolicyBinding || effect.named_target() != Some(target) {
            return Ok(false);
        }
        let counted = |fields: &Map<String, Value>| fields.get("enabled") == Some(&true.into());
        let undoing = match &effect.act {
            Act::Changed { before } if counted(before) => {
                self.assess_changed(effect, before).await?
            }
            Act::Deleted { twins } if effect.snapshot.as_object().is_some_and(counted) => {
                self.assess_binding(effect, twins).await?
            }
            _ => return Ok(false),
        };
        Ok(matches!(undoing, Undoing::Needed))
    }

    /// A binding of the application that this change set did not make, or that was changed:
    /// deleting the application would delete it too.
    async fn foreign_binding(
        &self,
        application: &Effect,
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
    fn foreign_application(&self, provider: &Effect, now: &Value) -> Option<String> {
        let slug = now
            .get("assigned_application_slug")
            .and_then(Value::as_str)?;
        let ours = self
            .effects
            .iter()
            .any(|effect| effect.object == Object::Application && effect.address == slug);
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
        group: &Effect,
    ) -> Result<Option<String>, Error<T::Error>> {
        let Some(pk) = group.key::<GroupPk>() else {
            return Ok(None);
        };
        let ours: Vec<TargetPk> = self
            .effects
            .iter()
            .filter(|effect| effect.object == Object::Application && effect.act.is_created())
            .filter_map(Effect::key)
            .collect();
        let own: Vec<BindingPk> = self
            .effects
            .iter()
            .filter(|effect| effect.object == Object::PolicyBinding && effect.act.is_created())
            .filter_map(Effect::key)
            .collect();
        let bindings = self
            .client
            .all(ListBindings::default().policy_isnull(true))
            .await?;
        let foreign = bindings.iter().any(|binding| {
            binding.group == Some(pk)
                && !ours.contains(&binding.target)
                && !own.contains(&binding.pk)
        });
        if foreign {
            return Ok(Some(format!(
                "{} is bound to something else by now. Deleting it would delete that binding too, \
                 and could open what it guards to everyone, so nothing was deleted.",
                group.named()
            )));
        }
        let mut list = ListGroups::default();
        if self.client.capabilities().include_users {
            list = list.include_users(false);
        }
        let groups = self.client.all(list).await?;
        if let Some(below) = groups.iter().find(|below| below.parents().contains(&pk)) {
            return Ok(Some(format!(
                "The group “{}” lies below {} by now, so nothing was deleted.",
                below.name,
                group.named()
            )));
        }
        let looked_at = ["policybinding", "groupparentagenode", "group", "user"];
        self.foreign_use(group, &looked_at).await
    }

    /// Something that uses an object and that this change set did not create.
    async fn foreign_use(
        &self,
        object: &Effect,
        looked_at: &[&str],
    ) -> Result<Option<String>, Error<T::Error>> {
        let used_by = Object::used_by(self.client, object).await?;
        let text = |pk: &Value| pk.as_str().map_or_else(|| pk.to_string(), str::to_owned);
        let harmless = |use_: &UsedBy| {
            BOOKKEEPING.contains(&use_.model_name.as_str())
                || looked_at.contains(&use_.model_name.as_str())
                || self
                    .effects
                    .iter()
                    .any(|effect| text(&effect.pk) == text(&use_.pk))
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
