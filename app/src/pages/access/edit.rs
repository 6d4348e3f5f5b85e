use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;
use ui::{
    Button, ButtonKind, Card, CheckboxField, Field, PageHeader, RadioCard, RadioCards, SelectField,
    SelectOption, SkeletonShape, TabItem, Tabs, Tone, Variant,
};

use crate::{
    data::access_offer,
    model::Choice,
    resource::data,
    serverfn::PlanAccess,
    state::access_edit::{Offer, Task},
    view::{ActionNotice, Loading, Section, failure, main_panel, query, sections},
};

/// How many people a form takes at once.
const PEOPLE: u8 = 3;

/// Begins a change of who may open what: a form, which leads to a plan.
#[component]
pub fn ChangeAccessPage() -> AnyView {
    let plan = ServerAction::<PlanAccess>::new();
    let offer = data(|| (), |()| access_offer());
    let task = Task::parse(&query("do").get_untracked());
    let loading = Loading {
        what: "groups and applications",
        shape: SkeletonShape::Lines(6),
    };
    let tabs = Task::ALL
        .into_iter()
        .map(|other| TabItem {
            label: other.label().to_owned(),
            href: other.link(&[]),
            current: other == task,
            count: None,
        })
        .collect();
    view! {
        <Title text="Change access"/>
        <PageHeader
            title="Change access"
            lead="Every change becomes a plan first: it shows who gains and who loses access before anything is written, and it can be undone."
        />
        {sections(Section::Change)}
        <div class="stack">
            <ActionNotice failure=failure(plan)/>
            <Tabs label="What is to be done" items=tabs/>
            {main_panel(offer, loading, move |offer| form(task, &offer, plan))}
        </div>
    }
    .into_any()
}

fn form(task: Task, offer: &Offer, plan: ServerAction<PlanAccess>) -> AnyView {
    let fields = match task {
        Task::Join => vec![group(offer), people("add", "Login name of who joins")],
        Task::Leave => vec![group(offer), people("remove", "Login name of who leaves")],
        Task::Bind => vec![
            application(offer),
            group(offer),
            new_group(),
            switch(
                "negate",
                "Negate: let in everybody who is not in the group",
                "Rarely what one wants. The plan shows who that is.",
            ),
        ],
        Task::Unbind => vec![application(offer), group(offer), leave_deny()],
        Task::Door => vec![application(offer), door(), group(offer)],
        Task::NewGroup => vec![
            hidden("action", "create"),
            view! { <Field name="name" label="Name of the new group" required=true/> }.into_any(),
            people("members", "Login name of a first member"),
        ],
        Task::DeleteGroup => vec![
            hidden("action", "delete"),
            choose("group", "Group", &offer.groups, "group"),
            leave_deny(),
        ],
    };
    view! {
        <Card title=task.label()>
            <ActionForm action=plan attr:class="form">
                <input type="hidden" name="kind" value=task.kind()/>
                {fields}
                <div class="form-actions">
                    <Button kind=ButtonKind::Submit variant=Variant::Primary>"See the plan"</Button>
                </div>
            </ActionForm>
        </Card>
    }
    .into_any()
}

fn hidden(name: &'static str, value: &'static str) -> AnyView {
    view! { <input type="hidden" name=name value=value/> }.into_any()
}

/// A list to choose from; `known` is the parameter of the address that chooses already.
fn choose(
    name: &'static str,
    label: &'static str,
    choices: &[Choice],
    known: &'static str,
) -> AnyView {
    let first = SelectOption::new("", "Choose …");
    let options: Vec<SelectOption> = std::iter::once(first)
        .chain(
            choices
                .iter()
                .map(|choice| SelectOption::new(choice.value.clone(), choice.label.clone())),
        )
        .collect();
    let chosen = query(known).get_untracked();
    view! { <SelectField name=name label=label options=options value=chosen required=true/> }
        .into_any()
}

fn group(offer: &Offer) -> AnyView {
    choose("groups.0", "Group", &offer.groups, "group")
}

fn application(offer: &Offer) -> AnyView {
    choose(
        "applications.0",
        "Application",
        &offer.applications,
        "application",
    )
}

/// Login names are typed: a list of ten thousand people is none to choose from.
fn people(name: &'static str, label: &'static str) -> AnyView {
    let known = query("user").get_untracked();
    (0..PEOPLE)
        .map(|row| {
            let value = if row == 0 { known.clone() } else { String::new() };
            let label = if row == 0 {
                label.to_owned()
            } else {
                format!("{label} ({})", row + 1)
            };
            view! { <Field name=format!("{name}.{row}") label=label value=value required={row == 0} mono=true/> }
        })
        .collect::<Vec<_>>()
        .into_any()
}

fn new_group() -> AnyView {
    view! {
        <Field
            name="new_groups.0"
            label="Or the name of a new group"
            hint="It is created without members."
        />
    }
    .into_any()
}

fn switch(name: &'static str, label: &'static str, hint: &'static str) -> AnyView {
    view! { <CheckboxField name=name label=label value="on" hint=hint/> }.into_any()
}

fn leave_deny() -> AnyView {
    switch(
        "leave_deny",
        "Leave a deny where nothing else would count",
        "An application without any binding that counts is open to everyone. A deny keeps it closed instead.",
    )
}

fn door() -> AnyView {
    let options = vec![
        RadioCard::new(
            "restricted",
            "Only the group below",
            "Other bindings are disabled, not deleted.",
        ),
        RadioCard::new("closed", "Nobody", "Until you open it again."),
        RadioCard::new("everyone", "Everyone", "Everybody with an account.")
            .badge(Tone::Warning, "Open door"),
    ];
    view! { <RadioCards name="door" legend="Whom it lets in" options=options value="restricted"/> }
        .into_any()
}
