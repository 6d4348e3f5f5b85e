use leptos::prelude::*;
use leptos_meta::Title;
use ui::{
    Badge, Column, DataTable, EmptyState, Glyph, LinkButton, Live, LiveStatus, PageHeader,
    Pagination, SearchBox, SkeletonShape, Tone,
};

use crate::{
    data::groups,
    links,
    resource::data,
    state::{
        access_task::Task,
        groups::{Filter, Groups, Row, Superuser},
        text::count,
    },
    view::{Loading, again, as_of, main_panel, page_query, query},
};

/// The tree of groups.
#[component]
pub fn GroupsPage() -> AnyView {
    let filter = Filter {
        q: query("q").get_untracked(),
        page: page_query().get_untracked(),
    };
    let again = again();
    let asked = filter.clone();
    let groups = data(|| (), move |()| groups(asked.clone(), again.clone()));
    let loading = Loading {
        what: "groups",
        shape: SkeletonShape::Table {
            rows: 8,
            columns: 5,
        },
    };
    view! {
        <Title text="Groups"/>
        <PageHeader
            title="Groups"
            lead="Members of a group count as members of every group above it: whatever opens for the upper one opens for them."
            actions=|| view! { <LinkButton href=Task::NewGroup.link(&[]) icon=Glyph::Plus>"Create a group"</LinkButton> }
        />
        {main_panel(groups, loading, move |groups| found(&groups, &filter))}
    }
    .into_any()
}

fn found(groups: &Groups, filter: &Filter) -> AnyView {
    if groups.groups == 0 {
        return view! {
            <EmptyState title="No groups yet" glyph=Glyph::Tree>
                <p>"Groups say who may enter without naming everybody. A set-up of an application can create one."</p>
            </EmptyState>
        }
        .into_any();
    }
    let table = table(groups, filter);
    let shown = if filter.q.trim().is_empty() {
        groups.groups
    } else {
        groups.span.total
    };
    let shown = u64::try_from(shown).unwrap_or(u64::MAX);
    let status = count(shown, "group", "groups");
    view! {
        <div class="stack">
            <SearchBox label="Search groups" action=links::GROUPS value=filter.q.clone()>
                {().into_any()}
            </SearchBox>
            <div class="flex flex-wrap items-center justify-between gap-4">
                <LiveStatus id="groups-count" text=status/>
                {as_of(&groups.taken_at)}
            </div>
            <Live id="groups">{table}</Live>
        </div>
    }
    .into_any()
}

fn table(groups: &Groups, filter: &Filter) -> AnyView {
    if groups.rows.is_empty() {
        let actions = || view! { <LinkButton href=links::GROUPS>"Show all groups"</LinkButton> };
        return view! {
            <EmptyState title="No group fits" glyph=Glyph::Search actions=actions>
                <p>"Search for a part of the name."</p>
            </EmptyState>
        }
        .into_any();
    }
    let columns = vec![
        Column::new("Group"),
        Column::numeric("Direct members"),
        Column::numeric("All members"),
        Column::numeric("Opens"),
        Column::new("Superuser"),
    ];
    let rows: Vec<_> = groups.rows.iter().map(line).collect();
    let filter = filter.clone();
    let href = move |page| {
        Filter {
            page,
            ..filter.clone()
        }
        .link()
    };
    view! {
        <DataTable caption="Groups" caption_hidden=true columns=columns>{rows}</DataTable>
        <Pagination page=groups.span.page pages=groups.span.pages href=href label="Pages of groups"/>
    }
    .into_any()
}

fn line(row: &Row) -> impl IntoView + use<> {
    let below = (!row.below.is_empty()).then(|| {
        let below = row.below.clone();
        view! { <span class="sr-only">", below " <bdi>{below}</bdi></span> }
    });
    let again = row
        .again
        .then(|| view! { <span class="muted">"(shown above)"</span> });
    let class = format!("tree tree-{}", row.depth);
    view! {
        <tr>
            <th scope="row">
                <span class=class>
                    <span><a href=links::group(row.pk)><bdi>{row.name.clone()}</bdi></a>{below}</span>
                    {again}
                </span>
            </th>
            <td class="num">{row.direct}</td>
            <td class="num">{row.all}</td>
            <td class="num">{row.opens}</td>
            <td>{superuser_badge(row.superuser)}</td>
        </tr>
    }
}

/// Whether members are superusers, as a badge.
pub(super) fn superuser_badge(superuser: Superuser) -> AnyView {
    match superuser {
        Superuser::No => ().into_any(),
        Superuser::Marked => {
            view! { <Badge label="Superuser" tone=Tone::Warning glyph=Glyph::Key/> }.into_any()
        }
        Superuser::Inherited => {
            view! { <Badge label="Inherited" tone=Tone::Warning glyph=Glyph::Key/> }.into_any()
        }
    }
}
