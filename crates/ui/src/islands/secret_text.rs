//! A secret that is shown on demand.

use leptos::prelude::*;

use crate::{CopyButton, Glyph, Icon, hydrated};

/// What stands for a secret. As long for every secret.
pub(crate) const MASK: &str = "••••••••••••";

/// A masked secret with buttons to reveal and to copy it. Without JavaScript a disclosure reveals it.
#[island]
pub fn SecretText(
    /// The secret. It is in the page's HTML; give it only where the person may see it.
    #[prop(into)]
    value: String,
    /// What it is, as in `Reveal client secret`.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    let ready = hydrated();
    let (revealed, set_revealed) = signal(false);
    let plain = value.clone();
    let copied = value.clone();
    view! {
        <span class="secret-text">
            <span class="secret-shown" hidden=move || !ready.get()>
                {move || if revealed.get() { view! { <code>{value.clone()}</code> }.into_any() } else { mask().into_any() }}
                {reveal_button(label.clone(), revealed, set_revealed)}
                <CopyButton text=copied label=label.clone() compact=true/>
            </span>
            <details hidden=move || ready.get()>
                <summary>"Reveal "{label}</summary>
                <code>{plain}</code>
            </details>
        </span>
    }.into_any()
}

/// A masked secret: dots to see, words to hear.
pub(crate) fn mask() -> impl IntoView {
    view! {
        <span class="secret-mask">
            <span aria-hidden="true">{MASK}</span>
            <span class="sr-only">"hidden secret"</span>
        </span>
    }
}

/// The button that shows and hides. Its name stays; what it does is in `aria-pressed`.
pub(crate) fn reveal_button(
    label: String,
    revealed: ReadSignal<bool>,
    set_revealed: WriteSignal<bool>,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="btn btn-secondary btn-small"
            aria-pressed=move || if revealed.get() { "true" } else { "false" }
            on:click=move |_| set_revealed.update(|revealed| *revealed = !*revealed)
        >
            <Icon glyph=Glyph::Eye/>
            "Reveal"
            <span class="sr-only">" "{label}</span>
        </button>
    }
}
