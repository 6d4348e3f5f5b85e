//! Doors that would open without the plan having shown it.

use authentik_api::{
    Error, Transport,
    api::{core::applications::ListApplications, policies::ListBindings},
    models::PolicyBinding,
};
use serde_json::json;

use super::run::Run;
use crate::change::{Alteration, Effect, Journal, Object};

impl<T: Transport, J: Journal> Run<'_, T, J> {
    /// Something that the plan saw stay shut, and that would be left without a binding that counts.
    pub(super) async fn would_open(
        &self,
        alteration: &Alteration,
        effect: &Effect,
    ) -> Result<Option<String>, Error<T::Error>> {
        for target in &alteration.stays_shut {
            let list = ListBindings::default().target(*target);
            let bindings = match self.client.all(list).await {
                Ok(bindings) => bindings,
                // It is gone itself.
                Err(error) if error.status() == Some(400) => continue,
                Err(error) => return Err(error),
            };
            let stays = |it: &PolicyBinding| lasts(it) && !names(it, effect);
            if !bindings.iter().any(stays) {
                return Ok(Some(format!(
                    "Somebody else has deleted or disabled the other bindings since the plan: without \
                     {} an application would be left with none that counts, and could be open to \
                     everyone. Nothing was written. Plan again.",
                    effect.named()
                )));
            }
        }
        Ok(None)
    }

    /// The bindings that name a group or user, of whatever target.
    pub(super) async fn bindings_of(
        &self,
        effect: &Effect,
    ) -> Result<Vec<PolicyBinding>, Error<T::Error>> {
        let mut bindings = self.client.all(ListBindings::default()).await?;
        bindings.retain(|binding| names(binding, effect));
        Ok(bindings)
    }

    /// A binding of an application that the plan did not see go along.
    pub(super) async fn unforeseen(
        &self,
        alteration: &Alteration,
        effect: &Effect,
        gone: &[PolicyBinding],
    ) -> Result<Option<String>, Error<T::Error>> {
        let new = |binding: &&PolicyBinding| !alteration.bindings.contains(&binding.pk);
        let new: Vec<&PolicyBinding> = gone.iter().filter(new).collect();
        if new.is_empty() {
            return Ok(None);
        }
        let applications = self.client.all(ListApplications::everything()).await?;
        let bound = applications
            .iter()
            .find(|it| new.iter().any(|binding| binding.target == it.target()));
        Ok(bound.map(|application| {
            format!(
                "{} is bound to “{}” since the plan, so nothing was written: deleting it would delete \
                 that binding too. Plan again.",
                effect.named(),
                application.name
            )
        }))
    }
}

/// Whether a binding counts, and will not cease to by itself.
pub(super) fn lasts(binding: &PolicyBinding) -> bool {
    binding.enabled && !ends(binding)
}

/// Whether a binding ceases to count by itself (2026.8 and later).
pub(super) fn ends(binding: &PolicyBinding) -> bool {
    binding.expiring == Some(true) && binding.expires.is_some()
}

/// Whether a binding is this one, or one of this group or user.
fn names(binding: &PolicyBinding, effect: &Effect) -> bool {
    match effect.object {
        Object::Group => binding.group.is_some_and(|pk| json!(pk) == effect.pk),
        Object::User => binding.user.is_some_and(|pk| json!(pk) == effect.pk),
        _ => json!(binding.pk) == effect.pk,
    }
}
