//! The moment between a click and the next page.

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlFormElement, SubmitEvent};

/// Marks a form that is on its way.
const SENT: &str = "data-sent";
/// Marks the root element while the next page is on its way; the style shows a bar after a moment.
const LEAVING: &str = "data-leaving";

/// From now on a form is sent once only, its button says that it is busy (`aria-busy`, `aria-disabled`), and a page
/// that takes long to come shows that it is coming. Once per page, in the browser.
pub fn on_leaving() {
    let submit = window_event_listener(ev::submit, |event| sending(&event));
    let leave = window_event_listener(ev::beforeunload, |_| mark_root(true));
    // Also when the browser brings a page back as it was left.
    let show = window_event_listener_untyped("pageshow", |_| back());
    // They hold for as long as the page does.
    for handle in [submit, leave, show] {
        std::mem::forget(handle);
    }
}

fn sending(event: &SubmitEvent) {
    let form = event
        .target()
        .and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
    let Some(form) = form.filter(|form| form.method() == "post") else {
        return;
    };
    if event.default_prevented() {
        return;
    }
    if form.has_attribute(SENT) {
        event.prevent_default();
        return;
    }
    set(&form, SENT, true);
    if let Some(button) = event.submitter() {
        set(&button, "aria-busy", true);
        set(&button, "aria-disabled", true);
    }
}

fn back() {
    mark_root(false);
    let Ok(sent) = document().query_selector_all("[data-sent], [data-sent] [aria-busy]") else {
        return;
    };
    for element in (0..sent.length()).filter_map(|index| sent.item(index)) {
        if let Ok(element) = element.dyn_into::<HtmlElement>() {
            for name in [SENT, "aria-busy", "aria-disabled"] {
                set(&element, name, false);
            }
        }
    }
}

fn mark_root(leaving: bool) {
    if let Some(root) = document().document_element() {
        set(&root, LEAVING, leaving);
    }
}

/// Sets an attribute or takes it away.
fn set(element: &web_sys::Element, name: &str, on: bool) {
    let done = if on {
        element.set_attribute(name, "true")
    } else {
        element.remove_attribute(name)
    };
    if done.is_err() {
        leptos::logging::warn!("the attribute {name} could not be set");
    }
}
