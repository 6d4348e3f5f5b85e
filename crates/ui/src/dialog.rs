//! Asking once more.

use leptos::prelude::*;

use crate::{Glyph, Icon, Variant, browser};

/// A native modal dialog: the browser keeps the focus inside, Esc and the button close it.
///
/// Opened by a [`DialogLink`] or [`open_dialog`](crate::open_dialog). Without JavaScript the link leads to a page that asks the same.
#[component]
pub fn Dialog(
    /// Its id.
    #[prop(into)]
    id: String,
    /// The question; names the object.
    #[prop(into)]
    title: String,
    /// Buttons besides the one that closes it; a form of its own where it posts.
    #[prop(optional, into)]
    actions: Option<ViewFnOnce>,
    /// The words of the button that closes it.
    #[prop(into, default = "Cancel".to_owned())]
    close_label: String,
    /// What happens if one agrees.
    children: Children,
) -> AnyView {
    let heading = format!("{id}-title");
    let labelled_by = heading.clone();
    view! {
        <dialog class="dialog" id=id aria-labelledby=labelled_by>
            <h2 class="dialog-title" id=heading>{title}</h2>
            <div class="dialog-body">{children()}</div>
            <div class="dialog-actions">
                <form method="dialog">
                    <button class="btn btn-secondary" type="submit">{close_label}</button>
                </form>
                {actions.map(ViewFnOnce::run)}
            </div>
        </dialog>
    }
    .into_any()
}

/// A link to a page that asks once more; with JavaScript it opens a [`Dialog`] of this page instead.
#[component]
pub fn DialogLink(
    /// The id of the dialog.
    #[prop(into)]
    dialog: String,
    /// The page that asks the same without JavaScript.
    #[prop(into)]
    href: String,
    /// How much it stands out.
    #[prop(optional)]
    variant: Variant,
    /// An icon before the words.
    #[prop(optional, into)]
    icon: Option<Glyph>,
    /// For dense places.
    #[prop(optional)]
    small: bool,
    /// The words: a verb and its object.
    children: Children,
) -> AnyView {
    view! {
        <a
            class=variant.class(small)
            href=href
            aria-haspopup="dialog"
            on:click=move |event| {
                let plain = !(event.ctrl_key() || event.meta_key() || event.shift_key());
                if plain && browser::open_dialog(&dialog) {
                    event.prevent_default();
                }
            }
        >
            {icon.map(|glyph| view! { <Icon glyph=glyph/> })}
            {children()}
        </a>
    }
    .into_any()
}
