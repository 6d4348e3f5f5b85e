//! What narrows a search down besides its words.

use leptos::prelude::*;

/// A further field in a [`SearchBox`](crate::SearchBox), its label read aloud only.
#[component]
pub fn SearchFilter(
    /// The id of the control.
    #[prop(into)]
    control: String,
    /// What it is called.
    #[prop(into)]
    label: String,
    /// The control, with the class `input` and that id.
    children: Children,
) -> AnyView {
    view! {
        <div class="search-filter">
            <label class="sr-only" for=control>{label}</label>
            {children()}
        </div>
    }
    .into_any()
}
