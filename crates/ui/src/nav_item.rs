//! One entry of the navigation.

use leptos::prelude::*;
use leptos_router::components::A;

use crate::{Glyph, Icon};

/// A link of the main navigation. The router marks the one that leads to this page, or to one below it, with
/// `aria-current="page"`. Belongs inside the router.
#[component]
pub fn NavItem(
    /// Where it leads.
    #[prop(into)]
    href: String,
    /// Its words.
    #[prop(into)]
    label: String,
    /// Its icon.
    glyph: Glyph,
    /// Whether it is current on exactly this path only (for `/`).
    #[prop(optional)]
    exact: bool,
    /// A number behind the words, e.g. of open findings.
    #[prop(optional, into)]
    count: Option<u64>,
) -> AnyView {
    view! {
        <li>
            <A href=href exact=exact attr:class="nav-item">
                <Icon glyph=glyph/>
                <span>{label}</span>
                {count.map(|count| view! { <span class="nav-count">{count}</span> })}
            </A>
        </li>
    }
    .into_any()
}
