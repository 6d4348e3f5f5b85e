use leptos::prelude::*;
use setup::oidc_application::{Access, WizardStep};
use ui::{
    Badge, CheckboxField, Field, FieldSet, NarrowList, RadioCard, RadioCards, Tone, VisuallyHidden,
};

use super::frame::{Step, step_page};
use crate::{model::GroupChoice, state::text::count};

/// More groups than this get a field to narrow them down.
const MANY: usize = 8;
/// Id of the list of groups.
const GROUPS: &str = "groups-to-choose";

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

/// A line of the list: a group that is there, or one that is gone.
struct Offered {
    value: String,
    name: String,
    hint: String,
    superuser: bool,
    chosen: bool,
}

fn offered(groups: &[GroupChoice], access: &Access) -> Vec<Offered> {
    let chosen = |group: &GroupChoice| {
        let named = |text: &String| *text == group.pk || *text == group.name;
        access.groups.iter().any(named)
    };
    let known = groups.iter().map(|group| Offered {
        value: group.pk.clone(),
        name: group.name.clone(),
        hint: count(group.people.into(), "person", "people"),
        superuser: group.superuser,
        chosen: chosen(group),
    });
    let gone = access
        .groups
        .iter()
        .filter(|text| {
            !groups
                .iter()
                .any(|group| **text == group.pk || **text == group.name)
        })
        .map(|text| Offered {
            value: text.clone(),
            name: text.clone(),
            hint: "not found in authentik any more: take it out".to_owned(),
            superuser: false,
            chosen: true,
        });
    gone.chain(known).collect()
}

fn existing(step: &Step) -> AnyView {
    let groups = step
        .wizard
        .choices
        .as_ref()
        .map_or(&[][..], |choices| &choices.groups);
    let offered = offered(groups, &step.wizard.record.draft.access);
    let narrow =
        (offered.len() > MANY).then(|| view! { <NarrowList list=GROUPS label="Narrow the list"/> });
    let rows: Vec<_> = (0_u32..)
        .zip(offered)
        .map(|(row, group)| line(row, group))
        .collect();
    let none = rows.is_empty().then(|| {
        view! { <p class="muted">"There is no group to choose from. Create one below."</p> }
    });
    view! {
        <FieldSet
            name="access.groups"
            legend="Existing groups"
            hint="The number counts the people who would get in, members of groups below included."
            errors=step.errors("access.groups")
        >
            {narrow}
            <div id=GROUPS class="flex flex-col gap-3 max-h-96 overflow-y-auto rounded-lg border border-border p-3">{rows}{none}</div>
        </FieldSet>
    }
    .into_any()
}

fn line(row: u32, group: Offered) -> AnyView {
    let superuser = group.superuser.then(|| {
        view! { <Badge label="Superusers" tone=Tone::Warning/> }
    });
    view! {
        <div class="cluster">
            <CheckboxField
                name=format!("access.groups.{row}")
                label=group.name
                value=group.value
                checked=group.chosen
                hint=group.hint
            />
            {superuser}
        </div>
    }
    .into_any()
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
                hint="It is created without members. Add people to it in authentik afterwards."
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offered_keeps_a_chosen_group_that_is_gone() {
        let groups = [GroupChoice {
            pk: "1".into(),
            name: "family".into(),
            people: 1,
            superuser: false,
        }];
        let access = Access {
            groups: vec!["family".into(), "old".into()],
            ..Access::default()
        };
        let lines = offered(&groups, &access);
        let shape: Vec<_> = lines
            .iter()
            .map(|line| (line.name.as_str(), line.chosen))
            .collect();
        assert_eq!(shape, [("old", true), ("family", true)]);
        assert_eq!(lines[1].hint, "1 person");
    }
}
