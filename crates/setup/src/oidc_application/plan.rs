//! From a draft and the world to a plan.

use std::collections::BTreeSet;

use authentik_api::{
    MappingPk, UserPk,
    models::{CertificateKeyPair, Designation, Flow, Group},
};

use super::{
    Draft, World,
    access::{members, members_of_all},
    findings::findings,
    mappings::choose_mappings,
    steps,
    validate::{Checked, check, slug_taken},
};
use crate::{
    FieldErrors,
    change::{AccessSummary, Plan},
    preset::{Mapping, Preset, SigningKey, VerifiedEmailNeed},
};

/// What was chosen among the things that the connected authentik has.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Chosen {
    pub(super) authorization_flow: Flow,
    pub(super) invalidation_flow: Option<Flow>,
    pub(super) signing_key: Option<CertificateKeyPair>,
    /// Existing mappings to use.
    pub(super) mappings: Vec<(String, MappingPk)>,
    /// Mappings to create, by the preset's or our own definition.
    pub(super) new_mappings: Vec<Mapping>,
    /// Names of existing mappings whose expression is not the preset's.
    pub(super) differing_mappings: Vec<String>,
    /// Scopes that nothing offers.
    pub(super) missing_scopes: Vec<String>,
    pub(super) verified_email: bool,
    /// Existing groups.
    pub(super) groups: Vec<Group>,
    /// The people in them.
    pub(super) people: BTreeSet<UserPk>,
}

/// Plans a sign-in with OpenID Connect.
///
/// # Errors
/// What is wrong with the draft, field by field: by itself, or against the connected authentik.
pub fn plan(draft: &Draft, preset: &Preset, world: &World) -> Result<Plan, FieldErrors> {
    let checked = check(draft, preset, &world.authentik_url);
    let mut errors = checked.as_ref().err().cloned().unwrap_or_default();
    conflicts(draft, world, &mut errors);
    let chosen = choose(draft, preset, world, &mut errors);
    let (Ok(checked), Some(chosen), true) = (checked, chosen, errors.is_empty()) else {
        return Err(errors);
    };
    let steps = steps::steps(draft, world, &checked, &chosen).map_err(|error| {
        errors.add("preset", error.to_string());
        errors
    })?;
    Ok(Plan {
        steps,
        title: format!("Sign-in with authentik for {}", checked.name),
        findings: findings(draft, preset, world, &checked, &chosen),
        access: access_summary(draft, world, &checked, &chosen),
        diff: None,
        confirm: None,
    })
}

/// What exists already, or may not be.
fn conflicts(draft: &Draft, world: &World, errors: &mut FieldErrors) {
    let slug = draft.effective_slug();
    if let Some(application) = world
        .slug_taken_by
        .as_ref()
        .filter(|taken| taken.slug == slug)
    {
        errors.add("slug", slug_taken(&slug, &application.name));
    }
    if world.capabilities.reserved_slugs().contains(&slug.as_str()) {
        errors.add(
            "slug",
            format!("authentik keeps the slug “{slug}” for itself: choose another one."),
        );
    }
    if let Some(max) = world.capabilities.slug_max()
        && slug.chars().count() > max
    {
        errors.add(
            "slug",
            format!(
                "A slug has at most {max} characters in authentik {}.",
                world.capabilities.version.line()
            ),
        );
    }
    let name = draft.name.trim();
    if world.provider_names.iter().any(|taken| taken == name) {
        errors.add(
            "name",
            format!("There is a provider named “{name}” already, and this version of authentik would change it. Choose another name."),
        );
    }
}

fn choose(
    draft: &Draft,
    preset: &Preset,
    world: &World,
    errors: &mut FieldErrors,
) -> Option<Chosen> {
    let authorization_flow = authorization_flow(draft, world, errors);
    let invalidation_flow = invalidation_flow(draft, world, errors);
    let signing_key = signing_key(draft, preset, world, errors);
    let groups = groups(draft, world, errors);
    let wanted = draft.verified_email.unwrap_or(
        preset.verified_email.need == VerifiedEmailNeed::Yes
            && !world.capabilities.email_verified_by_default(),
    );
    let mut chosen = Chosen {
        authorization_flow: authorization_flow?.clone(),
        invalidation_flow: invalidation_flow?.cloned(),
        signing_key: signing_key?.cloned(),
        mappings: Vec::new(),
        new_mappings: Vec::new(),
        differing_mappings: Vec::new(),
        missing_scopes: Vec::new(),
        verified_email: wanted,
        people: people(draft, world, &groups),
        groups,
    };
    choose_mappings(draft, preset, world, &mut chosen, errors);
    Some(chosen)
}

/// The people whom the chosen groups let in.
fn people(draft: &Draft, world: &World, groups: &[Group]) -> BTreeSet<UserPk> {
    let groups: Vec<_> = groups.iter().map(|group| group.pk).collect();
    if !all_groups_needed(draft, world) {
        return members(&world.groups, &groups);
    }
    // A new group has no members yet, so nobody is in all of them.
    let new = draft
        .access
        .new_groups
        .iter()
        .any(|name| !name.trim().is_empty());
    if new {
        BTreeSet::new()
    } else {
        members_of_all(&world.groups, &groups)
    }
}

/// Whether only members of every group get in.
pub(super) fn all_groups_needed(draft: &Draft, world: &World) -> bool {
    draft.policy_engine_mode.trim() == "all" && !world.capabilities.mode_all_is_any()
}

fn authorization_flow<'w>(
    draft: &Draft,
    world: &'w World,
    errors: &mut FieldErrors,
) -> Option<&'w Flow> {
    let slug = match draft.authorization_flow.trim() {
        "" | "implicit" => "default-provider-authorization-implicit-consent",
        "explicit" => "default-provider-authorization-explicit-consent",
        slug => slug,
    };
    let flows = world.flows_for(&Designation::Authorization);
    let found = flows.iter().find(|flow| flow.slug == slug).copied();
    let only = || {
        if draft.authorization_flow.trim().is_empty() && flows.len() == 1 {
            flows.first().copied()
        } else {
            None
        }
    };
    found.or_else(only).or_else(|| {
        errors.add("authorization_flow", no_flow(slug, "authorization", &flows));
        None
    })
}

#[expect(
    clippy::option_option,
    reason = "outer: an error was added; inner: the version needs none"
)]
fn invalidation_flow<'w>(
    draft: &Draft,
    world: &'w World,
    errors: &mut FieldErrors,
) -> Option<Option<&'w Flow>> {
    if !world.capabilities.invalidation_flow {
        return Some(None);
    }
    let slug = match draft.invalidation_flow.trim() {
        "" => "default-provider-invalidation-flow",
        slug => slug,
    };
    let flows = world.flows_for(&Designation::Invalidation);
    let found = flows.iter().find(|flow| flow.slug == slug).copied();
    if found.is_none() {
        errors.add("invalidation_flow", no_flow(slug, "invalidation", &flows));
    }
    found.map(Some)
}

fn no_flow(slug: &str, designation: &str, flows: &[&Flow]) -> String {
    let others: Vec<&str> = flows.iter().map(|flow| flow.slug.as_str()).collect();
    if others.is_empty() {
        format!(
            "authentik has no {designation} flow. Create one there under Flows & Stages, then come back."
        )
    } else {
        format!(
            "authentik has no {designation} flow “{slug}”. Choose one of: {}.",
            others.join(", ")
        )
    }
}

#[expect(
    clippy::option_option,
    reason = "outer: an error was added; inner: no key"
)]
fn signing_key<'w>(
    draft: &Draft,
    preset: &Preset,
    world: &'w World,
    errors: &mut FieldErrors,
) -> Option<Option<&'w CertificateKeyPair>> {
    let typed = draft.signing_key.trim();
    let able = world.signing_keys();
    match typed {
        "none" => Some(None),
        "" => {
            let fitting: Vec<_> = able
                .iter()
                .filter(|key| {
                    preset.signing_key != SigningKey::Rsa
                        || key.algorithm().is_none_or(|kind| kind == "rsa")
                })
                .collect();
            match fitting.as_slice() {
                [] => Some(able.first().copied()),
                [key] => Some(Some(**key)),
                several => {
                    let names: Vec<&str> = several.iter().map(|key| key.name.as_str()).collect();
                    errors.add(
                        "signing_key",
                        format!(
                            "Several keys can sign the tokens: choose one of {}.",
                            names.join(", ")
                        ),
                    );
                    None
                }
            }
        }
        pk => {
            let key = able
                .iter()
                .find(|key| key.pk.to_string() == pk || key.name == pk);
            if key.is_none() {
                errors.add(
                    "signing_key",
                    "This key is not there any more, or has no private key. Choose another one.",
                );
            }
            key.map(|key| Some(*key))
        }
    }
}

fn groups(draft: &Draft, world: &World, errors: &mut FieldErrors) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    if draft.access.everyone {
        return groups;
    }
    for text in draft
        .access
        .groups
        .iter()
        .filter(|text| !text.trim().is_empty())
    {
        match world.group(text) {
            Some(group) if groups.iter().any(|known| known.pk == group.pk) => {}
            Some(group) => groups.push(group.clone()),
            None => errors.add(
                "access.groups",
                format!(
                    "The group “{text}” is not there any more. Choose again: nothing was written."
                ),
            ),
        }
    }
    for name in draft.access.new_groups.iter().map(|name| name.trim()) {
        if world.groups.iter().any(|group| group.name == name) {
            errors.add("access.new_groups", format!("There is a group “{name}” already: choose it from the list, or type another name."));
        }
    }
    groups
}

fn access_summary(
    draft: &Draft,
    world: &World,
    checked: &Checked,
    chosen: &Chosen,
) -> AccessSummary {
    if draft.access.everyone {
        return AccessSummary {
            everyone: true,
            groups: Vec::new(),
            people: None,
            sentence: format!("Everybody with an account may enter {}.", checked.name),
        };
    }
    let mut groups: Vec<String> = chosen
        .groups
        .iter()
        .map(|group| group.name.clone())
        .collect();
    groups.extend(checked.new_groups.iter().cloned());
    let people = u32::try_from(chosen.people.len()).unwrap_or(u32::MAX);
    let quoted: Vec<String> = groups.iter().map(|name| format!("“{name}”")).collect();
    let head = match people {
        0 => "Nobody so far".to_owned(),
        1 => "1 person".to_owned(),
        many => format!("{many} people"),
    };
    let who = match quoted.len() {
        1 => "the members of",
        _ if all_groups_needed(draft, world) => "those who are members of all of",
        _ => "the members of any of",
    };
    AccessSummary {
        everyone: false,
        sentence: format!(
            "{head} may enter {}: {who} {}.",
            checked.name,
            quoted.join(", ")
        ),
        groups,
        people: Some(people),
    }
}
