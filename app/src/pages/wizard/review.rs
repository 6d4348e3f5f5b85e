use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;
use setup::{FieldErrors, change::State, oidc_application::WizardStep};
use ui::{
    Button, ButtonKind, Callout, Card, Crumb, Findings, Glyph, LinkButton, PageHeader, Stepper,
    Tone, Variant,
};

use crate::{
    data::review_draft,
    links,
    model::{Change, Review},
    pages::change_plan_steps,
    resource::data,
    serverfn::ApplyChange,
    state::{
        changes::findings,
        wizard::{Position, stepper},
    },
    view::{ActionNotice, Loading, failure, page_panel, parameter, proof, prove},
};

/// The step that shows what will be done, before anything is written.
#[component]
pub fn ReviewPage() -> AnyView {
    let id = parameter("draft");
    let apply = ServerAction::<ApplyChange>::new();
    let data = data(move || id.get(), review_draft);
    view! {
        <ActionNotice failure=failure(apply)/>
        {page_panel(data, Loading::lines("the plan", 10), move |review| page(&review, apply))}
    }
    .into_any()
}

fn page(review: &Review, apply: ServerAction<ApplyChange>) -> AnyView {
    let none = FieldErrors::default();
    let errors = review.outcome.as_ref().err().unwrap_or(&none);
    let steps = stepper(Position::Review, Some(&review.record.id), errors);
    let name = review.record.draft.name.trim();
    let name = if name.is_empty() {
        &review.preset_name
    } else {
        name
    };
    let title = format!("Review: {name}");
    let body = match &review.outcome {
        Err(errors) => problems(&review.record.id, errors),
        Ok(change) if change.summary.state == State::Planned => {
            planned(&review.record.id, change, apply)
        }
        Ok(change) => already(change),
    };
    view! {
        <Title text=title.clone()/>
        <PageHeader
            title=title
            lead="Nothing has been written yet."
            crumbs=vec![Crumb::new("Applications", "/applications")]
        />
        <Stepper steps=steps label="Set up an application"/>
        <div class="stack">{body}</div>
    }
    .into_any()
}

/// What is wrong with the draft, with links to the steps.
fn problems(draft: &str, errors: &FieldErrors) -> AnyView {
    let items: Vec<_> = errors
        .0
        .iter()
        .flat_map(|(field, messages)| messages.iter().map(move |message| (field, message)))
        .map(|(field, message)| {
            let step = WizardStep::of_field(field);
            let href = match step {
                WizardStep::Choose => links::NEW.to_owned(),
                step => format!(
                    "{}?check=1#{}",
                    links::step(draft, step),
                    ui::field_id(field)
                ),
            };
            view! { <li><a href=href>{message.clone()}</a></li> }
        })
        .collect();
    view! {
        <Callout title="This cannot be planned yet" tone=Tone::Danger live=true>
            <ul class="flex flex-col gap-1" role="list">{items}</ul>
            <p>"Each line leads to its field. Everything you typed is kept."</p>
        </Callout>
    }
    .into_any()
}

/// The draft was applied already, in another tab or before going back.
fn already(change: &Change) -> AnyView {
    let text = format!("Its state is “{}”.", change.summary.state.label());
    let page = links::change(&change.summary.id);
    view! {
        <Callout title="This draft was applied already" tone=Tone::Info>
            <p>{text}</p>
        </Callout>
        <p><LinkButton href=page variant=Variant::Primary>"Show the change set"</LinkButton></p>
    }
    .into_any()
}

fn planned(draft: &str, change: &Change, apply: ServerAction<ApplyChange>) -> AnyView {
    let plan = &change.plan;
    let tone = if plan.access.everyone {
        Tone::Warning
    } else {
        Tone::Info
    };
    let items = findings(&plan.findings);
    let risks = (!items.is_empty())
        .then(|| view! { <Card title="Findings"><Findings items=items/></Card> });
    let edit = links::step(draft, WizardStep::Access);
    let steps = match plan.steps.len() {
        1 => "One step, shown below.".to_owned(),
        several => format!("{several} steps, shown below in order."),
    };
    let id = change.summary.id.clone();
    let first = proof(&links::review(draft)).filter(|_| plan.is_dangerous());
    let proof_text = first.is_some().then(|| {
        view! { <p>"This opens a door, so Ostiary asks once more who you are before it is applied."</p> }
    });
    let go = match first {
        Some(href) => prove(href),
        None => view! {
            <Button kind=ButtonKind::Submit variant=Variant::Primary>"Apply"</Button>
        }
        .into_any(),
    };
    let (plan_title, listed) = (plan.title.clone(), change_plan_steps(&plan.steps));
    view! {
        <Callout title=plan.access.sentence.clone() tone=tone>
            <p>{plan_title} ". " {steps}</p>
        </Callout>
        {risks}
        <Card title="What will be done">{listed}</Card>
        <Card title="What is not touched">
            <p>"Other applications, providers, groups, people, flows and policies stay as they are. Existing groups get no new members. Should a step fail, what the steps before it created is deleted again."</p>
        </Card>
        {proof_text}
        <ActionForm action=apply>
            <input type="hidden" name="change" value=id/>
            <div class="form-actions">
                {go}
                <LinkButton href=edit variant=Variant::Quiet icon=Glyph::ArrowLeft>"Back"</LinkButton>
            </div>
        </ActionForm>
    }
    .into_any()
}
