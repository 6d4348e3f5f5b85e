use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;
use setup::FieldErrors;
use ui::{Crumb, PageHeader, SkeletonShape, Stepper};

use crate::{
    data::list_presets,
    links,
    resource::data,
    serverfn::StartDraft,
    state::wizard::{Position, stepper},
    view::{ActionNotice, Gallery, Loading, Start, failure, main_panel},
};

/// The first step of the wizard: which application.
#[component]
pub fn ChoosePage() -> AnyView {
    let data = data(|| (), |()| list_presets());
    let start = ServerAction::<StartDraft>::new();
    let loading = Loading {
        what: "the gallery",
        shape: SkeletonShape::Tiles(12),
    };
    view! {
        <Title text="Set up an application"/>
        <PageHeader
            title="Set up an application"
            lead="Choose the application that people will sign in to with authentik."
            crumbs=vec![Crumb::new("Applications", "/applications")]
        />
        <Stepper
            steps=stepper(Position::Choose, None, &FieldErrors::default())
            label="Set up an application"
        />
        <ActionNotice failure=failure(start)/>
        {main_panel(data, loading, move |presets| {
            let wrap = move |tiles| view! { <ActionForm action=start>{tiles}</ActionForm> }.into_any();
            view! { <Gallery presets=presets path=links::NEW start=Start::Draft wrap=wrap/> }
                .into_any()
        })}
    }
    .into_any()
}
