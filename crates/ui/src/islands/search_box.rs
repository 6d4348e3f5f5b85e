//! Searching a list.

use std::time::Duration;

use leptos::{ev, html, leptos_dom::helpers::TimeoutHandle, prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use web_sys::{
    FormData, HtmlFormElement, HtmlInputElement, HtmlOptionElement, HtmlSelectElement,
    UrlSearchParams, js_sys::Array,
};

use crate::{Glyph, Icon, hydrated, live};

/// The id of the input. A page has one search.
const SEARCH: &str = "search-q";
/// How long typing rests before what it finds is asked for.
const REST: Duration = Duration::from_millis(250);

/// A search form. It sends a `GET` with the query as `q`, so it works without JavaScript and the address keeps the search.
/// With it, the [`Live`](crate::Live) parts of the page follow the typing, and what is chosen in the form besides.
///
/// The `/` key brings the focus here unless something is being typed elsewhere.
#[island]
pub fn SearchBox(
    /// What is searched, e.g. `Search applications`.
    #[prop(into)]
    label: String,
    /// The path the form leads to.
    #[prop(into)]
    action: String,
    /// The query of this page.
    #[prop(into)]
    value: String,
    /// Hidden inputs for parameters that a search keeps; further fields of the form, in [`SearchFilter`](crate::SearchFilter).
    children: Children,
) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    let form = NodeRef::<html::Form>::new();
    focus_on_slash(input);
    let search = follow_typing(form);
    let ready = hydrated();
    let catch_up = search.clone();
    Effect::new(move |_| {
        // What was typed or chosen before the page woke up.
        if form.get().is_some_and(|form| is_touched(&form)) {
            catch_up();
        }
    });
    view! {
        <form node_ref=form class="search" role="search" method="get" action=action on:input=move |_| search()>
            <label class="sr-only" for=SEARCH>{label.clone()}</label>
            <span class="search-field">
            <span class="search-icon"><Icon glyph=Glyph::Search/></span>
            <input
                node_ref=input
                class="input search-input"
                type="search"
                id=SEARCH
                name="q"
                value=value
                placeholder=label
                autocomplete="off"
                spellcheck="false"
                aria-keyshortcuts=move || ready.get().then_some("/")
            />
            <kbd class="search-key" aria-hidden="true" hidden=move || !ready.get()>"/"</kbd>
            </span>
            {children()}
            <button type="submit" class="btn btn-secondary">"Search"</button>
        </form>
    }
}

/// Whether something in the form is not as it came from the server.
fn is_touched(form: &HtmlFormElement) -> bool {
    let inputs = live::all(form.query_selector_all("input"));
    let inputs = inputs
        .iter()
        .filter_map(|it| it.dyn_ref::<HtmlInputElement>());
    let typed = inputs
        .into_iter()
        .any(|it| it.value() != it.default_value());
    let lists = live::all(form.query_selector_all("select"));
    let lists = lists
        .iter()
        .filter_map(|it| it.dyn_ref::<HtmlSelectElement>());
    typed
        || lists
            .into_iter()
            .any(|list| list.selected_index() != first_selected(list))
}

/// The line of a list that was selected at first: the marked one, else the first.
fn first_selected(list: &HtmlSelectElement) -> i32 {
    let lines = live::all(list.query_selector_all("option"));
    let mut lines = lines
        .iter()
        .filter_map(|it| it.dyn_ref::<HtmlOptionElement>());
    let marked = lines.position(HtmlOptionElement::default_selected);
    i32::try_from(marked.unwrap_or_default()).unwrap_or_default()
}

/// Asks for what the form finds once typing rests. The last question counts.
fn follow_typing(form: NodeRef<html::Form>) -> impl Fn() + Clone + 'static {
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let latest = StoredValue::new(0_u32);
    move || {
        if let Some(earlier) = waiting.get_value() {
            earlier.clear();
        }
        let number = latest.get_value().wrapping_add(1);
        latest.set_value(number);
        let ask = move || {
            let Some((form, url)) = form.get_untracked().and_then(|form| {
                let url = address(&form)?;
                Some((form, url))
            }) else {
                return;
            };
            spawn_local(async move {
                let wanted = move || latest.try_get_value() == Some(number);
                let shown = live::refresh(&url, live::By::Person, wanted).await;
                let done = match shown {
                    _ if !wanted() => true,
                    Ok(_) => keep(&url),
                    // The browser is on its way elsewhere, or says by itself that nobody answers.
                    Err(live::Stale::NoAnswer) => true,
                    // What cannot be shown here is left to the browser: it shows what is wrong.
                    Err(_) => form.submit().is_ok(),
                };
                if !done {
                    leptos::logging::warn!("the search could not be shown");
                }
            });
        };
        waiting.set_value(set_timeout_with_handle(ask, REST).ok());
    }
}

/// Where the form leads as it is filled in. Empty fields are left out.
fn address(form: &HtmlFormElement) -> Option<String> {
    let data = FormData::new_with_form(form).ok()?;
    let filled = UrlSearchParams::new().ok()?;
    for pair in data.entries() {
        let pair = Array::from(&pair.ok()?);
        if let (Some(name), Some(value)) = (pair.get(0).as_string(), pair.get(1).as_string())
            && !value.trim().is_empty()
        {
            filled.append(&name, value.trim());
        }
    }
    let (path, query) = (
        form.get_attribute("action")?,
        String::from(filled.to_string()),
    );
    Some(if query.is_empty() {
        path
    } else {
        format!("{path}?{query}")
    })
}

/// Makes it the page's address, without a new entry in the history.
fn keep(url: &str) -> bool {
    window().history().is_ok_and(|history| {
        history
            .replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(url))
            .is_ok()
    })
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
