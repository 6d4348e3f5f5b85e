//! Links that look like buttons.

use leptos::prelude::*;

use crate::{Glyph, Icon, Variant};

/// An `<a>` with the look of a button, for going somewhere. Further attributes (`attr:download`) are spread onto it.
#[component]
pub fn LinkButton(
    /// Where it leads.
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
    /// Whether it leaves the console: opens a new tab, sends no referrer, says so.
    #[prop(optional)]
    external: bool,
    /// The words.
    children: Children,
) -> AnyView {
    view! {
        <a
            class=variant.class(small)
            href=href
            target=external.then_some("_blank")
            rel=external.then_some("external noopener noreferrer")
        >
            {icon.map(|glyph| view! { <Icon glyph=glyph/> })}
            {children()}
            {external.then(|| view! { <Icon glyph=Glyph::External label="(opens a new tab)"/> })}
        </a>
    }
    .into_any()
}
