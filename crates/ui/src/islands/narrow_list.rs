//! Narrowing a list of the page down.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use crate::hydrated;

/// A search field that hides the entries of a list whose label does not contain what is typed. Hidden without
/// JavaScript: all entries are shown then.
#[island]
pub fn NarrowList(
    /// The id of the element whose children are the entries. Each has a `<label>`.
    #[prop(into)]
    list: String,
    /// What the field is called.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    let ready = hydrated();
    let id = format!("narrow-{list}");
    view! {
        <div hidden=move || !ready.get()>
            <label class="field-label" for=id.clone()>{label}</label>
            <input
                class="input"
                type="search"
                id=id
                autocomplete="off"
                on:input:target=move |event| narrow(&list, &event.target().value())
                on:keydown=move |event| {
                    // Enter narrows; it does not send the form around the list.
                    if event.key() == "Enter" {
                        event.prevent_default();
                    }
                }
            />
        </div>
    }
}

fn narrow(list: &str, typed: &str) {
    let needle = typed.trim().to_lowercase();
    let Some(entries) = document().get_element_by_id(list) else {
        return;
    };
    let entries = entries.children();
    for entry in (0..entries.length()).filter_map(|index| entries.item(index)) {
        let fits = label(&entry).to_lowercase().contains(&needle);
        if let Some(entry) = entry.dyn_ref::<HtmlElement>() {
            entry.set_hidden(!fits);
        }
    }
}

fn label(entry: &Element) -> String {
    let label = entry.query_selector("label").ok().flatten();
    label
        .and_then(|label| label.text_content())
        .unwrap_or_default()
}
