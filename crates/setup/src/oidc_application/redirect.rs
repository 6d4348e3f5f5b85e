//! Redirect URIs of a draft: the preset's or those typed, each looked at by itself.

use authentik_api::models::{MatchingMode, RedirectUri};
use url::Url;

use super::Draft;
use crate::{
    FieldErrors,
    preset::{Preset, Values, core_values},
};

/// The redirect URIs in force: the typed ones, or the preset's.
pub(super) fn redirect_uris(
    draft: &Draft,
    preset: &Preset,
    values: &Values,
    base_known: bool,
    errors: &mut FieldErrors,
) -> Vec<RedirectUri> {
    let uris = match &draft.redirect_uris {
        Some(uris) => uris
            .iter()
            .map(|uri| RedirectUri {
                url: uri.url.trim().to_owned(),
                ..uri.clone()
            })
            .filter(|uri| !uri.url.is_empty())
            .collect(),
        None => match preset_redirect_uris(preset, values) {
            Ok(uris) => uris,
            Err(message) => {
                errors.add("redirect_uris", message);
                Vec::new()
            }
        },
    };
    if draft.redirect_uris.is_none() && !base_known {
        return uris;
    }
    let needs_client_id = values.get("client_id") == Some("")
        && draft.redirect_uris.is_none()
        && preset
            .redirect_uris
            .iter()
            .any(|uri| uri.url.contains("{client_id}"));
    if needs_client_id {
        errors.add(
            "client_id",
            "The redirect URI of this application holds the client id: give one.",
        );
    }
    for (index, uri) in uris.iter().enumerate() {
        if let Some(message) = redirect_uri_error(uri) {
            errors.add(format!("redirect_uris.{index}"), message);
        }
        if uris.iter().take(index).any(|before| before == uri) {
            errors.add(
                format!("redirect_uris.{index}"),
                "This redirect URI is listed twice.",
            );
        }
    }
    uris
}

/// The redirect URIs that a preset brings for a draft, the optional ones left out; none while a
/// placeholder has no value.
pub fn proposed_redirect_uris(
    draft: &Draft,
    preset: &Preset,
    authentik_url: &str,
) -> Vec<RedirectUri> {
    let typed = draft.client_id.trim();
    let client_id = match &preset.overrides.client_id {
        Some(fixed) if typed.is_empty() => fixed,
        _ => typed,
    };
    let slug = draft.effective_slug();
    let mut values = core_values(authentik_url, &slug, draft.base_url.trim(), client_id, None);
    for variable in &preset.variables {
        values.insert(&variable.name, draft.variable(variable));
    }
    preset_redirect_uris(preset, &values).unwrap_or_default()
}

/// The preset's redirect URIs with the values filled in; the optional ones are for the person to add.
pub(super) fn preset_redirect_uris(
    preset: &Preset,
    values: &Values,
) -> Result<Vec<RedirectUri>, String> {
    let uris = preset
        .redirect_uris(values)
        .map_err(|error| error.to_string())?;
    Ok(uris
        .into_iter()
        .filter(|uri| !uri.optional)
        .map(|uri| RedirectUri {
            matching_mode: MatchingMode::from(uri.matching.as_str()),
            url: uri.url,
            purpose: None,
        })
        .collect())
}

/// What is wrong with a redirect URI (RFC 6749 §3.1.2: absolute, without fragment).
fn redirect_uri_error(uri: &RedirectUri) -> Option<String> {
    match uri.matching_mode {
        MatchingMode::Strict => match Url::parse(&uri.url) {
            Err(error) => Some(format!("“{}” is not an address ({error}).", uri.url)),
            Ok(url) if url.fragment().is_some() => {
                Some("A redirect URI has no “#” part (RFC 6749 §3.1.2).".to_owned())
            }
            Ok(url) if matches!(url.scheme(), "javascript" | "data" | "vbscript") => Some(format!(
                "A redirect URI cannot have the scheme {}:.",
                url.scheme()
            )),
            Ok(_) if uri.url.chars().any(char::is_whitespace) => {
                Some("A redirect URI has no spaces.".to_owned())
            }
            Ok(_) => None,
        },
        MatchingMode::Regex => regex_error(&uri.url),
        MatchingMode::Unknown(ref mode) => Some(format!(
            "“{mode}” is no matching mode: use strict or regex."
        )),
    }
}

/// What is wrong with a regular expression, as far as can be told without Python: brackets that do
/// not close, a lone backslash, nothing to repeat. authentik compiles it again when it is saved.
fn regex_error(pattern: &str) -> Option<String> {
    if pattern.chars().any(char::is_whitespace) {
        return Some("A redirect URI has no spaces.".to_owned());
    }
    let mut round = 0_i32;
    let mut in_class = false;
    let mut before: Option<char> = None;
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        if c == '\\' && chars.next().is_none() {
            return Some("The regular expression ends in a lone backslash.".to_owned());
        }
        match c {
            '[' if !in_class => in_class = true,
            ']' if in_class => in_class = false,
            '(' if !in_class => round += 1,
            ')' if !in_class => round -= 1,
            '*' | '+' if !in_class && matches!(before, None | Some('(' | '|')) => {
                return Some(format!(
                    "The regular expression has nothing to repeat before “{c}”."
                ));
            }
            _ => {}
        }
        if round < 0 {
            return Some("The regular expression closes a bracket that is not open.".to_owned());
        }
        before = Some(c);
    }
    (round != 0 || in_class).then(|| "The regular expression leaves a bracket open.".to_owned())
}
