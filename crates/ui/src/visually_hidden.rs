//! Text for screen readers only.

use leptos::prelude::*;

/// Text that is read aloud and not shown.
#[component]
pub fn VisuallyHidden(
    /// The text.
    children: Children,
) -> AnyView {
    view! { <span class="sr-only">{children()}</span> }.into_any()
}
