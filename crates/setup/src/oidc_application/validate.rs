//! Field-by-field validation, the same in the browser and on the server. What only the connected
//! authentik can tell is checked by [`plan`](super::plan()).

use authentik_api::models::{ClientType, IssuerMode, PolicyEngineMode, RedirectUri, SubMode};
use url::Url;

use super::{BaseUrl, DRAFT_FORMAT, Draft, redirect::redirect_uris};
use crate::{
    FieldErrors,
    preset::{AppSide, Preset, Values, core_values},
};

/// A draft whose every field makes sense by itself.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Checked {
    pub(super) name: String,
    pub(super) slug: String,
    pub(super) base: BaseUrl,
    pub(super) values: Values,
    pub(super) redirect_uris: Vec<RedirectUri>,
    pub(super) client_type: ClientType,
    pub(super) client_id: Option<String>,
    pub(super) scopes: Vec<String>,
    pub(super) sub_mode: SubMode,
    pub(super) issuer_mode: IssuerMode,
    pub(super) policy_engine_mode: PolicyEngineMode,
    pub(super) launch_url: String,
    pub(super) icon: Option<String>,
    pub(super) new_groups: Vec<String>,
    pub(super) further_grant_types: Vec<String>,
    pub(super) access_token_validity: Option<String>,
    pub(super) access_code_validity: Option<String>,
    pub(super) backchannel_logout: Option<String>,
}

/// Checks every field of a draft by itself. `authentik_url` is authentik's public address.
pub fn validate(draft: &Draft, preset: &Preset, authentik_url: &str) -> FieldErrors {
    check(draft, preset, authentik_url)
        .err()
        .unwrap_or_default()
}

/// Checks every field of a draft and parses it.
pub(super) fn check(
    draft: &Draft,
    preset: &Preset,
    authentik_url: &str,
) -> Result<Checked, FieldErrors> {
    let mut errors = FieldErrors::default();
    check_preset(draft, preset, &mut errors);
    let name = draft.name.trim().to_owned();
    check_name(&name, &mut errors);
    let slug = draft.effective_slug();
    check_slug(draft, &slug, &mut errors);
    let base = BaseUrl::parse(&draft.base_url)
        .map_err(|message| errors.add("base_url", message))
        .ok();
    check_variables(draft, preset, &mut errors);
    let client_id = client_id(draft, preset, &mut errors);
    let values = values(
        draft,
        preset,
        authentik_url,
        base.as_ref(),
        &slug,
        client_id.as_deref(),
    );
    let redirect_uris = redirect_uris(draft, preset, &values, base.is_some(), &mut errors);
    let client_type = client_type(draft, preset, &mut errors);
    if let (ClientType::Public, Some(secret)) = (&client_type, &draft.client_secret)
        && !secret.expose().is_empty()
    {
        errors.add(
            "client_secret",
            "A public client has no secret: leave it empty, or make the client confidential.",
        );
    }
    let scopes = scopes(draft, preset, &mut errors);
    let launch_url = launch_url(draft, preset, &values, &mut errors);
    // What is missing for it, such as a variable, is told above.
    let backchannel_logout = preset.backchannel_logout(&values).ok().flatten();
    let icon = icon(draft, &mut errors);
    let new_groups = new_groups(draft, &mut errors);
    let sub_mode = choice(
        "sub_mode",
        &draft.sub_mode,
        preset
            .sub_mode
            .map_or(SubMode::HashedUserId, |mode| SubMode::from(mode.as_str())),
        |mode| matches!(mode, SubMode::Unknown(_)),
        &mut errors,
    );
    let issuer_mode = choice(
        "issuer_mode",
        &draft.issuer_mode,
        IssuerMode::PerProvider,
        |mode| matches!(mode, IssuerMode::Unknown(_)),
        &mut errors,
    );
    let policy_engine_mode = choice(
        "policy_engine_mode",
        &draft.policy_engine_mode,
        PolicyEngineMode::Any,
        |mode| matches!(mode, PolicyEngineMode::Unknown(_)),
        &mut errors,
    );
    let Some(base) = base else { return Err(errors) };
    errors.into_result(Checked {
        name,
        slug,
        base,
        values,
        redirect_uris,
        client_type,
        client_id,
        scopes,
        sub_mode,
        issuer_mode,
        policy_engine_mode,
        launch_url,
        icon,
        new_groups,
        further_grant_types: further_grant_types(preset),
        access_token_validity: preset.overrides.access_token_validity.clone(),
        access_code_validity: preset.overrides.access_code_validity.clone(),
        backchannel_logout,
    })
}

/// The grant types that an application needs beyond those of every web application.
fn further_grant_types(preset: &Preset) -> Vec<String> {
    let implicit = preset.overrides.implicit.then_some("implicit");
    let device = preset
        .overrides
        .device_code
        .then_some("urn:ietf:params:oauth:grant-type:device_code");
    implicit
        .into_iter()
        .chain(device)
        .map(str::to_owned)
        .collect()
}

fn check_preset(draft: &Draft, preset: &Preset, errors: &mut FieldErrors) {
    if draft.format != DRAFT_FORMAT {
        errors.add(
            "format",
            format!(
                "This draft has the form {} of another version of Ostiary; this one knows form \
                 {DRAFT_FORMAT}. Start a new one: what you typed is shown beside it.",
                draft.format
            ),
        );
    }
    if draft.preset != preset.id {
        errors.add(
            "preset",
            format!("There is no application “{}” in the gallery.", draft.preset),
        );
    } else if !preset.available() {
        errors.add(
            "preset",
            format!(
                "The guided set-up for {} ({}) is still to come. Choose “Generic OIDC” when it \
                 also speaks OpenID Connect.",
                preset.name,
                preset.protocol.label()
            ),
        );
    }
}

fn check_name(name: &str, errors: &mut FieldErrors) {
    if name.is_empty() {
        errors.add("name", "Give the application a name.");
    } else if name.chars().count() > 200 {
        errors.add("name", "The name is longer than 200 characters.");
    } else if name.chars().any(char::is_control) {
        errors.add(
            "name",
            "The name holds a control character, such as a line break.",
        );
    }
}

/// What to say of a slug that the application `name` has already.
pub fn slug_taken(slug: &str, name: &str) -> String {
    format!(
        "The slug “{slug}” belongs to the application “{name}” already. Choose another one, or open \
         that application."
    )
}

fn check_slug(draft: &Draft, slug: &str, errors: &mut FieldErrors) {
    if slug.is_empty() {
        if !draft.name.trim().is_empty() {
            errors.add(
                "slug",
                "No slug can be made of this name: type one, such as “my-app”.",
            );
        }
    } else if !slug
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
    {
        errors.add(
            "slug",
            "A slug has letters, digits, hyphens and underscores only.",
        );
    }
}

fn check_variables(draft: &Draft, preset: &Preset, errors: &mut FieldErrors) {
    for variable in &preset.variables {
        let value = draft.variable(variable);
        let field = format!("variables.{}", variable.name);
        if value.is_empty() && !variable.may_be_empty {
            errors.add(
                field,
                format!(
                    "{} is missing, for example “{}”.",
                    variable.label, variable.example
                ),
            );
        } else if value.chars().any(char::is_control) {
            errors.add(
                field,
                format!("{} holds a control character.", variable.label),
            );
        }
    }
    for name in draft.variables.keys() {
        if !preset
            .variables
            .iter()
            .any(|variable| variable.name == *name)
        {
            errors.add(
                format!("variables.{name}"),
                format!("{} has no variable of this name.", preset.name),
            );
        }
    }
}

/// The client id in force: typed, fixed by the application, or left to authentik.
fn client_id(draft: &Draft, preset: &Preset, errors: &mut FieldErrors) -> Option<String> {
    let typed = draft.client_id.trim();
    if typed.chars().count() > 255 || typed.chars().any(|c| !c.is_ascii_graphic()) {
        errors.add(
            "client_id",
            "A client id has at most 255 visible ASCII characters and no spaces.",
        );
    }
    if typed.is_empty() {
        preset.overrides.client_id.clone()
    } else {
        Some(typed.to_owned())
    }
}

fn values(
    draft: &Draft,
    preset: &Preset,
    authentik_url: &str,
    base: Option<&BaseUrl>,
    slug: &str,
    client_id: Option<&str>,
) -> Values {
    let base = base.map_or("https://invalid", BaseUrl::as_str);
    let mut values = core_values(
        authentik_url,
        slug,
        base,
        client_id.unwrap_or_default(),
        None,
    );
    for variable in &preset.variables {
        values.insert(&variable.name, draft.variable(variable));
    }
    values
}

fn client_type(draft: &Draft, preset: &Preset, errors: &mut FieldErrors) -> ClientType {
    let fallback = preset.client_type.map_or(ClientType::Confidential, |kind| {
        ClientType::from(kind.as_str())
    });
    let chosen = choice(
        "client_type",
        &draft.client_type,
        fallback,
        |kind| matches!(kind, ClientType::Unknown(_)),
        errors,
    );
    if chosen == ClientType::Public && needs_secret(preset) {
        let message = format!(
            "{} is configured with a client secret: keep the client confidential.",
            preset.name
        );
        errors.add("client_type", message);
    }
    chosen
}

/// Whether what goes into the application holds the client secret.
fn needs_secret(preset: &Preset) -> bool {
    let needed = |side: &AppSide| {
        side.variant.is_none()
            && serde_json::to_string(&side.values)
                .is_ok_and(|text| text.contains("{client_secret}"))
    };
    !preset.id.starts_with("generic-") && preset.app_side.iter().any(needed)
}

/// One of an enumeration's values, or its default for an empty text.
fn choice<C: for<'t> From<&'t str>>(
    field: &str,
    text: &str,
    fallback: C,
    unknown: impl Fn(&C) -> bool,
    errors: &mut FieldErrors,
) -> C {
    let text = text.trim();
    if text.is_empty() {
        return fallback;
    }
    let chosen = C::from(text);
    if unknown(&chosen) {
        errors.add(field, format!("“{text}” is not one of the choices."));
        return fallback;
    }
    chosen
}

fn scopes(draft: &Draft, preset: &Preset, errors: &mut FieldErrors) -> Vec<String> {
    let mut scopes: Vec<String> = Vec::new();
    for scope in draft.scopes.as_ref().unwrap_or(&preset.scopes) {
        let scope = scope.trim();
        let token = |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '\\');
        if !scope.chars().all(token) {
            errors.add(
                "scopes",
                format!("“{scope}” is no scope name (RFC 6749 §3.3)."),
            );
        } else if !scope.is_empty() && !scopes.iter().any(|known| known == scope) {
            scopes.push(scope.to_owned());
        }
    }
    if !scopes.iter().any(|scope| scope == "openid") {
        errors.add(
            "scopes",
            "Without the scope “openid” this is no OpenID Connect: keep it.",
        );
    }
    scopes
}

fn launch_url(draft: &Draft, preset: &Preset, values: &Values, errors: &mut FieldErrors) -> String {
    let typed = draft.launch_url.trim();
    if typed.is_empty() {
        return match preset.launch_url(values) {
            Ok(Some(url)) => url,
            Ok(None) => values.get("base").unwrap_or_default().to_owned(),
            Err(error) => {
                errors.add(
                    "launch_url",
                    format!("{error}: type the address that a click opens."),
                );
                String::new()
            }
        };
    }
    // authentik hides an application that opens `blank://blank`, and fills `%(username)s` in.
    let opens = Url::parse(typed).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    if !opens && typed != "blank://blank" {
        errors.add(
            "launch_url",
            "This is not an address. It should look like https://app.example.com.",
        );
    }
    typed.to_owned()
}

fn icon(draft: &Draft, errors: &mut FieldErrors) -> Option<String> {
    let icon = draft.icon.trim();
    if icon.is_empty() {
        return None;
    }
    let allowed = icon.starts_with("https://") || icon.starts_with("fa://");
    if !allowed {
        errors.add(
            "icon",
            "Give an https:// address or a name such as fa://fa-chart-line.",
        );
    }
    Some(icon.to_owned())
}

fn new_groups(draft: &Draft, errors: &mut FieldErrors) -> Vec<String> {
    let access = &draft.access;
    let typed: Vec<String> = access
        .new_groups
        .iter()
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .collect();
    for (index, name) in typed.iter().enumerate() {
        if name.chars().count() > 80 || name.chars().any(char::is_control) {
            errors.add(
                "access.new_groups",
                "A group's name has at most 80 characters and no line breaks.",
            );
        }
        if typed.iter().take(index).any(|before| before == name) {
            errors.add(
                "access.new_groups",
                format!("The group “{name}” is listed twice."),
            );
        }
    }
    let chosen = access.groups.iter().any(|group| !group.trim().is_empty()) || !typed.is_empty();
    match (access.everyone, chosen) {
        (false, false) => errors.add(
            "access",
            "Choose who may enter: everyone, or at least one group.",
        ),
        (true, true) => errors.add(
            "access",
            "Everyone and only certain groups exclude each other: choose one of the two.",
        ),
        _ => {}
    }
    typed
}
