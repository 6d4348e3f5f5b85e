use leptos::prelude::*;
use leptos_meta::Title;
use ui::{
    Badge, Callout, Column, DataTable, EmptyState, Glyph, LinkButton, Live, LiveStatus, Monogram,
    PageHeader, Pagination, SearchBox, SkeletonShape, TabItem, Tabs, Tone, Variant,
};

use crate::{
    data::applications,
    links,
    resource::data,
    state::{
        applications::{Entry, Filter, List, Row, Shown},
        text::count,
    },
    view::{Loading, kept, main_panel, page_query, query},
};

/// All applications of the connected authentik.
#[component]
pub fn ApplicationsPage() -> AnyView {
    let data = data(|| (), |()| applications());
    let loading = Loading {
        what: "applications",
        shape: SkeletonShape::Table {
            rows: 8,
            columns: 4,
        },
    };
    view! {
        <Title text="Applications"/>
        <PageHeader
            title="Applications"
            lead="What people can open, how it is connected, and who may enter."
            actions=|| {
                view! {
                    <LinkButton href=links::NEW variant=Variant::Primary icon=Glyph::Plus>
                        "Set up an application"
                    </LinkButton>
                }
            }
        />
        {main_panel(data, loading, |list| view! { <Found list=list/> }.into_any())}
    }
    .into_any()
}

/// The list, narrowed down by the address.
#[component]
fn Found(
    /// All applications.
    list: List,
) -> AnyView {
    if list.rows.is_empty() {
        return empty();
    }
    let filter = Filter {
        q: query("q").get_untracked(),
        kind: query("kind").get_untracked(),
        entry: query("access").get_untracked(),
        page: page_query().get_untracked(),
    };
    let partial = (!list.complete).then(|| {
        view! {
            <Callout title="Some applications may be missing" tone=Tone::Warning>
                <p>"The token is not a superuser’s, so authentik lists only what its owner may open."</p>
            </Callout>
        }
    });
    let kinds = list.kinds();
    let open = list.open();
    let hidden = (kept("kind", &filter.kind), kept("access", &filter.entry));
    let tabs = tabs(&filter, &kinds, open);
    let shown = filter.apply(&list);
    let total = u64::try_from(shown.total).unwrap_or(u64::MAX);
    let status = count(total, "application", "applications");
    let table = table(&shown, &filter);
    view! {
        <div class="stack">
            {partial}
            <SearchBox label="Search applications" action="/applications" value=filter.q>
                {hidden}
            </SearchBox>
            <LiveStatus id="applications-count" text=status/>
            <Live id="applications">{tabs} {table}</Live>
        </div>
    }
    .into_any()
}

fn empty() -> AnyView {
    let actions = || {
        view! {
            <LinkButton href=links::NEW variant=Variant::Primary icon=Glyph::Plus>
                "Set up an application"
            </LinkButton>
        }
    };
    view! {
        <EmptyState title="No applications yet" glyph=Glyph::App actions=actions>
            <p>"The connected authentik has no application that this token can see. Set the first one up: it takes a few minutes."</p>
        </EmptyState>
    }
    .into_any()
}

fn tabs(filter: &Filter, kinds: &[String], open: u64) -> AnyView {
    let entry = |value: &str, label: &str, count: Option<u64>| TabItem {
        label: label.to_owned(),
        href: Filter {
            entry: value.to_owned(),
            page: 1,
            ..filter.clone()
        }
        .link(),
        current: filter.entry == value,
        count,
    };
    let kind = |value: &str, label: &str| TabItem {
        label: label.to_owned(),
        href: Filter {
            kind: value.to_owned(),
            page: 1,
            ..filter.clone()
        }
        .link(),
        current: filter.kind == value,
        count: None,
    };
    let entries = vec![
        entry("", "Everything", None),
        entry("open", "Open to everyone", Some(open)),
        entry("restricted", "Restricted", None),
    ];
    let mut every = vec![kind("", "Every provider")];
    every.extend(kinds.iter().map(|known| kind(known, known)));
    every.push(kind("none", "No provider"));
    view! {
        <Tabs label="Who may enter" items=entries/>
        <Tabs label="Kind of provider" items=every/>
    }
    .into_any()
}

fn table(shown: &Shown<'_>, filter: &Filter) -> AnyView {
    if shown.rows.is_empty() {
        let actions =
            || view! { <LinkButton href="/applications">"Show all applications"</LinkButton> };
        return view! {
            <EmptyState title="No application fits" glyph=Glyph::Search actions=actions>
                <p>"Search for a part of the name, the slug or the group, or take a filter away."</p>
            </EmptyState>
        }
        .into_any();
    }
    let rows: Vec<_> = shown.rows.iter().map(|row| line(row)).collect();
    let columns = vec![
        Column::new("Application"),
        Column::new("Provider"),
        Column::new("Group"),
        Column::new("Who may enter"),
    ];
    let filter = filter.clone();
    let href = move |page| {
        Filter {
            page,
            ..filter.clone()
        }
        .link()
    };
    let pages = (shown.pages > 1)
        .then(|| view! { <Pagination page=shown.page pages=shown.pages href=href/> });
    view! {
        <DataTable caption="Applications" caption_hidden=true columns=columns>{rows}</DataTable>
        {pages}
    }
    .into_any()
}

fn line(row: &Row) -> impl IntoView + use<> {
    let icon = row.has_icon.then(|| links::icon(&row.slug));
    let kind = if row.kind.is_empty() {
        view! { <span class="muted">"No provider"</span> }.into_any()
    } else {
        row.kind.clone().into_any()
    };
    view! {
        <tr>
            <th scope="row">
                <span class="cluster">
                    <Monogram name=row.name.clone() small=true picture=icon/>
                    <a href=links::application(&row.slug)>{row.name.clone()}</a>
                </span>
            </th>
            <td>{kind}</td>
            <td>{row.group.clone()}</td>
            <td>{entry_badge(row.entry)}</td>
        </tr>
    }
}

/// Who gets in, as a badge.
fn entry_badge(entry: Entry) -> AnyView {
    let (tone, glyph) = match entry {
        Entry::Open => (Tone::Warning, Glyph::LockOpen),
        Entry::Closed => (Tone::Danger, Glyph::Lock),
        Entry::Restricted(_) => (Tone::Positive, Glyph::Lock),
    };
    view! { <Badge label=entry.label() tone=tone glyph=glyph/> }.into_any()
}
