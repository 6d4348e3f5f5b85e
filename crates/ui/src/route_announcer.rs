//! Telling people who do not see it that the page changed.

use std::time::Duration;

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// How often, and how long apart, the new page's heading is looked for: it may still be loading.
const ATTEMPTS: u8 = 20;
const PAUSE: Duration = Duration::from_millis(50);

/// After each navigation within the app, moves the focus to the page's `h1` and announces it.
///
/// Once, inside the router. A change of the query alone (a filter, a page of a list) moves nothing.
#[component]
pub fn RouteAnnouncer() -> AnyView {
    let pathname = use_location().pathname;
    let (message, set_message) = signal(String::new());
    Effect::new(move |previous: Option<String>| {
        let path = pathname.get();
        if previous.is_some_and(|previous| previous != path) {
            let old = main_heading().map(|heading| heading.text_content().unwrap_or_default());
            look_for_heading(old, ATTEMPTS, set_message);
        }
        path
    });
    view! { <p class="sr-only" aria-live="polite" aria-atomic="true">{message}</p> }.into_any()
}

/// Waits for a heading other than the old page's, then moves the focus there.
fn look_for_heading(old: Option<String>, attempts: u8, message: WriteSignal<String>) {
    set_timeout(
        move || {
            let heading = main_heading();
            let text = heading.as_ref().and_then(|heading| heading.text_content());
            if attempts > 0 && (text.is_none() || text == old) {
                look_for_heading(old, attempts - 1, message);
                return;
            }
            let target = heading.or_else(|| find("main"));
            if let Some(target) = target
                && target.focus().is_err()
            {
                leptos::logging::warn!("the new page could not take the focus");
            }
            // The page may have gone meanwhile.
            if message
                .try_set(text.unwrap_or_else(|| document().title()))
                .is_some()
            {
                leptos::logging::debug_warn!("nobody is left to hear of the new page");
            }
        },
        PAUSE,
    );
}

fn main_heading() -> Option<HtmlElement> {
    find("main h1")
}

fn find(selector: &str) -> Option<HtmlElement> {
    document().query_selector(selector).ok()??.dyn_into().ok()
}
