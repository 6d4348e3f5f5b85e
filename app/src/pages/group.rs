use authentik_api::GroupPk;
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{
    Badge, Callout, Card, Column, Crumb, DataTable, DescriptionItem, DescriptionList, EmptyState,
    Glyph, LinkButton, Live, LiveStatus, PageHeader, Pagination, SearchBox, Tone, VisuallyHidden,
};

use super::groups::superuser_badge;
use crate::{
    data::group,
    links,
    resource::data,
    state::{
        access_task::Task,
        group::{Bound, GroupSheet, Member, link},
        groups::Superuser,
        named::Part,
        text::count,
    },
    view::{
        Loading, again, as_of, name, names, page_panel, page_query, parameter, query, sentence,
    },
};

/// One group: members, what it opens, its place in the tree.
#[component]
pub fn GroupPage() -> AnyView {
    let pk = parameter("pk");
    let q = query("q");
    let page = page_query();
    let again = again();
    let found = data(
        move || (pk.get(), q.get(), page.get()),
        move |(pk, q, page)| group(pk, q, page, again.clone()),
    );
    page_panel(found, Loading::lines("the group", 8), move |found| {
        parts(&found, &q.get_untracked())
    })
}

fn parts(group: &GroupSheet, q: &str) -> AnyView {
    let (title, superuser) = (group.name.clone(), group.superuser);
    let taken_at = group.taken_at.clone();
    view! {
        <Title text=title.clone()/>
        <PageHeader
            title=title
            crumbs=vec![Crumb::new("Groups", links::GROUPS)]
            badges=move || superuser_badge(superuser)
            actions=move || as_of(&taken_at)
        />
        {doings(group)}
        <div class="stack">
            {superuser_note(group)}
            {summary(group)}
            {applications(group)}
            {members(group, q)}
        </div>
    }
    .into_any()
}

/// What can be done with the group. Each leads to a form, and that to a plan.
fn doings(group: &GroupSheet) -> AnyView {
    let pk = group.pk.to_string();
    let links: Vec<_> = [
        (Task::Join, "groups", "Add people"),
        (Task::Leave, "groups", "Remove people"),
        (Task::Bind, "groups.0", "Let it into applications"),
        (Task::RenameGroup, "group", "Rename"),
        (Task::MoveGroup, "group", "Move"),
        (Task::DeleteGroup, "group", "Delete the group"),
    ]
    .into_iter()
    .map(|(task, field, label)| {
        let href = task.link(&[(field, &pk)]);
        view! { <LinkButton href=href small=true>{label}</LinkButton> }
    })
    .collect();
    view! { <div class="cluster pb-4">{links}</div> }.into_any()
}

fn superuser_note(group: &GroupSheet) -> AnyView {
    let through = match group.superuser {
        Superuser::No => return ().into_any(),
        Superuser::Marked => view! { "The group is marked so. " }.into_any(),
        Superuser::Inherited => {
            let through = names(&group.superuser_through);
            view! { "Inherited from " {through} ". " }.into_any()
        }
    };
    view! {
        <Callout title="Its members are superusers" tone=Tone::Warning>
            <p>{through} "They may change everything in authentik. It opens no application: bindings hold for superusers as for everybody else."</p>
        </Callout>
    }
    .into_any()
}

fn neighbours(term: &'static str, groups: &[Part]) -> Option<impl IntoView + use<>> {
    let names = names(groups);
    (!groups.is_empty()).then(|| view! { <DescriptionItem term=term>{names}</DescriptionItem> })
}

fn summary(group: &GroupSheet) -> AnyView {
    let (above, below) = (
        neighbours("Lies below", &group.above),
        neighbours("Groups below it", &group.below),
    );
    let key = group.pk.to_string();
    let members = format!(
        "{} direct, {} with those of groups below",
        group.direct, group.all
    );
    view! {
        <Card title="In short">
            <DescriptionList>
                <DescriptionItem term="Members">{members}</DescriptionItem>
                {above}
                {below}
                <DescriptionItem term="Key"><code class="wrap-anywhere">{key}</code></DescriptionItem>
            </DescriptionList>
        </Card>
    }
    .into_any()
}

fn applications(group: &GroupSheet) -> AnyView {
    if group.applications.is_empty() {
        return view! {
            <Card title="Applications that it opens">
                <p>"None: no enabled binding names it or a group above it. Its members open what is open to everyone, and what other groups of theirs open."</p>
            </Card>
        }
        .into_any();
    }
    let rows: Vec<_> = group
        .applications
        .iter()
        .map(|it| bound(it, group))
        .collect();
    let columns = vec![
        Column::new("Application"),
        Column::new("Binding"),
        Column::new("Members who get in"),
    ];
    view! {
        <Card title="Applications that it opens" flush=true>
            <DataTable caption="Applications that it opens" caption_hidden=true columns=columns>{rows}</DataTable>
        </Card>
    }
    .into_any()
}

fn bound(it: &Bound, group: &GroupSheet) -> impl IntoView + use<> {
    let through = match &it.through {
        Some(through) => view! { "to " {name(through)} ", above it" }.into_any(),
        None => "to this group".into_any(),
    };
    let negate = it
        .negate
        .then(|| view! { <Badge label="Negated: keeps them out" tone=Tone::Warning/> });
    let why = links::why_group(group.pk, &it.slug);
    let words = it.cell.words();
    view! {
        <tr>
            <th scope="row">{name(&it.application)}</th>
            <td><span class="cluster"><span>{through}</span>{negate}</span></td>
            <td><a href=why>{words}</a></td>
        </tr>
    }
}

fn members(group: &GroupSheet, q: &str) -> AnyView {
    if group.all == 0 {
        return view! {
            <EmptyState title="Nobody is in it" glyph=Glyph::Users>
                <p>"The group has no members, and no group below it has any."</p>
            </EmptyState>
        }
        .into_any();
    }
    let action = links::group(group.pk);
    let value = q.to_owned();
    let table = table(group, q);
    let total = u64::try_from(group.span.total).unwrap_or(u64::MAX);
    let status = count(total, "member", "members");
    view! {
        <Card title="Members">
            <SearchBox label="Search members" action=action value=value>{().into_any()}</SearchBox>
            <LiveStatus id="members-count" text=status/>
            <Live id="members">{table}</Live>
        </Card>
    }
    .into_any()
}

fn table(group: &GroupSheet, q: &str) -> AnyView {
    if group.members.is_empty() {
        return ().into_any();
    }
    let rows: Vec<_> = group
        .members
        .iter()
        .map(|it| member(it, group.pk))
        .collect();
    let columns = vec![
        Column::new("Person"),
        Column::new("Username"),
        Column::new("Membership"),
        Column::new("What to do"),
    ];
    let (pk, q) = (group.pk, q.to_owned());
    let href = move |page| link(pk, &q, page);
    view! {
        <div class="mt-4">
            <DataTable caption="Members" caption_hidden=true columns=columns>{rows}</DataTable>
        </div>
        <Pagination page=group.span.page pages=group.span.pages href=href label="Pages of members"/>
    }
    .into_any()
}

fn member(it: &Member, group: GroupPk) -> impl IntoView + use<> {
    let leave = it.through.is_empty().then(|| {
        let group = group.to_string();
        let href = Task::Leave.link(&[("groups", &group), ("remove.0", &it.username)]);
        let who = format!(" {}", it.name);
        view! { <LinkButton href=href small=true>"Remove"<VisuallyHidden>{who}</VisuallyHidden></LinkButton> }
    });
    let off =
        (!it.is_active).then(|| view! { <Badge label="May not sign in" tone=Tone::Warning/> });
    let through = if it.through.is_empty() {
        "Direct".into_any()
    } else {
        view! { "Through " {sentence(&it.through)} }.into_any()
    };
    view! {
        <tr>
            <th scope="row">
                <span class="cluster"><a href=links::person(it.pk)><bdi>{it.name.clone()}</bdi></a>{off}</span>
            </th>
            <td class="mono"><bdi>{it.username.clone()}</bdi></td>
            <td>{through}</td>
            <td>{leave}</td>
        </tr>
    }
}
