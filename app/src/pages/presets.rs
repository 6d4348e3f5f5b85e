use leptos::prelude::*;
use leptos_meta::Title;
use ui::{PageHeader, SkeletonShape};

use crate::{
    data::list_presets,
    resource::data,
    view::{Gallery, Loading, Start, main_panel},
};

/// The gallery of presets.
#[component]
pub fn PresetsPage() -> AnyView {
    let data = data(|| (), |()| list_presets());
    let loading = Loading {
        what: "the gallery",
        shape: SkeletonShape::Tiles(12),
    };
    view! {
        <Title text="Presets"/>
        <PageHeader
            title="Presets"
            lead="What is known about connecting each application: redirect URIs, scopes, claims, and what to enter on its own side."
        />
        {main_panel(data, loading, |presets| {
            let wrap = |tiles: AnyView| tiles;
            view! { <Gallery presets=presets path="/presets" start=Start::Page wrap=wrap/> }
                .into_any()
        })}
    }
    .into_any()
}
