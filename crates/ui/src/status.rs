//! The state of a thing, in a line.

use leptos::prelude::*;

use crate::{Glyph, Icon, Tone};

/// An icon, what the state is, and a remark; without a box, for tables and lists.
#[component]
pub fn Status(
    /// The state in words.
    #[prop(into)]
    label: String,
    /// Its meaning.
    #[prop(optional)]
    tone: Tone,
    /// Its icon, where the meaning's own says less.
    #[prop(optional, into)]
    glyph: Option<Glyph>,
    /// A remark, e.g. since when.
    #[prop(optional, into)]
    detail: Option<String>,
) -> AnyView {
    view! {
        <span class=format!("status {}", tone.class())>
            <Icon glyph=glyph.unwrap_or(tone.glyph())/>
            <span class="status-label">{label}</span>
            {detail.map(|detail| view! { <span class="status-detail">{detail}</span> })}
        </span>
    }
    .into_any()
}
