//! What stands where a list has nothing.

use leptos::prelude::*;

use crate::{Glyph, Icon, Level, heading::heading};

/// Says that there is nothing, why, and what to do next.
#[component]
pub fn EmptyState(
    /// That there is nothing, e.g. `No applications yet`.
    #[prop(into)]
    title: String,
    /// What it would be.
    #[prop(default = Glyph::Door)]
    glyph: Glyph,
    /// The level of its heading.
    #[prop(optional)]
    level: Level,
    /// The way on: one button, perhaps a link.
    #[prop(optional, into)]
    actions: Option<ViewFnOnce>,
    /// Why, and what to do next.
    children: Children,
) -> AnyView {
    view! {
        <div class="empty">
            <span class="empty-glyph"><Icon glyph=glyph/></span>
            {heading(level, None, title)}
            <div class="empty-text">{children()}</div>
            {actions.map(|actions| view! { <div class="empty-actions">{actions.run()}</div> })}
        </div>
    }
    .into_any()
}
