use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;
use setup::oidc_application::{DRAFT_FORMAT, WizardStep};
use ui::{
    Button, ButtonKind, Callout, Crumb, ErrorSummary, Glyph, PageHeader, Stepper, Tone, Variant,
};

use crate::{
    data::load_wizard,
    model::Wizard,
    resource::data,
    serverfn::SaveDraft,
    state::wizard::{Position, stepper, summary},
    view::{ActionNotice, Loading, failure, page_panel, parameter, query},
};

/// What a step's form is made from.
#[derive(Clone)]
pub(super) struct Step {
    /// The draft with all that the page has to know.
    pub(super) wizard: Wizard,
    /// Whether errors are shown: the form was sent and something was wrong.
    pub(super) check: bool,
}

impl Step {
    /// The errors of a field, once they are to be shown.
    pub(super) fn errors(&self, field: &str) -> Vec<String> {
        if self.check {
            self.wizard.errors.of(field).to_vec()
        } else {
            Vec::new()
        }
    }
}

/// A step of the wizard: stepper, summary of errors, and a form around `fields` that keeps
/// everything as typed and goes on when it is right.
pub(super) fn step_page(
    step: WizardStep,
    title: &'static str,
    lead: &'static str,
    fields: fn(&Step) -> AnyView,
) -> AnyView {
    let id = parameter("draft");
    let check = query("check");
    let save = ServerAction::<SaveDraft>::new();
    let data = data(
        move || (id.get(), check.get()),
        |(id, check)| load_wizard(id, check),
    );
    view! {
        <ActionNotice failure=failure(save)/>
        {page_panel(data, Loading::lines("the draft", 8), move |wizard| {
            let step_data = Step { wizard, check: !check.get_untracked().is_empty() };
            let head = head(step, title, lead, &step_data);
            let form = form(step, save, fields, &step_data);
            view! { {head} {form} }.into_any()
        })}
    }
    .into_any()
}

fn head(step: WizardStep, title: &str, lead: &'static str, data: &Step) -> AnyView {
    let record = &data.wizard.record;
    let items = stepper(Position::from(step), Some(&record.id), &data.wizard.errors);
    let name = record.draft.name.trim();
    let name = if name.is_empty() {
        &data.wizard.preset.name
    } else {
        name
    };
    let heading = format!("{title}: {name}");
    let old = (record.draft.format != DRAFT_FORMAT).then(|| old_draft(data));
    let blind = data.wizard.choices.is_none().then(|| {
        view! {
            <Callout title="authentik does not answer at the moment" tone=Tone::Warning>
                <p>"You can go on filling in the form; everything is kept. What only authentik knows, such as its groups and flows, is missing here, and nothing can be planned until it answers."</p>
            </Callout>
        }
    });
    view! {
        <Title text=heading.clone()/>
        <PageHeader
            title=heading
            lead=lead
            crumbs=vec![Crumb::new("Applications", "/applications")]
        />
        <Stepper steps=items label="Set up an application"/>
        {old}
        {blind}
    }
    .into_any()
}

/// A draft of another version of Ostiary: shown, not guessed at.
fn old_draft(data: &Step) -> AnyView {
    let text = serde_json::to_string_pretty(&data.wizard.record.draft).unwrap_or_default();
    let messages = data.wizard.errors.of("format").join(" ");
    view! {
        <Callout title="This draft is from another version of Ostiary" tone=Tone::Danger>
            <p>{messages}</p>
            <details class="technical">
                <summary>"What you typed"</summary>
                <pre class="technical-text" tabindex="0">{text}</pre>
            </details>
        </Callout>
    }
    .into_any()
}

fn form(
    step: WizardStep,
    save: ServerAction<SaveDraft>,
    fields: fn(&Step) -> AnyView,
    data: &Step,
) -> AnyView {
    let errors = if data.check {
        summary(step, &data.wizard.errors)
    } else {
        Vec::new()
    };
    let details = (step == WizardStep::Address).then(|| {
        view! {
            <Button kind=ButtonKind::Submit name="intent" value="details">"Look at the details first"</Button>
        }
    });
    let id = data.wizard.record.id.clone();
    let fields = fields(data);
    view! {
        <ActionForm action=save attr:class="form" attr:novalidate="">
            // The first button is the one that Enter presses.
            <button class="sr-only" type="submit" name="intent" value="continue" tabindex="-1" aria-hidden="true">
                "Continue"
            </button>
            <input type="hidden" name="draft" value=id/>
            <input type="hidden" name="step" value=step.segment()/>
            <ErrorSummary errors=errors/>
            {fields}
            <div class="form-actions">
                <Button kind=ButtonKind::Submit variant=Variant::Primary name="intent" value="continue">
                    "Continue"
                </Button>
                {details}
                <Button kind=ButtonKind::Submit variant=Variant::Quiet icon=Glyph::ArrowLeft name="intent" value="back">
                    "Back"
                </Button>
            </div>
        </ActionForm>
    }
    .into_any()
}
