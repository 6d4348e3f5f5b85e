use leptos::prelude::*;
use leptos_meta::Title;
use ui::{EmptyState, Glyph, LinkButton, PageHeader, Variant};

use crate::respond;

/// An address that leads nowhere.
#[component]
pub fn NotFoundPage() -> AnyView {
    respond::with_status(404);
    let actions = || {
        view! {
            <LinkButton href="/" variant=Variant::Primary>"Overview"</LinkButton>
            <LinkButton href="/applications">"Applications"</LinkButton>
        }
    };
    view! {
        <Title text="Page not found"/>
        <PageHeader title="Page not found"/>
        <EmptyState title="There is nothing at this address" glyph=Glyph::Search actions=actions>
            <p>"It may be mistyped, or what it led to is gone."</p>
        </EmptyState>
    }
    .into_any()
}
