//! Something to notice before reading on.

use leptos::prelude::*;

use crate::{Glyph, Icon, Tone};

/// A framed remark with a title.
///
/// `Neutral` and `Info` are notes, `Positive` reports a success, `Warning` and `Danger` say what they are.
#[component]
pub fn Callout(
    /// What it is about, as a sentence.
    #[prop(into)]
    title: String,
    /// Its meaning.
    #[prop(optional)]
    tone: Tone,
    /// Whether it appears while the page is being read: then it is announced. Leave it off for what is there from the start.
    #[prop(optional)]
    live: bool,
    /// Buttons or links under the text.
    #[prop(optional, into)]
    actions: Option<ViewFnOnce>,
    /// More than the title says.
    #[prop(optional)]
    children: Option<Children>,
) -> AnyView {
    let role = live.then_some(match tone {
        Tone::Warning | Tone::Danger => "alert",
        Tone::Neutral | Tone::Info | Tone::Positive => "status",
    });
    let glyph = if tone == Tone::Neutral {
        Glyph::Info
    } else {
        tone.glyph()
    };
    view! {
        <div class=format!("callout {}", tone.class()) role=role>
            <Icon glyph=glyph label=format!("{}:", tone.word())/>
            <div class="callout-body">
                <p class="callout-title">{title}</p>
                {children.map(|children| view! { <div class="callout-text">{children()}</div> })}
                {actions.map(|actions| view! { <div class="callout-actions">{actions.run()}</div> })}
            </div>
        </div>
    }.into_any()
}
