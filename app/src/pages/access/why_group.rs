use leptos::prelude::*;
use ui::{Badge, Card, Column, DataTable, EmptyState, Glyph, Pagination, Tone};

use crate::{
    links,
    state::why::{GroupWhy, Member},
    view::{as_of, name, verdict},
};

/// The answer about the members of a group.
pub(super) fn about_group(why: &GroupWhy) -> AnyView {
    let taken_at = why.taken_at.clone();
    let actions = move || as_of(&taken_at);
    let words = why.cell.words();
    let (group, application) = (name(&why.group), name(&why.application));
    view! {
        <Card title="The answer" actions=actions>
            <p class="answer">
                "Of “" {group} "”, groups below it included, "
                {words} " at “" {application} "”."
            </p>
            <p class="muted">"Counted are the members who may sign in."</p>
        </Card>
        {members(why)}
    }
    .into_any()
}

fn members(why: &GroupWhy) -> AnyView {
    if why.members.is_empty() {
        return view! {
            <EmptyState title="The group has no members" glyph=Glyph::Users>
                <p>"Nobody is in it, nor in a group below it."</p>
            </EmptyState>
        }
        .into_any();
    }
    let rows: Vec<_> = why.members.iter().map(|it| member(it, &why.slug)).collect();
    let columns = vec![
        Column::new("Member"),
        Column::new("Answer"),
        Column::unlabelled("Reason"),
    ];
    let address = crate::view::here().get_untracked();
    let current = format!("page={}", why.span.page);
    let base = links::without(&address, &current);
    let href = move |page: u32| links::with(&base, &format!("page={page}"));
    view! {
        <DataTable caption="Members" columns=columns>{rows}</DataTable>
        <Pagination page=why.span.page pages=why.span.pages href=href label="Pages of members"/>
    }
    .into_any()
}

fn member(member: &Member, slug: &str) -> impl IntoView + use<> {
    let off =
        (!member.is_active).then(|| view! { <Badge label="May not sign in" tone=Tone::Warning/> });
    let username = member.username.clone();
    view! {
        <tr>
            <th scope="row">
                <span class="cluster">
                    <a href=links::person(member.pk)><bdi>{member.name.clone()}</bdi></a>
                    {off}
                </span>
            </th>
            <td>{verdict(member.verdict)}</td>
            <td><a href=links::why(member.pk, slug)>"Why?"<span class="sr-only">" About " {username}</span></a></td>
        </tr>
    }
}
