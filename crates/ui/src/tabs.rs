//! Views of the same thing, each with its own address.

use leptos::prelude::*;

/// One view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TabItem {
    /// Its name.
    pub label: String,
    /// Its address.
    pub href: String,
    /// Whether it is the one shown.
    pub current: bool,
    /// How many things are in it.
    pub count: Option<u64>,
}

/// Links that look like tabs; the one shown has `aria-current="page"`.
#[component]
pub fn Tabs(
    /// What the views are of.
    #[prop(into)]
    label: String,
    /// The views.
    items: Vec<TabItem>,
) -> AnyView {
    let items: Vec<_> = items
        .into_iter()
        .map(|item| {
            view! {
                <li>
                    <a class="tab" href=item.href aria-current=item.current.then_some("page")>
                        {item.label}
                        {item.count.map(|count| view! { <span class="tab-count">{count}</span> })}
                    </a>
                </li>
            }
        })
        .collect();
    view! {
        <nav class="tabs" aria-label=label>
            <ul role="list">{items}</ul>
        </nav>
    }
    .into_any()
}
