use access::Verdict;
use leptos::prelude::*;
use ui::{
    Button, ButtonKind, Field, Glyph, SelectField, SelectOption, Status, TabItem, Tabs, Tone,
};

use crate::{
    links,
    model::Choice,
    state::{named::Part, pickers::Pickers, why::verdict_label},
};

/// The pages about access.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    /// The map.
    Map,
    /// Open doors.
    Doors,
    /// All bindings.
    Bindings,
    /// Why?
    Why,
    /// The forms that begin a change.
    Change,
}

/// Links between the pages about access.
pub(crate) fn sections(current: Section) -> AnyView {
    let tab = |section: Section, label: &str, href: &str| TabItem {
        label: label.to_owned(),
        href: href.to_owned(),
        current: section == current,
        count: None,
    };
    let items = vec![
        tab(Section::Map, "Map", links::ACCESS),
        tab(Section::Doors, "Open doors", links::DOORS),
        tab(Section::Bindings, "Bindings", links::BINDINGS),
        tab(Section::Why, "Why?", links::WHY),
        tab(Section::Change, "Change", links::CHANGE_ACCESS),
    ];
    view! { <Tabs label="Access" items=items/> }.into_any()
}

/// A sentence, its names as links that keep to their own direction of writing.
pub(crate) fn sentence(words: &[Part]) -> AnyView {
    let parts: Vec<_> = words
        .iter()
        .map(|part| match part {
            Part::Text(text) => text.clone().into_any(),
            part @ Part::Name { .. } => view! { "“" {name(part)} "”" }.into_any(),
        })
        .collect();
    view! { <span>{parts}</span> }.into_any()
}

/// A name, as a link where there is a page about it.
pub(crate) fn name(part: &Part) -> AnyView {
    match part {
        Part::Text(text) => text.clone().into_any(),
        Part::Name { name, href: None } => view! { <bdi>{name.clone()}</bdi> }.into_any(),
        Part::Name {
            name,
            href: Some(href),
        } => view! { <a href=href.clone()><bdi>{name.clone()}</bdi></a> }.into_any(),
    }
}

/// Names, one behind the other.
pub(crate) fn names(parts: &[Part]) -> AnyView {
    let names: Vec<_> = parts
        .iter()
        .enumerate()
        .map(|(at, part)| view! { {(at > 0).then_some(", ")} {name(part)} })
        .collect();
    view! { <span>{names}</span> }.into_any()
}

/// An answer, by a sign and words.
pub(crate) fn verdict(verdict: Verdict) -> AnyView {
    let (tone, glyph) = match verdict {
        Verdict::Allowed => (Tone::Positive, Glyph::Check),
        Verdict::Denied => (Tone::Neutral, Glyph::Close),
        Verdict::Unknown => (Tone::Warning, Glyph::Question),
    };
    view! { <Status label=verdict_label(verdict) tone=tone glyph=glyph/> }.into_any()
}

/// Asks for a person and an application.
pub(crate) fn why_form(pickers: &Pickers, user: &str, find: &str, application: &str) -> AnyView {
    let person = match &pickers.people {
        Some(people) => {
            let options = options("Choose a person", people);
            view! { <SelectField name="user" label="Person" options=options value=user.to_owned() required=true/> }
                .into_any()
        }
        None => view! {
            <Field
                name="find"
                label="Person"
                value=find.to_owned()
                placeholder="Username, name or e-mail address"
                required=true
            />
        }
        .into_any(),
    };
    let applications = options("Choose an application", &pickers.applications);
    view! {
        <form class="picks" method="get" action=links::WHY>
            {person}
            <SelectField
                name="application"
                label="Application"
                options=applications
                value=application.to_owned()
                required=true
            />
            <Button kind=ButtonKind::Submit>"Why?"</Button>
        </form>
    }
    .into_any()
}

fn options(first: &str, choices: &[Choice]) -> Vec<SelectOption> {
    let choices = choices.iter();
    let choices = choices.map(|choice| SelectOption::new(&choice.value, &choice.label));
    std::iter::once(SelectOption::new("", first))
        .chain(choices)
        .collect()
}
