//! Opening a dialog.

use leptos::prelude::*;

use crate::{Variant, browser};

/// A link to a page that asks once more; with JavaScript it opens a [`Dialog`] of this page instead.
#[island]
pub fn DialogLink(
    /// The id of the dialog.
    #[prop(into)]
    dialog: String,
    /// The page that asks the same without JavaScript.
    #[prop(into)]
    href: String,
    /// How much it stands out.
    variant: Variant,
    /// The words, a verb and its object, perhaps behind an icon.
    children: Children,
) -> impl IntoView {
    view! {
        <a
            class=variant.class(false)
            href=href
            aria-haspopup="dialog"
            on:click=move |event| {
                let plain = !(event.ctrl_key() || event.meta_key() || event.shift_key());
                if plain && browser::open_dialog(&dialog) {
                    event.prevent_default();
                }
            }
        >
            {children()}
        </a>
    }
    .into_any()
}
