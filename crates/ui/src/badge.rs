//! A short label with a meaning.

use leptos::prelude::*;

use crate::{Glyph, Icon, Tone};

/// A label of one to three words with an icon, in a tinted pill.
#[component]
pub fn Badge(
    /// The words.
    #[prop(into)]
    label: String,
    /// Its meaning.
    #[prop(optional)]
    tone: Tone,
    /// Its icon, where the meaning's own says less.
    #[prop(optional, into)]
    glyph: Option<Glyph>,
) -> AnyView {
    view! {
        <span class=format!("badge {}", tone.class())>
            <Icon glyph=glyph.unwrap_or(tone.glyph())/>
            {label}
        </span>
    }
    .into_any()
}
