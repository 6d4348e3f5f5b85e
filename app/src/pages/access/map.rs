use leptos::prelude::*;
use leptos_meta::Title;
use ui::{
    Callout, EmptyState, Glyph, GridKeys, KeepFresh, LinkButton, Live, LiveStatus, Matrix,
    MatrixCell, MatrixHead, MatrixLine, PageHeader, Pagination, SearchBox, SearchFilter,
    SkeletonShape, TabItem, Tabs, Tone,
};

use crate::{
    data::access_map,
    links,
    resource::data,
    state::{
        access_map::{By, Filter, Map, Mark, Row, verdict_words},
        text::count,
    },
    view::{Loading, Section, again, as_of, kept, main_panel, page_query, query, sections},
};

/// Who gets in where: groups or people by applications.
#[component]
pub fn AccessMapPage() -> AnyView {
    let filter = Filter {
        by: By::named(&query("by").get_untracked()),
        q: query("q").get_untracked(),
        app: query("app").get_untracked(),
        verdict: Mark::named(&query("verdict").get_untracked()),
        page: page_query().get_untracked(),
        columns: query("columns").get_untracked().parse().unwrap_or(1),
    };
    let again = again();
    let asked = filter.clone();
    let map = data(|| (), move |()| access_map(asked.clone(), again.clone()));
    let loading = Loading {
        what: "the access map",
        shape: SkeletonShape::Table {
            rows: 10,
            columns: 6,
        },
    };
    view! {
        <Title text="Access"/>
        <PageHeader
            title="Access"
            lead="Who gets in where. Computed from groups, memberships and bindings by the rules of this authentik’s version; each cell leads to its reason."
        />
        {sections(Section::Map)}
        {main_panel(map, loading, move |map| found(&map, &filter))}
    }
    .into_any()
}

fn found(map: &Map, filter: &Filter) -> AnyView {
    if map.is_bare {
        let actions = || view! { <LinkButton href=links::NEW>"Set up an application"</LinkButton> };
        return view! {
            <EmptyState title="No applications yet" glyph=Glyph::App actions=actions>
                <p>"There is nothing that anybody could open. Set the first application up: then this page says who gets in."</p>
            </EmptyState>
        }
        .into_any();
    }
    let moved = (map.notes > 0).then(|| {
        let title = "Something changed while this was read";
        view! {
            <Callout title=title tone=Tone::Warning>
                <p>"Some objects named others that were not found. What depends on them is shown as unknown. Load again."</p>
            </Callout>
        }
    });
    let (tabs, tools, table) = (tabs(filter), tools(filter), table(map, filter));
    let taken_at = as_of(&map.taken_at);
    view! {
        <KeepFresh/>
        <div class="stack">
            {moved}
            {search(filter)}
            <div class="flex flex-wrap items-center justify-between gap-4">
                <LiveStatus id="access-count" text=status(map, filter.by)/>
                <Live id="access-as-of">{taken_at}</Live>
            </div>
            <Live id="access-map">{tabs} {tools} {table}</Live>
        </div>
    }
    .into_any()
}

fn search(filter: &Filter) -> AnyView {
    let label = match filter.by {
        By::Groups => "Search groups",
        By::People => "Search people",
    };
    let options: Vec<_> = marks(filter.by)
        .into_iter()
        .map(|mark| {
            let selected = filter.verdict == Some(mark);
            view! { <option value=mark.value() selected=selected>{mark_label(filter.by, mark)}</option> }
        })
        .collect();
    let by = kept("by", filter.by.value());
    let app = filter.app.clone();
    view! {
        <SearchBox label=label action=links::ACCESS value=filter.q.clone()>
            {by}
            <SearchFilter control="filter-app" label="Search applications">
                <input class="input" type="search" id="filter-app" name="app" value=app placeholder="Search applications" autocomplete="off" spellcheck="false"/>
            </SearchFilter>
            <SearchFilter control="filter-verdict" label="Only where">
                <select class="input" id="filter-verdict" name="verdict" autocomplete="off">
                    <option value="">"Every answer"</option>
                    {options}
                </select>
            </SearchFilter>
        </SearchBox>
    }
    .into_any()
}

/// The answers that can occur.
fn marks(by: By) -> Vec<Mark> {
    match by {
        By::Groups => Mark::ALL.to_vec(),
        By::People => vec![Mark::In, Mark::Out, Mark::Unknown],
    }
}

const fn mark_label(by: By, mark: Mark) -> &'static str {
    match (by, mark) {
        (By::Groups, Mark::In) => "Everyone of the group gets in",
        (By::Groups, Mark::Some) => "n of m members get in",
        (By::Groups, Mark::Out) => "Nobody of the group gets in",
        (By::Groups, Mark::Empty) => "The group has no members who may sign in",
        (By::People, Mark::In | Mark::Some) => "Gets in",
        (By::People, Mark::Out | Mark::Empty) => "Does not get in",
        (_, Mark::Unknown) => "Cannot be known",
    }
}

fn tabs(filter: &Filter) -> AnyView {
    let tab = |by: By, label: &str| TabItem {
        label: label.to_owned(),
        href: filter
            .with(|it| {
                it.by = by;
                it.q.clear();
            })
            .link(),
        current: filter.by == by,
        count: None,
    };
    let items = vec![tab(By::Groups, "By group"), tab(By::People, "By person")];
    view! { <Tabs label="Rows" items=items/> }.into_any()
}

fn status(map: &Map, by: By) -> String {
    let number = |total: usize| u64::try_from(total).unwrap_or(u64::MAX);
    let rows = number(map.of_rows.total);
    let rows = match by {
        By::Groups => count(rows, "group", "groups"),
        By::People => count(rows, "person", "people"),
    };
    let columns = number(map.of_columns.total);
    format!("{rows}, {}", count(columns, "application", "applications"))
}

/// Fresh answers, and the map as a file.
fn tools(filter: &Filter) -> AnyView {
    let (csv, json) = (filter.export("csv"), filter.export("json"));
    view! {
        <div class="flex flex-wrap items-center justify-between gap-4">
            <div class="cluster">
                <LinkButton href=csv icon=Glyph::Download small=true attr:download="access.csv">"CSV"</LinkButton>
                <LinkButton href=json icon=Glyph::Download small=true attr:download="access.json">"JSON"</LinkButton>
            </div>
        </div>
    }
    .into_any()
}

fn table(map: &Map, filter: &Filter) -> AnyView {
    if map.rows.is_empty() || map.columns.is_empty() {
        let everything = Filter {
            by: filter.by,
            ..Filter::default()
        }
        .link();
        let actions = move || view! { <LinkButton href=everything>"Show everything"</LinkButton> };
        return view! {
            <EmptyState title="Nothing fits" glyph=Glyph::Search actions=actions>
                <p>"No row and no column fits what you look for. Search for a part of a name, or choose another answer."</p>
            </EmptyState>
        }
        .into_any();
    }
    let columns = map.columns.iter().map(|column| MatrixHead {
        name: column.name.clone(),
        note: String::new(),
        href: links::application(&column.slug),
    });
    let columns: Vec<MatrixHead> = columns.collect();
    let (caption, corner) = match filter.by {
        By::Groups => ("Groups by applications", "Group and people"),
        By::People => ("People by applications", "Person"),
    };
    let lines: Vec<_> = map
        .rows
        .iter()
        .map(|row| line(row, map, filter.by))
        .collect();
    view! {
        <GridKeys>
            <Matrix caption=caption corner=corner columns=columns>{lines}</Matrix>
        </GridKeys>
        {pages(map, filter)}
        {legend(filter.by)}
    }
    .into_any()
}

fn line(row: &Row, map: &Map, by: By) -> impl IntoView + use<> {
    let cells: Vec<_> = row
        .cells
        .iter()
        .zip(&map.columns)
        .map(|(cell, column)| {
            let mark = cell.mark();
            let words = match by {
                By::Groups => cell.words(),
                By::People => verdict_words(mark).to_owned(),
            };
            view! { <MatrixCell sign=cell.sign() words=words tone=mark.tone() href=row.why(column)/> }
        })
        .collect();
    let note = if row.note == row.name {
        String::new()
    } else {
        row.note.clone()
    };
    let head = MatrixHead {
        name: row.name.clone(),
        note,
        href: row.href.clone(),
    };
    view! { <MatrixLine head=head>{cells}</MatrixLine> }
}

fn pages(map: &Map, filter: &Filter) -> AnyView {
    let (rows, columns) = (filter.clone(), filter.clone());
    let rows = move |page| {
        Filter {
            page,
            ..rows.clone()
        }
        .link()
    };
    let columns = move |page| {
        Filter {
            columns: page,
            ..columns.clone()
        }
        .link()
    };
    let label = match filter.by {
        By::Groups => "Pages of groups",
        By::People => "Pages of people",
    };
    let of_rows = (map.of_rows.pages > 1).then(|| {
        view! { <Pagination page=map.of_rows.page pages=map.of_rows.pages href=rows label=label/> }
    });
    let of_columns = (map.of_columns.pages > 1).then(|| {
        let (page, pages) = (map.of_columns.page, map.of_columns.pages);
        view! {
            <div>
                <p class="muted">"Applications"</p>
                <Pagination page=page pages=pages href=columns label="Pages of applications"/>
            </div>
        }
    });
    view! { {of_rows} {of_columns} }.into_any()
}

fn legend(by: By) -> AnyView {
    let items: Vec<_> = marks(by)
        .into_iter()
        .map(|mark| {
            let class = format!("legend-sign {}", mark.tone().class());
            view! { <li><span class=class>{mark.sign()}</span>{mark_label(by, mark)}</li> }
        })
        .collect();
    view! { <ul class="legend" role="list" aria-label="What the signs mean">{items}</ul> }
        .into_any()
}
