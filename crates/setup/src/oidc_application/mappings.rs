//! Which scope mappings a provider gets.

use super::{Draft, World, plan::Chosen};
use crate::{
    FieldErrors,
    preset::{
        Mapping, Preset,
        mapping::{VERIFIED_EMAIL_EXPRESSION, VERIFIED_EMAIL_NAME, VERIFIED_EMAIL_SCOPE},
    },
};

/// For each scope the mapping that brings it: one of our own where the preset has one, authentik's
/// otherwise.
pub(super) fn choose_mappings(
    draft: &Draft,
    preset: &Preset,
    world: &World,
    chosen: &mut Chosen,
    errors: &mut FieldErrors,
) {
    let scopes = draft.scopes.as_ref().unwrap_or(&preset.scopes);
    let mut own: Vec<Mapping> = preset.mappings.clone();
    if let Some(names) = &draft.mappings {
        for name in names {
            if !own.iter().any(|mapping| mapping.name == *name) {
                errors.add(
                    "mappings",
                    format!("{} has no claim mapping “{name}”.", preset.name),
                );
            }
        }
        own.retain(|mapping| names.contains(&mapping.name));
    }
    if chosen.verified_email {
        own.push(verified_email());
    }
    for mapping in own {
        match world
            .mappings
            .iter()
            .find(|known| known.name == mapping.name)
        {
            Some(known) => {
                let same = known.scope_name == mapping.scope_name
                    && known.expression.as_deref().map(str::trim)
                        == Some(mapping.expression.trim());
                if !same {
                    chosen.differing_mappings.push(mapping.name.clone());
                }
                chosen.mappings.push((mapping.scope_name.clone(), known.pk));
            }
            None => chosen.new_mappings.push(mapping.clone()),
        }
    }
    let replaced = |scope: &str, chosen: &Chosen| {
        let own = preset
            .mappings
            .iter()
            .any(|m| m.replaces.as_deref() == Some(scope))
            && chosen.covers(scope);
        own || (scope == VERIFIED_EMAIL_SCOPE && chosen.verified_email)
    };
    for scope in scopes
        .iter()
        .map(|scope| scope.trim())
        .filter(|scope| !scope.is_empty())
    {
        if replaced(scope, chosen) {
            continue;
        }
        match world.managed_mapping(scope) {
            Some(mapping) => chosen.mappings.push((scope.to_owned(), mapping.pk)),
            None if chosen.covers(scope) => {}
            None => match world
                .mappings
                .iter()
                .find(|mapping| mapping.scope_name == scope)
            {
                Some(mapping) => chosen.mappings.push((scope.to_owned(), mapping.pk)),
                None => chosen.missing_scopes.push(scope.to_owned()),
            },
        }
    }
}

impl Chosen {
    /// Whether one of the chosen mappings brings a scope.
    fn covers(&self, scope: &str) -> bool {
        self.mappings.iter().any(|(known, _)| known == scope)
            || self
                .new_mappings
                .iter()
                .any(|mapping| mapping.scope_name == scope)
    }
}

/// Our own mapping that says that e-mail addresses are verified.
fn verified_email() -> Mapping {
    Mapping {
        name: VERIFIED_EMAIL_NAME.to_owned(),
        scope_name: VERIFIED_EMAIL_SCOPE.to_owned(),
        purpose: "Tells the application that the e-mail address is verified.".to_owned(),
        required: true,
        replaces: Some(VERIFIED_EMAIL_SCOPE.to_owned()),
        expression: VERIFIED_EMAIL_EXPRESSION.to_owned(),
        claims: std::collections::BTreeMap::new(),
    }
}
