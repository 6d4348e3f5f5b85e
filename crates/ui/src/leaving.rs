//! The moment between a click and the next page.

use std::time::Duration;

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlFormElement, SubmitEvent};

/// Marks a form that is on its way.
const SENT: &str = "data-sent";
/// Marks the root element while the next page is on its way; the style shows a bar after a moment.
const LEAVING: &str = "data-leaving";
/// After this time a form can be sent again. The server carries out once what it is sent twice.
const AGAIN: Duration = Duration::from_secs(5);
/// After this time no page comes any more; the server itself gives up after a minute.
const GIVEN_UP: Duration = Duration::from_mins(1);

/// From now on a form is sent once only for some seconds, its button says that it is busy (`aria-busy`, `aria-disabled`), and a page
/// that takes long to come shows that it is coming. Once per page, in the browser.
pub fn on_leaving() {
    let submit = window_event_listener(ev::submit, |event| sending(&event));
    let leave = window_event_listener(ev::beforeunload, |_| leaving());
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
    let posts = |form: &HtmlFormElement| form.get_attribute("method").as_deref() == Some("post");
    let Some(form) = form.filter(posts) else {
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
    // Enter presses a hidden button: the visible one that does the same is busy then.
    let submitter = event.submitter().map(Element::from);
    let hidden = |button: &Element| button.get_attribute("aria-hidden").as_deref() == Some("true");
    let button = submitter
        .filter(|button| !hidden(button))
        .or_else(|| form.query_selector(".btn-primary").ok().flatten());
    if let Some(button) = &button {
        set(button, "aria-busy", true);
        set(button, "aria-disabled", true);
    }
    // Whoever stopped the page, or sent the form to another tab, can send it again.
    set_timeout(
        move || {
            set(&form, SENT, false);
            if let Some(button) = button {
                set(&button, "aria-busy", false);
                set(&button, "aria-disabled", false);
            }
        },
        AGAIN,
    );
}

fn leaving() {
    mark_root(true);
    set_timeout(|| mark_root(false), GIVEN_UP);
}

/// The page is shown, perhaps again: as it was left, when the browser had kept it.
fn back() {
    mark_root(false);
    let Ok(sent) = document().query_selector_all("[data-sent], [data-sent] [aria-busy]") else {
        return;
    };
    for element in (0..sent.length()).filter_map(|index| sent.item(index)) {
        if let Ok(element) = element.dyn_into::<Element>() {
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
fn set(element: &Element, name: &str, on: bool) {
    let done = if on {
        element.set_attribute(name, "true")
    } else {
        element.remove_attribute(name)
    };
    if done.is_err() {
        leptos::logging::warn!("the attribute {name} could not be set");
    }
}
