//! The few things the kit asks of a browser. All of them are for event handlers and effects, which never run on a server.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlDialogElement, HtmlElement};

/// A signal that is `false` in the first render on both sides and `true` once the browser has taken the page over.
///
/// For controls that need JavaScript: `hidden=move || !ready.get()`.
#[must_use]
pub fn hydrated() -> ReadSignal<bool> {
    let (ready, set_ready) = signal(false);
    Effect::new(move |_| set_ready.set(true));
    ready
}

/// Moves the keyboard focus to the element with this id. Says whether there is one. Browser only.
pub(crate) fn focus(id: &str) -> bool {
    by_id::<HtmlElement>(id).is_some_and(|element| element.focus().is_ok())
}

/// Opens the [`Dialog`](crate::Dialog) with this id as a modal one. Says whether it opened. Browser only.
pub(crate) fn open_dialog(id: &str) -> bool {
    by_id::<HtmlDialogElement>(id)
        .is_some_and(|dialog| dialog.open() || dialog.show_modal().is_ok())
}

/// Whether the browser lets this page write to the clipboard (HTTPS or localhost). Browser only.
pub(crate) fn clipboard_available() -> bool {
    window().is_secure_context()
}

/// Puts `text` on the clipboard. Says whether that worked. Browser only.
pub(crate) async fn write_clipboard(text: &str) -> bool {
    let promise = window().navigator().clipboard().write_text(text);
    wasm_bindgen_futures::JsFuture::from(promise).await.is_ok()
}

fn by_id<T: JsCast>(id: &str) -> Option<T> {
    document().get_element_by_id(id)?.dyn_into().ok()
}
