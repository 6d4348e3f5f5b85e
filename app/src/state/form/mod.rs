//! What the wizard's forms send, and how it gets into a draft. The names of the fields are the names
//! of the draft's fields as they stand in [`FieldErrors`](setup::FieldErrors): `base_url`,
//! `variables.source_name`, `redirect_uris.1`. Everything is kept as typed; nothing is judged here.

use std::collections::BTreeMap;

use authentik_api::models::{MatchingMode, RedirectUri};
use setup::{
    Secret,
    oidc_application::{Draft, WizardStep, proposed_redirect_uris},
    preset::Preset,
};

/// The fields of a posted form. Names are unique: a list is `name.0`, `name.1` …
pub type Fields = BTreeMap<String, String>;

/// What the pressed button asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Intent {
    /// On to the next step.
    Continue,
    /// To the step before.
    Back,
    /// To the details, which the short way leaves out.
    Details,
    /// One more row for a redirect URI.
    AddRedirectUri,
    /// Without this redirect URI.
    RemoveRedirectUri(usize),
    /// One more row for a new group.
    AddGroup,
}

impl Intent {
    /// The value of the buttons' `intent`; anything unknown goes on.
    pub fn parse(text: &str) -> Self {
        match text.split_once('.') {
            Some(("remove_redirect_uri", row)) => {
                row.parse().map_or(Self::Continue, Self::RemoveRedirectUri)
            }
            _ => match text {
                "back" => Self::Back,
                "details" => Self::Details,
                "add_redirect_uri" => Self::AddRedirectUri,
                "add_group" => Self::AddGroup,
                _ => Self::Continue,
            },
        }
    }

    /// Whether the page stays, with a row more or less.
    pub const fn stays(&self) -> bool {
        matches!(
            self,
            Self::AddRedirectUri | Self::RemoveRedirectUri(_) | Self::AddGroup
        )
    }
}

/// What the form is filled in over: the preset and what follows from it.
#[derive(Debug, Clone)]
pub struct Basis {
    /// The preset.
    pub preset: Preset,
    /// authentik's public address; empty while it is not known.
    pub authentik_url: String,
}

impl Basis {
    /// The redirect URIs that the preset brings for this draft; the optional ones are left out.
    pub fn redirect_uris(&self, draft: &Draft) -> Vec<RedirectUri> {
        proposed_redirect_uris(draft, &self.preset, &self.authentik_url)
    }
}

/// Puts what one step's form sent into the draft.
pub fn fill(draft: &mut Draft, step: WizardStep, intent: &Intent, fields: &Fields, basis: &Basis) {
    match step {
        WizardStep::Choose => {}
        WizardStep::Address => address(draft, fields, basis),
        WizardStep::Details => details(draft, intent, fields, basis),
        WizardStep::Access => access(draft, intent, fields),
    }
}

/// Sets a text where the form has the field.
fn set(text: &mut String, fields: &Fields, name: &str) {
    if let Some(value) = fields.get(name) {
        value.clone_into(text);
    }
}

fn address(draft: &mut Draft, fields: &Fields, basis: &Basis) {
    // A secret is never written into the page, so an empty field means that it stays.
    let secret = |name: &str| {
        let mut variables = basis.preset.variables.iter();
        variables.any(|variable| variable.name == name && variable.secret)
    };
    set(&mut draft.name, fields, "name");
    set(&mut draft.slug, fields, "slug");
    set(&mut draft.base_url, fields, "base_url");
    for (name, value) in fields {
        if let Some(name) = name.strip_prefix("variables.")
            && !(value.is_empty() && secret(name))
        {
            draft.variables.insert(name.to_owned(), value.clone());
        }
    }
}

fn details(draft: &mut Draft, intent: &Intent, fields: &Fields, basis: &Basis) {
    let Draft {
        client_type,
        client_id,
        sub_mode,
        issuer_mode,
        signing_key,
        authorization_flow,
        invalidation_flow,
        icon,
        group,
        launch_url,
        policy_engine_mode,
        ..
    } = draft;
    for (text, name) in [
        (client_type, "client_type"),
        (client_id, "client_id"),
        (sub_mode, "sub_mode"),
        (issuer_mode, "issuer_mode"),
        (signing_key, "signing_key"),
        (authorization_flow, "authorization_flow"),
        (invalidation_flow, "invalidation_flow"),
        (icon, "icon"),
        (group, "group"),
        (launch_url, "launch_url"),
        (policy_engine_mode, "policy_engine_mode"),
    ] {
        set(text, fields, name);
    }
    secret(draft, fields);
    if let Some(text) = fields.get("scopes") {
        let typed: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        draft.scopes = (typed != basis.preset.scopes).then_some(typed);
    }
    match fields.get("verified_email").map(String::as_str) {
        Some("yes") => draft.verified_email = Some(true),
        Some("no") => draft.verified_email = Some(false),
        Some(_) => draft.verified_email = None,
        None => {}
    }
    if fields.contains_key("mappings") {
        let chosen = listed(fields, "mappings.");
        let all = basis
            .preset
            .mappings
            .iter()
            .all(|mapping| chosen.contains(&mapping.name));
        draft.mappings = (!all).then_some(chosen);
    }
    if fields.keys().any(|name| name.starts_with("redirect_uris.")) || intent.stays() {
        draft.redirect_uris = typed_redirect_uris(draft, intent, fields, basis);
    }
}

/// A secret is kept until another one is typed or it is thrown away.
fn secret(draft: &mut Draft, fields: &Fields) {
    if fields.contains_key("client_secret_forget") {
        draft.client_secret = None;
    }
    if let Some(typed) = fields
        .get("client_secret")
        .filter(|typed| !typed.is_empty())
    {
        draft.client_secret = Some(Secret::new(typed));
    }
}

/// The values of `prefix0`, `prefix1` …, in the order of their numbers.
fn listed(fields: &Fields, prefix: &str) -> Vec<String> {
    let mut values: Vec<(usize, String)> = fields
        .iter()
        .filter_map(|(name, value)| {
            let row = name.strip_prefix(prefix)?.parse().ok()?;
            Some((row, value.clone()))
        })
        .collect();
    values.sort();
    values.into_iter().map(|(_, value)| value).collect()
}

/// The rows of redirect URIs, after adding or taking out one; `None` while they are the preset's.
fn typed_redirect_uris(
    draft: &Draft,
    intent: &Intent,
    fields: &Fields,
    basis: &Basis,
) -> Option<Vec<RedirectUri>> {
    let mut rows: Vec<(usize, RedirectUri)> = fields
        .iter()
        .filter_map(|(name, url)| {
            let row: usize = name.strip_prefix("redirect_uris.")?.parse().ok()?;
            let mode = fields.get(&format!("redirect_uris.{row}.mode"));
            let matching_mode = MatchingMode::from(mode.map_or("strict", String::as_str));
            let url = url.clone();
            Some((
                row,
                RedirectUri {
                    matching_mode,
                    url,
                    purpose: None,
                },
            ))
        })
        .collect();
    rows.sort_by_key(|(row, _)| *row);
    let mut uris: Vec<RedirectUri> = rows
        .into_iter()
        .filter(|(row, uri)| {
            *intent != Intent::RemoveRedirectUri(*row) && !uri.url.trim().is_empty()
        })
        .map(|(_, uri)| uri)
        .collect();
    if *intent == Intent::AddRedirectUri {
        uris.push(RedirectUri::strict(""));
    }
    (uris != basis.redirect_uris(draft)).then_some(uris)
}

fn access(draft: &mut Draft, intent: &Intent, fields: &Fields) {
    let chosen = listed(fields, "access.groups.");
    let mut new: Vec<String> = Vec::new();
    for name in listed(fields, "access.new_groups.") {
        if !name.trim().is_empty() {
            new.push(name);
        }
    }
    let everyone = fields.get("access").map(String::as_str) == Some("everyone");
    draft.access.everyone = everyone;
    // Everyone leaves no room for groups: those that were ticked before are not sent along.
    draft.access.groups = if everyone { Vec::new() } else { chosen };
    draft.access.new_groups = if everyone { Vec::new() } else { new };
    if *intent == Intent::AddGroup && !everyone {
        draft.access.new_groups.push(String::new());
    }
}

#[cfg(test)]
mod tests;
