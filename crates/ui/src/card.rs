//! A panel of a page.

use leptos::prelude::*;

use crate::{
    Level, Tone,
    heading::{heading, slug},
};

/// A raised panel; with a title it is a named section.
#[component]
pub fn Card(
    /// Its heading.
    #[prop(optional, into)]
    title: Option<String>,
    /// The level of its heading.
    #[prop(optional)]
    level: Level,
    /// Its id; made from the title unless given.
    #[prop(optional, into)]
    id: Option<String>,
    /// Whether its content reaches to the edges, as a table does.
    #[prop(optional)]
    flush: bool,
    /// Its edge; `Danger` for a danger zone.
    #[prop(optional)]
    tone: Tone,
    /// Buttons or badges on the line of the heading.
    #[prop(optional, into)]
    actions: Option<ViewFnOnce>,
    /// The content.
    children: Children,
) -> AnyView {
    let id = id.or_else(|| title.as_deref().map(slug));
    let heading_id = title
        .as_ref()
        .and(id.as_ref())
        .map(|id| format!("{id}-heading"));
    let labelled_by = heading_id.clone();
    let title = title.map(|title| heading(level, heading_id, title));
    let head = (title.is_some() || actions.is_some()).then(|| {
        view! {
            <div class="card-head">
                {title}
                {actions.map(|actions| view! { <div class="card-actions">{actions.run()}</div> })}
            </div>
        }
    });
    let class = format!(
        "card {}{}",
        tone.class(),
        if flush { " card-flush" } else { "" }
    );
    view! {
        <section class=class id=id aria-labelledby=labelled_by>
            {head}
            <div class="card-body">{children()}</div>
        </section>
    }
    .into_any()
}
