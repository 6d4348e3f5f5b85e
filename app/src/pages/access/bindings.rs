use leptos::prelude::*;
use leptos_meta::Title;
use ui::{
    Badge, Column, DataTable, EmptyState, Glyph, LinkButton, Live, LiveStatus, PageHeader,
    Pagination, SearchBox, SkeletonShape, Tone, VisuallyHidden,
};

use crate::{
    data::bindings,
    links,
    resource::data,
    state::{
        access_task::Task,
        bindings::{Bindings, Filter, Row},
        named::plain,
        text::count,
    },
    view::{Loading, Section, again, as_of, main_panel, name, page_query, query, sections},
};

/// All bindings of all applications.
#[component]
pub fn BindingsPage() -> AnyView {
    let filter = Filter {
        q: query("q").get_untracked(),
        page: page_query().get_untracked(),
    };
    let (asked, again) = (filter.clone(), again());
    let found = data(|| (), move |()| bindings(asked.clone(), again.clone()));
    let loading = Loading {
        what: "the bindings",
        shape: SkeletonShape::Table {
            rows: 10,
            columns: 5,
        },
    };
    view! {
        <Title text="Bindings"/>
        <PageHeader
            title="Bindings"
            lead="What decides about each application, in the order in which authentik goes through it."
        />
        {sections(Section::Bindings)}
        {main_panel(found, loading, move |found| list(&found, &filter))}
    }
    .into_any()
}

fn list(found: &Bindings, filter: &Filter) -> AnyView {
    let total = u64::try_from(found.span.total).unwrap_or(u64::MAX);
    let table = table(found, filter);
    view! {
        <div class="stack">
            <div class="flex flex-wrap items-center justify-between gap-4">
                <LinkButton href=Task::Bind.link(&[]) icon=Glyph::Plus>"Let groups or people in"</LinkButton>
                {as_of(&found.taken_at)}
            </div>
            <SearchBox label="Search applications, groups and people" action=links::BINDINGS value=filter.q.clone()>
                {().into_any()}
            </SearchBox>
            <LiveStatus id="bindings-count" text=count(total, "binding", "bindings")/>
            <Live id="bindings">{table}</Live>
        </div>
    }
    .into_any()
}

fn table(found: &Bindings, filter: &Filter) -> AnyView {
    if found.rows.is_empty() {
        let (title, text) = if found.all == 0 {
            (
                "No bindings yet",
                "Nothing restricts any application: each is open to everyone, unless this server keeps such applications closed.",
            )
        } else {
            (
                "No binding fits",
                "Search for a part of the name of an application, a group, a person or a policy.",
            )
        };
        return view! { <EmptyState title=title glyph=Glyph::Search><p>{text}</p></EmptyState> }
            .into_any();
    }
    let columns = vec![
        Column::new("Application"),
        Column::numeric("Order"),
        Column::new("Bound to"),
        Column::new("Counts"),
        Column::new("What to do"),
    ];
    let rows: Vec<_> = found.rows.iter().map(row).collect();
    let filter = filter.clone();
    let href = move |page| {
        Filter {
            page,
            ..filter.clone()
        }
        .link()
    };
    view! {
        <DataTable caption="Bindings" caption_hidden=true columns=columns>{rows}</DataTable>
        <Pagination page=found.span.page pages=found.span.pages href=href label="Pages of bindings"/>
    }
    .into_any()
}

fn row(it: &Row) -> impl IntoView + use<> {
    let counts = match (it.has_ended, it.enabled, it.negate) {
        (true, ..) => view! { <Badge label="Has ended"/> }.into_any(),
        (_, false, _) => view! { <Badge label="Disabled"/> }.into_any(),
        (_, true, true) => view! { <Badge label="Negated" tone=Tone::Warning/> }.into_any(),
        (_, true, false) => view! { <Badge label="Yes" tone=Tone::Positive/> }.into_any(),
    };
    let away = Task::Unbind.link(&[("bindings", &it.pk.to_string())]);
    let what = format!(
        " {} from {}",
        plain(std::slice::from_ref(&it.subject)),
        plain(std::slice::from_ref(&it.application))
    );
    view! {
        <tr>
            <th scope="row">{name(&it.application)}</th>
            <td class="num">{it.order}</td>
            <td><span class="cluster"><span class="muted">{it.kind.clone()}</span>{name(&it.subject)}</span></td>
            <td>{counts}</td>
            <td><LinkButton href=away small=true>"Take away"<VisuallyHidden>{what}</VisuallyHidden></LinkButton></td>
        </tr>
    }
}
