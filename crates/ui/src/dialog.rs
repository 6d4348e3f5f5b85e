//! Asking once more.

use leptos::prelude::*;

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
