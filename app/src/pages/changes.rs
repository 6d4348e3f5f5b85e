use leptos::prelude::*;
use leptos_meta::Title;
use ui::{
    Badge, Column, DataTable, EmptyState, Glyph, LinkButton, PageHeader, SkeletonShape, Variant,
};

use crate::{
    data::list_changes,
    links,
    model::ChangeSummary,
    resource::data,
    state::{changes::tone, text::moment},
    view::{Loading, main_panel},
};

/// All change sets.
#[component]
pub fn ChangesPage() -> AnyView {
    let data = data(|| (), |()| list_changes());
    let loading = Loading {
        what: "change sets",
        shape: SkeletonShape::Table {
            rows: 6,
            columns: 4,
        },
    };
    view! {
        <Title text="Change sets"/>
        <PageHeader
            title="Change sets"
            lead="Everything that Ostiary wrote to authentik, step by step, and what can be undone."
        />
        {main_panel(data, loading, |changes| table(&changes))}
    }
    .into_any()
}

fn table(changes: &[ChangeSummary]) -> AnyView {
    if changes.is_empty() {
        let actions = || {
            view! {
                <LinkButton href=links::NEW variant=Variant::Primary icon=Glyph::Plus>
                    "Set up an application"
                </LinkButton>
            }
        };
        return view! {
            <EmptyState title="No change sets yet" glyph=Glyph::Ledger actions=actions>
                <p>"Nothing was written to authentik so far. Each guided set-up is planned, shown and applied as one change set."</p>
            </EmptyState>
        }
        .into_any();
    }
    let rows: Vec<_> = changes.iter().map(row).collect();
    let columns = vec![
        Column::new("Change set"),
        Column::new("State"),
        Column::new("Planned"),
        Column::new("Last change"),
    ];
    view! {
        <DataTable caption="Change sets" caption_hidden=true columns=columns>{rows}</DataTable>
    }
    .into_any()
}

fn row(change: &ChangeSummary) -> impl IntoView + use<> {
    view! {
        <tr>
            <th scope="row"><a href=links::change(&change.id)>{change.title.clone()}</a></th>
            <td><Badge label=change.state.label() tone=tone(change.state)/></td>
            <td>{moment(&change.created_at)}</td>
            <td>{moment(&change.updated_at)}</td>
        </tr>
    }
}
