use leptos::prelude::*;
use setup::oidc_application::WizardStep;

use super::frame::{Step, step_page};
use crate::islands::AddressFields;

/// The step that asks for name and address.
#[component]
pub fn AddressPage() -> AnyView {
    step_page(
        WizardStep::Address,
        "Address",
        "Where do people open it? Everything else follows from the address.",
        fields,
    )
}

fn fields(step: &Step) -> AnyView {
    let wizard = &step.wizard;
    view! {
        <AddressFields
            draft=wizard.record.masked()
            preset=wizard.preset.for_validation()
            authentik_url=wizard.authentik_url.clone()
            version=wizard.version.clone()
            known=wizard.errors.clone()
            check=step.check
        />
    }
    .into_any()
}
