use leptos::prelude::*;
use leptos_router::{
    hooks::{use_location, use_params_map, use_query_map},
    location::Location,
};
use ui::{Glyph, LinkButton, Variant};

use crate::{links, state::form::Fields, visitor::visitor};

/// A part of the page's path, such as the slug of an application.
pub(crate) fn parameter(name: &'static str) -> Memo<String> {
    let parameters = use_params_map();
    Memo::new(move |_| parameters.read().get(name).unwrap_or_default())
}

/// A value of the page's query; empty where it has none.
pub(crate) fn query(name: &'static str) -> Memo<String> {
    let query = use_query_map();
    Memo::new(move |_| query.read().get(name).unwrap_or_default())
}

/// Everything in the page's query, but for the wish for fresh answers.
pub(crate) fn query_fields() -> Fields {
    let query = use_query_map().read_untracked();
    let pairs = query.clone().into_iter();
    pairs
        .filter(|(name, value)| format!("{name}={value}") != links::FRESH)
        .map(|(name, value)| (name.into_owned(), value))
        .collect()
}

/// The number of a page in the query, from 1.
pub(crate) fn page_query() -> Memo<u32> {
    let page = query("page");
    Memo::new(move |_| page.read().parse().unwrap_or(1).max(1))
}

/// Where to go on once fresh answers were read; nothing where none are asked for.
pub(crate) fn again() -> Option<String> {
    let here = here().get_untracked();
    let address = links::without(&here, links::FRESH);
    (address != here).then_some(address)
}

/// The page's own address.
pub(crate) fn here() -> Signal<String> {
    let Location {
        pathname, search, ..
    } = use_location();
    Signal::derive(move || {
        let search = search.get();
        let search = search.trim_start_matches('?');
        let mark = if search.is_empty() { "" } else { "?" };
        format!("{}{mark}{search}", pathname.get())
    })
}

/// The button that leads to the proof.
pub(crate) fn prove(href: String) -> AnyView {
    view! {
        <LinkButton href=href variant=Variant::Primary icon=Glyph::Lock>
            "Prove that it is you"
        </LinkButton>
    }
    .into_any()
}

/// Where one proves first who one is, on the way to `then`; nothing for who did a moment ago.
pub(crate) fn proof(then: &str) -> Option<String> {
    let needed = visitor().is_some_and(|visitor| !visitor.stepped_up);
    needed.then(|| links::with_query(links::STEP_UP, &[("then", then)]))
}
