//! The head of a page.

use leptos::prelude::*;

use crate::{Glyph, Icon};

/// A page above this one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crumb {
    /// Its name.
    pub label: String,
    /// Its path.
    pub href: String,
}

impl Crumb {
    /// A page above this one.
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            href: href.into(),
        }
    }
}

/// The page's `h1` with what belongs to it. The heading takes the focus after a navigation.
#[component]
pub fn PageHeader(
    /// The heading.
    #[prop(into)]
    title: String,
    /// One or two sentences on what this page is for.
    #[prop(optional, into)]
    lead: Option<String>,
    /// The pages above this one, outermost first, without this one.
    #[prop(optional, into)]
    crumbs: Vec<Crumb>,
    /// Badges behind the heading.
    #[prop(optional, into)]
    badges: Option<ViewFnOnce>,
    /// Buttons of the page.
    #[prop(optional, into)]
    actions: Option<ViewFnOnce>,
) -> AnyView {
    let crumbs = (!crumbs.is_empty()).then(|| {
        let links: Vec<_> = crumbs
            .into_iter()
            .map(|crumb| view! { <li><a href=crumb.href>{crumb.label}</a></li> })
            .collect();
        view! {
            <nav class="crumbs" aria-label="Breadcrumb">
                <Icon glyph=Glyph::ArrowLeft/>
                <ol role="list">{links}</ol>
            </nav>
        }
    });
    view! {
        <div class="page-header">
            {crumbs}
            <div class="page-header-row">
                <div class="page-title">
                    <h1 tabindex="-1">{title}</h1>
                    {badges.map(ViewFnOnce::run)}
                </div>
                {actions.map(|actions| view! { <div class="page-actions">{actions.run()}</div> })}
            </div>
            {lead.map(|lead| view! { <p class="page-lead">{lead}</p> })}
        </div>
    }
    .into_any()
}
