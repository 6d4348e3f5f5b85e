use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;
use leptos_router::components::Redirect;
use ui::{
    Button, ButtonKind, Callout, Card, Crumb, ErrorSummary, PageHeader, SkeletonShape, Tone,
    Variant,
};

use super::fields::fields;
use crate::{
    data::access_form,
    links,
    resource::data,
    serverfn::PlanAccess,
    state::{
        access_edit::Form,
        access_task::{About, Task},
        wizard::items,
    },
    view::{ActionNotice, Loading, Section, failure, main_panel, query, query_fields, sections},
};

/// Begins a change of who may open what: a form, which leads to a plan.
#[component]
pub fn ChangeAccessPage() -> AnyView {
    match Task::parse(&query("do").get_untracked()) {
        Some(Task::Bind) => view! { <Redirect path=links::BIND/> }.into_any(),
        Some(task) => form_page(task),
        None => overview(),
    }
}

/// Everything that can be done.
fn overview() -> AnyView {
    let cards: Vec<_> = About::ALL.into_iter().map(tasks).collect();
    view! {
        <Title text="Change access"/>
        <PageHeader
            title="Change access"
            lead="Every change becomes a plan first: it shows who gains and who loses access before anything is written, and it can be undone."
        />
        {sections(Section::Change)}
        <div class="tasks">{cards}</div>
    }
    .into_any()
}

fn tasks(about: About) -> impl IntoView {
    let lines: Vec<_> = Task::ALL
        .into_iter()
        .filter(|task| task.about() == about)
        .map(|task| {
            let href = task.link(&[]);
            view! {
                <li>
                    <a href=href>{task.label()}</a>
                    <p class="muted">{task.hint()}</p>
                </li>
            }
        })
        .collect();
    view! {
        <Card title=about.label()><ul role="list" class="flex flex-col gap-4">{lines}</ul></Card>
    }
}

fn form_page(task: Task) -> AnyView {
    let plan = ServerAction::<PlanAccess>::new();
    let typed = query_fields();
    let known = data(|| (), move |()| access_form(task, typed.clone()));
    let loading = Loading {
        what: "the form",
        shape: SkeletonShape::Lines(6),
    };
    view! {
        <Title text=task.label()/>
        <PageHeader
            title=task.label()
            lead=task.hint()
            crumbs=vec![Crumb::new("Change access", links::CHANGE_ACCESS)]
        />
        <div class="stack">
            <ActionNotice failure=failure(plan)/>
            {main_panel(known, loading, move |known| form(task, &known, plan))}
        </div>
    }
    .into_any()
}

fn form(task: Task, known: &Form, plan: ServerAction<PlanAccess>) -> AnyView {
    let again = known.again.then(|| {
        view! {
            <Callout title="It could not be planned a moment ago" tone=Tone::Warning live=true>
                <p>"Nothing was written. It can be planned now: send the form again."</p>
            </Callout>
        }
    });
    let (summary, fields) = (items(&known.errors), fields(task, known));
    view! {
        {again}
        <Card>
            <ActionForm action=plan attr:class="form" attr:novalidate="">
                <input type="hidden" name="do" value=task.word()/>
                <ErrorSummary errors=summary/>
                {fields}
                <div class="form-actions">
                    <Button kind=ButtonKind::Submit variant=Variant::Primary>"See the plan"</Button>
                </div>
            </ActionForm>
        </Card>
    }
    .into_any()
}
