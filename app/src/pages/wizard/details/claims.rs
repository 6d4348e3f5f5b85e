use leptos::prelude::*;
use setup::preset::{Mapping, VerifiedEmailNeed};
use ui::{CheckboxField, Field, FieldSet, SelectField, SelectOption};

use super::{Step, default_option};

/// Scopes, the verified e-mail address, and the claim mappings that are created.
pub(super) fn claim_fields(step: &Step) -> AnyView {
    let (draft, preset) = (&step.wizard.record.draft, &step.wizard.preset);
    let scopes = draft.scopes.as_ref().unwrap_or(&preset.scopes).join(" ");
    let known = step
        .wizard
        .choices
        .as_ref()
        .map_or_else(String::new, |choices| choices.scopes.join(" "));
    let hint = if known.is_empty() {
        "Separated by spaces. “openid” must be among them.".to_owned()
    } else {
        format!("Separated by spaces. “openid” must be among them. authentik offers: {known}.")
    };
    let usual = match preset.verified_email.need {
        VerifiedEmailNeed::Yes => "yes where this authentik would say no",
        VerifiedEmailNeed::No | VerifiedEmailNeed::When => "as authentik says",
    };
    let email = match draft.verified_email {
        None => "",
        Some(true) => "yes",
        Some(false) => "no",
    };
    let email_options = vec![
        default_option(usual),
        SelectOption::new("yes", "Yes: say that addresses are verified"),
        SelectOption::new("no", "No: as authentik says"),
    ];
    let email_hint = if preset.verified_email.reason.is_empty() {
        "Some applications refuse an address that is not verified.".to_owned()
    } else {
        preset.verified_email.reason.clone()
    };
    let rows: Vec<_> = (0_u32..)
        .zip(&preset.mappings)
        .map(|(row, mapping)| {
            let chosen = draft
                .mappings
                .as_ref()
                .is_none_or(|names| names.contains(&mapping.name));
            mapping_row(row, mapping, chosen)
        })
        .collect();
    let mappings = (!rows.is_empty()).then(|| {
        view! {
            <FieldSet
                name="mappings"
                legend="Claim mappings to create"
                hint="Written by Ostiary for this application. The expression runs inside authentik."
                errors=step.errors("mappings")
            >
                <input type="hidden" name="mappings" value="1"/>
                {rows}
            </FieldSet>
        }
    });
    view! {
        <Field name="scopes" label="Scopes" mono=true value=scopes hint=hint required=true errors=step.errors("scopes")/>
        <SelectField
            name="verified_email"
            label="Verified e-mail address"
            options=email_options
            value=email
            hint=email_hint
            errors=step.errors("verified_email")
        />
        {mappings}
    }
    .into_any()
}

fn mapping_row(row: u32, mapping: &Mapping, chosen: bool) -> AnyView {
    let hint = if mapping.required {
        format!(
            "{} The application does not work without it.",
            mapping.purpose
        )
    } else {
        mapping.purpose.clone()
    };
    let label = format!("Expression of {}", mapping.name);
    view! {
        <div class="flex flex-col gap-2">
            <CheckboxField
                name=format!("mappings.{row}")
                label=mapping.name.clone()
                value=mapping.name.clone()
                checked=chosen
                hint=hint
            />
            <details class="technical">
                <summary>"The expression"</summary>
                <pre class="technical-text" tabindex="0" role="group" aria-label=label>{mapping.expression.clone()}</pre>
            </details>
        </div>
    }
    .into_any()
}
