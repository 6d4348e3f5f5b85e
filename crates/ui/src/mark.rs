//! The sign of the console: an arched doorway, its leaf ajar, with a brass knob.

use leptos::prelude::*;

/// The door of the console, for beside its name. Silent for screen readers.
#[component]
pub fn Mark() -> AnyView {
    view! {
        <svg class="mark" viewBox="0 0 24 28" width="24" height="28" aria-hidden="true" focusable="false">
            <path class="mark-frame" d="M2 27V12a10 10 0 0 1 20 0v15Z"></path>
            <path class="mark-light" d="M5 27V12a7 7 0 0 1 14 0v15Z"></path>
            <path class="mark-leaf" d="M5 27V12a7 7 0 0 1 7-7c1.6.7 3 3.6 3 7.6V24.4Z"></path>
            <circle class="mark-knob" cx="12.2" cy="16.6" r="1.35"></circle>
        </svg>
    }.into_any()
}

/// The door and the name.
#[component]
pub fn Wordmark() -> AnyView {
    view! {
        <span class="wordmark">
            <Mark/>
            <span class="wordmark-name">"Ostiary"</span>
        </span>
    }
    .into_any()
}
