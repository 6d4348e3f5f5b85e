use authentik_api::models::{MatchingMode, RedirectUri};
use leptos::prelude::*;
use setup::oidc_application::proposed_redirect_uris;
use ui::{
    Button, ButtonKind, Field, FieldKind, FieldSet, Glyph, SelectField, SelectOption,
    VisuallyHidden,
};

use super::Step;

/// The rows of redirect URIs. Adding and taking out one sends the form, so it works without
/// JavaScript.
pub(super) fn redirect_fields(step: &Step) -> AnyView {
    let wizard = &step.wizard;
    let draft = &wizard.record.draft;
    let mut uris = draft
        .redirect_uris
        .clone()
        .unwrap_or_else(|| proposed_redirect_uris(draft, &wizard.preset, &wizard.authentik_url));
    if uris.is_empty() {
        uris.push(RedirectUri::strict(""));
    }
    let several = uris.len() > 1;
    let rows: Vec<_> = (0_u32..)
        .zip(uris)
        .map(|(row, uri)| redirect_row(step, row, &uri, several))
        .collect();
    view! {
        <FieldSet
            name="redirect_uris"
            legend="Where sign-ins may come back to"
            hint="Compared character by character (strict), or as a regular expression that must match the whole."
            errors=step.errors("redirect_uris")
        >
            {rows}
            <div>
                <Button kind=ButtonKind::Submit small=true icon=Glyph::Plus name="intent" value="add_redirect_uri">
                    "Add another redirect URI"
                </Button>
            </div>
        </FieldSet>
    }
    .into_any()
}

fn redirect_row(step: &Step, row: u32, uri: &RedirectUri, several: bool) -> AnyView {
    let number = row + 1;
    let name = format!("redirect_uris.{row}");
    let modes = [MatchingMode::Strict, MatchingMode::Regex];
    let options = modes
        .iter()
        .map(|mode| SelectOption::new(mode.as_str(), mode.as_str()));
    let options: Vec<_> = options.collect();
    let mode = uri.matching_mode.as_str().to_owned();
    let filled = several || !uri.url.is_empty();
    let remove = filled.then(|| {
        view! {
            <div>
                <Button
                    kind=ButtonKind::Submit
                    small=true
                    icon=Glyph::Bin
                    name="intent"
                    value=format!("remove_redirect_uri.{row}")
                >
                    "Remove"
                    <VisuallyHidden>{format!(" redirect URI {number}")}</VisuallyHidden>
                </Button>
            </div>
        }
    });
    view! {
        <div class="flex flex-col gap-3">
            <Field
                name=name.clone()
                label=format!("Redirect URI {number}")
                kind=FieldKind::Url
                mono=true
                value=uri.url.clone()
                required=true
                errors=step.errors(&name)
            />
            <SelectField
                name=format!("{name}.mode")
                label=format!("Matching of redirect URI {number}")
                options=options
                value=mode
                required=true
            />
            {remove}
        </div>
    }
    .into_any()
}
