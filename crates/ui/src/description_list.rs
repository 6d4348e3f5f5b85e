//! Names and values.

use leptos::prelude::*;

/// A list of names with their values, e.g. the endpoints of a provider.
#[component]
pub fn DescriptionList(
    /// The [`DescriptionItem`]s.
    children: Children,
) -> AnyView {
    view! { <dl class="facts">{children()}</dl> }.into_any()
}

/// A name and its value.
#[component]
pub fn DescriptionItem(
    /// The name.
    #[prop(into)]
    term: String,
    /// The value.
    children: Children,
) -> AnyView {
    view! {
        <div class="fact">
            <dt>{term}</dt>
            <dd>{children()}</dd>
        </div>
    }
    .into_any()
}
