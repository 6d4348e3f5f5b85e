//! Copying to the clipboard.

use leptos::{prelude::*, task::spawn_local};

use crate::{Glyph, Icon, browser};

/// How the last attempt went.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    None,
    Copied,
    Refused,
}

impl Outcome {
    const fn message(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Copied => "Copied",
            Self::Refused => "Not copied; select the text instead",
        }
    }
}

/// A button that copies a text and says so. Hidden without JavaScript, and where the browser keeps the clipboard
/// closed (plain HTTP to another host), so the text must be selectable beside it.
#[island]
pub fn CopyButton(
    /// What is copied.
    #[prop(into)]
    text: String,
    /// What it is, as in `Copy client ID`.
    #[prop(into)]
    label: String,
    /// Whether only the icon is shown.
    #[prop(optional)]
    compact: Option<bool>,
) -> impl IntoView {
    let compact = compact.unwrap_or_default();
    let ready = browser::hydrated();
    let outcome = RwSignal::new(Outcome::None);
    let copy = move |_| {
        outcome.set(Outcome::None);
        let text = text.clone();
        spawn_local(async move {
            let copied = browser::write_clipboard(&text).await;
            outcome.set(if copied {
                Outcome::Copied
            } else {
                Outcome::Refused
            });
        });
    };
    let name = format!("Copy {label}");
    let title = name.clone();
    let glyph = move || {
        if outcome.get() == Outcome::Copied {
            Glyph::Check
        } else {
            Glyph::Copy
        }
    };
    let message_class = if compact {
        "copy-message sr-only"
    } else {
        "copy-message"
    };
    view! {
        <span class="copy" hidden=move || !(ready.get() && browser::clipboard_available())>
            <button type="button" class="btn btn-secondary btn-small" title=title aria-label=name on:click=copy>
                {move || view! { <Icon glyph=glyph()/> }}
                {(!compact).then_some("Copy")}
            </button>
            <span class=message_class role="status">{move || outcome.get().message()}</span>
        </span>
    }.into_any()
}
