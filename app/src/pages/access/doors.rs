use leptos::prelude::*;
use leptos_meta::Title;
use ui::{Badge, Column, DataTable, EmptyState, Glyph, PageHeader, SkeletonShape, TabItem, Tabs};

use crate::{
    data::doors,
    links,
    resource::data,
    state::doors::{Door, Doors, Kind},
    view::{Loading, Section, again, as_of, main_panel, query, sections, sentence},
};

/// Applications that stand open, or whose bindings do not do what they seem to.
#[component]
pub fn DoorsPage() -> AnyView {
    let again = again();
    let found = data(|| (), move |()| doors(again.clone()));
    let kind = query("kind");
    let loading = Loading {
        what: "open doors",
        shape: SkeletonShape::Table {
            rows: 5,
            columns: 4,
        },
    };
    view! {
        <Title text="Open doors"/>
        <PageHeader
            title="Open doors"
            lead="Applications that let everyone in, and bindings that do not do what they seem to."
        />
        {sections(Section::Doors)}
        {main_panel(found, loading, move |found| list(&found, &kind.get_untracked()))}
    }
    .into_any()
}

fn list(found: &Doors, kind: &str) -> AnyView {
    let shown = found.of_kind(kind);
    let table = if shown.is_empty() {
        view! {
            <EmptyState title="Nothing to see here" glyph=Glyph::Lock>
                <p>"No application is open to everyone by this, and no binding is without effect."</p>
            </EmptyState>
        }
        .into_any()
    } else {
        let columns = vec![
            Column::new("Application"),
            Column::new("What is the matter"),
            Column::numeric("People who get in"),
        ];
        let rows: Vec<_> = shown.into_iter().map(row).collect();
        view! { <DataTable caption="Open doors" caption_hidden=true columns=columns>{rows}</DataTable> }
            .into_any()
    };
    view! {
        <div class="stack">
            <div class="flex flex-wrap items-center justify-between gap-4">
                <p class="muted" role="status">
                    {format!("{} of {} applications", found.doors.len(), found.applications)}
                </p>
                {as_of(&found.taken_at)}
            </div>
            {tabs(found, kind)}
            {table}
        </div>
    }
    .into_any()
}

fn tabs(found: &Doors, kind: &str) -> AnyView {
    let tab = |value: &str, label: &str, count: u64| TabItem {
        label: label.to_owned(),
        href: links::with_query(links::DOORS, &[("kind", value)]),
        current: kind == value,
        count: Some(count),
    };
    let all = u64::try_from(found.doors.len()).unwrap_or(u64::MAX);
    let mut items = vec![tab("", "Everything", all)];
    items.extend(
        Kind::ALL
            .into_iter()
            .map(|kind| tab(kind.value(), kind.label(), found.count(kind))),
    );
    view! { <Tabs label="What is the matter" items=items/> }.into_any()
}

fn row(door: &Door) -> impl IntoView + use<> {
    let remarks: Vec<_> = door
        .remarks
        .iter()
        .map(|words| view! { <li>{sentence(words)}</li> })
        .collect();
    let unknown = (door.unknown > 0).then(
        || view! { <span class="muted">{format!(" (and {} not known)", door.unknown)}</span> },
    );
    view! {
        <tr>
            <th scope="row">
                <span class="flex flex-col items-start gap-1">
                    <a href=links::application(&door.slug)><bdi>{door.name.clone()}</bdi></a>
                    {kind_badge(door.kind)}
                </span>
            </th>
            <td class="cell-wide"><ul role="list" class="flex flex-col gap-2">{remarks}</ul></td>
            <td class="num">{door.people}{unknown}</td>
        </tr>
    }
}

/// What is the matter, as a badge.
fn kind_badge(kind: Kind) -> AnyView {
    let glyph = match kind {
        Kind::Open | Kind::Loose => Glyph::LockOpen,
        Kind::Shut => Glyph::Lock,
        Kind::Idle => Glyph::Dot,
    };
    view! { <Badge label=kind.label() tone=kind.tone() glyph=glyph/> }.into_any()
}
