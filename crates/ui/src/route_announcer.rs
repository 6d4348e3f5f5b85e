//! Telling people who do not see it that the page changed.

use std::{cell::RefCell, rc::Rc, time::Duration};

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
    Effect::new(move |arrival: Option<(String, Arrival)>| {
        let path = pathname.get();
        let Some((previous, mut arrival)) = arrival else {
            return (path, Arrival::new(set_message));
        };
        if previous != path {
            arrival.leave();
            arrival.clone().look(ATTEMPTS);
        }
        (path, arrival)
    });
    view! { <p class="sr-only" aria-live="polite" aria-atomic="true">{message}</p> }.into_any()
}

/// Waiting for the heading of the page that was navigated to.
#[derive(Clone)]
struct Arrival {
    message: WriteSignal<String>,
    /// The heading that was announced last, and stays in the document until the new page replaces it.
    heading: Rc<RefCell<Option<HtmlElement>>>,
    /// What it said when the person left.
    left: Option<String>,
}

impl Arrival {
    fn new(message: WriteSignal<String>) -> Self {
        Self {
            message,
            heading: Rc::new(RefCell::new(find("main h1"))),
            left: None,
        }
    }

    fn leave(&mut self) {
        let mut heading = self.heading.borrow_mut();
        if heading.is_none() {
            *heading = find("main h1");
        }
        self.left = heading.as_ref().and_then(|heading| heading.text_content());
    }

    /// Whether this heading is another page's than the one that was left.
    fn is_new(&self, heading: &HtmlElement) -> bool {
        let old = self.heading.borrow();
        let same = old
            .as_ref()
            .is_some_and(|old| old.is_same_node(Some(heading)));
        !same || heading.text_content() != self.left
    }

    fn look(self, attempts: u8) {
        set_timeout(
            move || match find("main h1") {
                Some(heading) if attempts == 0 || self.is_new(&heading) => self.announce(heading),
                None if attempts == 0 => {
                    if let Some(main) = find("main") {
                        self.announce(main);
                    }
                }
                _ => self.look(attempts - 1),
            },
            PAUSE,
        );
    }

    fn announce(self, target: HtmlElement) {
        if target.focus().is_err() {
            leptos::logging::warn!("the new page could not take the focus");
        }
        let is_heading = target.tag_name() == "H1";
        let text = if is_heading {
            target.text_content()
        } else {
            None
        };
        self.heading.replace(is_heading.then_some(target));
        // The app may have been taken down meanwhile; then nobody has to hear of the page.
        let _gone = self
            .message
            .try_set(text.unwrap_or_else(|| document().title()));
    }
}

fn find(selector: &str) -> Option<HtmlElement> {
    document().query_selector(selector).ok()??.dyn_into().ok()
}
