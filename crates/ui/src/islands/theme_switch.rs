//! The switch between light, dark and the system's choice.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::{Icon, Theme};

/// Three buttons of one small form.
///
/// Without JavaScript it posts `theme` (a [`Theme::as_str`]) and `return_to` (a path) to `action`, which sets the
/// cookie and redirects. With it, the root element and the cookie change at once and nothing is sent.
/// The receiver must refuse a `return_to` that is not a path of its own.
#[island]
pub fn ThemeSwitch(
    /// Where the form posts to.
    #[prop(into)]
    action: String,
    /// The path to come back to.
    #[prop(into)]
    return_to: String,
) -> impl IntoView {
    let theme = RwSignal::new(Theme::current());
    let option = move |choice: Theme| {
        view! {
            <button
                type="submit"
                name="theme"
                value=choice.as_str()
                class="theme-option"
                title=choice.label()
                aria-pressed=move || if theme.get() == choice { "true" } else { "false" }
                on:click=move |event| {
                    event.prevent_default();
                    theme.set(choice);
                    apply(choice);
                }
            >
                <Icon glyph=choice.glyph()/>
                <span class="sr-only">{choice.label()}</span>
            </button>
        }
    };
    view! {
        <form class="theme-switch" method="post" action=action>
            <input type="hidden" name="return_to" value=return_to/>
            <fieldset>
                <legend class="sr-only">"Theme"</legend>
                {Theme::ALL.map(option)}
            </fieldset>
        </form>
    }
    .into_any()
}

/// Sets the theme of this page and keeps it for a year.
fn apply(theme: Theme) {
    let value = theme.as_str();
    let document = document();
    let shown = document
        .document_element()
        .is_some_and(|root| root.set_attribute("data-theme", value).is_ok());
    let cookie = format!(
        "{}={value}; Path=/; Max-Age=31536000; SameSite=Lax",
        Theme::COOKIE
    );
    let kept = document
        .dyn_ref::<web_sys::HtmlDocument>()
        .is_some_and(|page| page.set_cookie(&cookie).is_ok());
    if !(shown && kept) {
        leptos::logging::warn!("the theme {value} could not be set");
    }
}
