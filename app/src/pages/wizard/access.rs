use leptos::prelude::*;
use setup::oidc_application::WizardStep;
use ui::{CheckboxField, Field, FieldSet, RadioCard, RadioCards, Tone, VisuallyHidden};

use super::frame::{Step, step_page};
use crate::{
    state::{
        picks::{Pick, picks},
        text::count,
    },
    view::pick_list,
};

/// The step that asks who may enter.
#[component]
pub fn AccessPage() -> AnyView {
    step_page(
        WizardStep::Access,
        "Access",
        "Who may enter? Being a superuser of authentik opens no application: everybody needs to be let in here.",
        fields,
    )
}

fn fields(step: &Step) -> AnyView {
    let access = &step.wizard.record.draft.access;
    let everyone = access.everyone;
    let mode = if everyone { "everyone" } else { "groups" };
    let options = vec![
        RadioCard::new(
            "groups",
            "Only certain groups",
            "Members of the groups you choose, and of the groups below them.",
        ),
        RadioCard::new(
            "everyone",
            "Everyone",
            "Everybody with an account, guests and service accounts included.",
        )
        .badge(Tone::Warning, "Open door"),
    ];
    view! {
        <div class="who-may-enter stack">
        <RadioCards
            name="access"
            legend="Who may enter"
            options=options
            value=mode
            errors=step.errors("access")
        />
        // The style hides it while everyone may enter.
        <div class="which-groups stack">
            {existing(step)}
            {new_groups(step)}
        </div>
        </div>
    }
    .into_any()
}

fn existing(step: &Step) -> AnyView {
    let groups = step.wizard.choices.iter().flat_map(|it| &it.groups);
    let lines = groups.map(|group| Pick {
        warning: if group.superuser { "Superusers" } else { "" }.to_owned(),
        ..Pick::new(
            &group.pk,
            &group.name,
            count(group.people.into(), "person", "people"),
        )
    });
    pick_list(
        "access.groups",
        "Existing groups",
        "The number counts the people who would get in, members of groups below included.",
        picks(lines, &step.wizard.record.draft.access.groups),
        step.errors("access.groups"),
        "There is no group to choose from. Create one below.",
    )
}

/// The rows for new groups: a suggestion to tick while none is named, then what was typed.
fn new_groups(step: &Step) -> AnyView {
    let draft = &step.wizard.record.draft;
    let suggestion = format!("{} users", draft.name.trim());
    let groups = step
        .wizard
        .choices
        .as_ref()
        .map_or(&[][..], |choices| &choices.groups);
    let taken = groups.iter().any(|group| group.name == suggestion);
    let typed = &draft.access.new_groups;
    let suggested = (!draft.name.trim().is_empty() && !taken).then(|| {
        let chosen = typed.contains(&suggestion);
        view! {
            <CheckboxField
                name="access.new_groups.0"
                label=format!("Create the group “{suggestion}”")
                value=suggestion.clone()
                checked=chosen
                hint="It is created without members. Add people afterwards, on the page of the group."
            />
        }
    });
    let mut others: Vec<String> = typed
        .iter()
        .filter(|name| **name != suggestion || taken)
        .cloned()
        .collect();
    if others.last().is_none_or(|last| !last.is_empty()) {
        others.push(String::new());
    }
    let rows: Vec<_> = (1_u32..)
        .zip(others)
        .map(|(row, name)| {
            view! {
                <Field
                    name=format!("access.new_groups.{row}")
                    label="Name of a new group"
                    value=name
                />
            }
        })
        .collect();
    view! {
        <FieldSet
            name="access.new_groups"
            legend="New groups"
            errors=step.errors("access.new_groups")
        >
            {suggested}
            {rows}
            <div>
                <ui::Button kind=ui::ButtonKind::Submit small=true icon=ui::Glyph::Plus name="intent" value="add_group">
                    "Add another group"
                    <VisuallyHidden>", the page is loaded again"</VisuallyHidden>
                </ui::Button>
            </div>
        </FieldSet>
    }
    .into_any()
}
