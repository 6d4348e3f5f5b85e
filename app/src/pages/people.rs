use leptos::prelude::*;
use leptos_meta::Title;
use ui::{
    Badge, Column, DataTable, EmptyState, Glyph, LinkButton, Live, LiveStatus, Monogram,
    PageHeader, Pagination, SearchBox, SkeletonShape, TabItem, Tabs, Tone,
};

use crate::{
    data::people,
    links,
    resource::data,
    state::{
        access_task::Task,
        named::Part,
        people::{Filter, People, Row},
        text::{count, moment},
    },
    view::{Loading, kept, main_panel, name, page_query, query},
};

/// How many groups of a person the list names.
const GROUPS: usize = 3;

/// All people of the connected authentik.
#[component]
pub fn PeoplePage() -> AnyView {
    let filter = Filter {
        q: query("q").get_untracked(),
        state: query("state").get_untracked(),
        page: page_query().get_untracked(),
    };
    let asked = filter.clone();
    let people = data(|| (), move |()| people(asked.clone()));
    let loading = Loading {
        what: "people",
        shape: SkeletonShape::Table {
            rows: 10,
            columns: 5,
        },
    };
    view! {
        <Title text="People"/>
        <PageHeader
            title="People"
            lead="Everybody with an account, and how much each of them can open."
            actions=|| view! { <LinkButton href=Task::NewUser.link(&[]) icon=Glyph::Plus>"Create an account"</LinkButton> }
        />
        {main_panel(people, loading, move |people| found(&people, &filter))}
    }
    .into_any()
}

fn found(people: &People, filter: &Filter) -> AnyView {
    let (tabs, table) = (tabs(filter), table(people, filter));
    let state = kept("state", &filter.state);
    let total = u64::try_from(people.span.total).unwrap_or(u64::MAX);
    let status = count(total, "person", "people");
    view! {
        <div class="stack">
            <SearchBox label="Search people" action=links::PEOPLE value=filter.q.clone()>
                {state}
            </SearchBox>
            <LiveStatus id="people-count" text=status/>
            <Live id="people">{tabs} {table}</Live>
        </div>
    }
    .into_any()
}

fn tabs(filter: &Filter) -> AnyView {
    let tab = |value: &str, label: &str| TabItem {
        label: label.to_owned(),
        href: Filter {
            state: value.to_owned(),
            page: 1,
            ..filter.clone()
        }
        .link(),
        current: filter.state == value,
        count: None,
    };
    let items = vec![
        tab("", "Everybody"),
        tab("active", "May sign in"),
        tab("inactive", "May not sign in"),
    ];
    view! { <Tabs label="State of the account" items=items/> }.into_any()
}

fn table(people: &People, filter: &Filter) -> AnyView {
    if people.rows.is_empty() {
        let actions = || view! { <LinkButton href=links::PEOPLE>"Show everybody"</LinkButton> };
        return view! {
            <EmptyState title="Nobody fits" glyph=Glyph::Search actions=actions>
                <p>"Search for a part of the username, the name or the e-mail address, or take a filter away."</p>
            </EmptyState>
        }
        .into_any();
    }
    let columns = vec![
        Column::new("Person"),
        Column::new("E-mail"),
        Column::new("Groups"),
        Column::numeric("Can open"),
        Column::new("Last sign-in"),
    ];
    let rows: Vec<_> = people.rows.iter().map(line).collect();
    let filter = filter.clone();
    let href = move |page| {
        Filter {
            page,
            ..filter.clone()
        }
        .link()
    };
    view! {
        <DataTable caption="People" caption_hidden=true columns=columns>{rows}</DataTable>
        <Pagination page=people.span.page pages=people.span.pages href=href label="Pages of people"/>
    }
    .into_any()
}

fn line(row: &Row) -> impl IntoView + use<> {
    let username = (row.username != row.name)
        .then(|| view! { <span class="muted mono"><bdi>{row.username.clone()}</bdi></span> });
    let opens = row
        .opens
        .map_or_else(|| "–".to_owned(), |opens| opens.to_string());
    let last = row
        .last_login
        .as_deref()
        .map_or_else(|| "never".to_owned(), moment);
    view! {
        <tr>
            <th scope="row">
                <span class="flex items-center gap-2">
                    <Monogram name=row.name.clone() small=true/>
                    <span class="flex flex-col items-start">
                        <a href=links::person(row.pk)><bdi>{row.name.clone()}</bdi></a>
                        {username}
                        <span class="cluster">{badges(row)}</span>
                    </span>
                </span>
            </th>
            <td><bdi>{row.email.clone()}</bdi></td>
            <td>{groups(&row.groups)}</td>
            <td class="num">{opens}</td>
            <td class="whitespace-nowrap">{last}</td>
        </tr>
    }
}

/// What is special about an account.
pub(super) fn badges(row: &Row) -> AnyView {
    let off =
        (!row.is_active).then(|| view! { <Badge label="May not sign in" tone=Tone::Warning/> });
    let kind = row.kind.clone().map(|kind| view! { <Badge label=kind/> });
    view! { {off} {kind} }.into_any()
}

fn groups(groups: &[Part]) -> AnyView {
    let more = groups.len().saturating_sub(GROUPS);
    let shown: Vec<_> = groups
        .iter()
        .take(GROUPS)
        .map(|group| view! { <li>{name(group)}</li> })
        .collect();
    let more = (more > 0).then(|| view! { <li class="muted">{format!("and {more} more")}</li> });
    view! { <ul role="list" class="flex flex-wrap gap-x-3">{shown}{more}</ul> }.into_any()
}
