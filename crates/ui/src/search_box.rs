//! Searching a list.

use leptos::{ev, html, prelude::*};

use crate::{Glyph, Icon};

/// A search form. It sends a `GET` with the query, so it works without JavaScript and the address keeps the search.
///
/// The `/` key brings the focus here unless something is being typed elsewhere.
#[component]
pub fn SearchBox(
    /// What is searched, e.g. `Search applications`.
    #[prop(into)]
    label: String,
    /// The path the form leads to.
    #[prop(into)]
    action: String,
    /// The name of the query parameter; the input's id is made from it.
    #[prop(into, default = "q".to_owned())]
    name: String,
    /// The query of this page.
    #[prop(optional, into)]
    value: String,
    /// Called with the query after each change, to filter at once.
    #[prop(optional, into)]
    on_input: Option<Callback<String>>,
    /// Hidden inputs for parameters that a search keeps.
    #[prop(optional)]
    children: Option<Children>,
) -> AnyView {
    let input = NodeRef::<html::Input>::new();
    focus_on_slash(input);
    let id = format!("search-{name}");
    view! {
        <form class="search" role="search" method="get" action=action>
            {children.map(|children| children())}
            <label class="sr-only" for=id.clone()>{label.clone()}</label>
            <span class="search-icon"><Icon glyph=Glyph::Search/></span>
            <input
                node_ref=input
                class="input search-input"
                type="search"
                id=id
                name=name
                value=value
                placeholder=label
                autocomplete="off"
                spellcheck="false"
                aria-keyshortcuts="/"
                on:input:target=move |event| {
                    if let Some(on_input) = on_input {
                        on_input.run(event.target().value());
                    }
                }
            />
            <kbd class="search-key" aria-hidden="true">"/"</kbd>
            <button type="submit" class="btn btn-secondary">"Search"</button>
        </form>
    }
    .into_any()
}

fn focus_on_slash(input: NodeRef<html::Input>) {
    Effect::new(move |_| {
        let listener = window_event_listener(ev::keydown, move |event| {
            let plain = !(event.ctrl_key() || event.meta_key() || event.alt_key());
            if event.key() != "/" || !plain || typing() {
                return;
            }
            if let Some(input) = input.get_untracked() {
                event.prevent_default();
                if input.focus().is_ok() {
                    input.select();
                }
            }
        });
        on_cleanup(move || listener.remove());
    });
}

/// Whether the focus is where a slash would be text.
fn typing() -> bool {
    document().active_element().is_some_and(|element| {
        matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
            || element.has_attribute("contenteditable")
    })
}
