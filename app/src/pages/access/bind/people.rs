use leptos::{form::ActionForm, prelude::*};
use ui::{
    Badge, Button, ButtonKind, Callout, Card, Column, DataTable, DescriptionItem, DescriptionList,
    EmptyState, Findings, Glyph, LinkButton, Live, LiveStatus, Pagination, SearchBox, TabItem,
    Tabs, Tone, Variant,
};

use crate::{
    links,
    serverfn::PlanAccess,
    state::{
        access_task::Task,
        bind::{Bind, Consequences, Line, Look, Step, Turn},
        changes::findings,
        text::count,
    },
    view::{ActionNotice, as_of, failure, hidden_fields, kept as kept_value, name, sentence},
};

/// The step that shows who gains and who loses.
pub(super) fn people(bind: &Bind, look: &Look) -> AnyView {
    let Some(found) = &bind.consequences else {
        return ().into_any();
    };
    let plan = ServerAction::<PlanAccess>::new();
    let items = findings(&found.plan.findings);
    let risks = (!items.is_empty())
        .then(|| view! { <Card title="Findings"><Findings items=items/></Card> });
    view! {
        <div class="stack">
            <ActionNotice failure=failure(plan)/>
            {head(bind, found, plan)}
            {groups(found)}
            {everybody(bind, found, look)}
            {risks}
        </div>
    }
    .into_any()
}

/// What it comes to, and the way on.
fn head(bind: &Bind, found: &Consequences, plan: ServerAction<PlanAccess>) -> AnyView {
    let nothing = found.plan.steps.is_empty();
    let title = if nothing {
        "It is so already".to_owned()
    } else {
        found.plan.access.sentence.clone()
    };
    let tone = match (&found.plan.confirm, nothing) {
        (_, true) => Tone::Neutral,
        (Some(_), _) => Tone::Warning,
        (None, _) => Tone::Info,
    };
    let reasons = found.plan.confirm.as_ref().map(|confirm| {
        let reasons: Vec<_> = confirm
            .reasons
            .iter()
            .map(|reason| view! { <li>{reason.clone()}</li> })
            .collect();
        view! { <ul class="list-disc pl-6">{reasons}</ul> }
    });
    let text = if nothing {
        "Everything you chose is bound as you want it: there is nothing to write."
    } else {
        "The next page shows each step with its request. Nothing is written before you apply it there."
    };
    let on = (!nothing).then(|| go_on(bind, plan));
    let back = bind.link(Step::Groups, &[]);
    view! {
        <Callout title=title tone=tone>
            {reasons}
            <p>{text}</p>
        </Callout>
        <div class="cluster">
            {on}
            <LinkButton href=back variant=Variant::Quiet icon=Glyph::ArrowLeft>"Back"</LinkButton>
        </div>
    }
    .into_any()
}

fn go_on(bind: &Bind, plan: ServerAction<PlanAccess>) -> AnyView {
    let fields = hidden_fields(&bind.fields);
    view! {
        <ActionForm action=plan>
            <input type="hidden" name="do" value=Task::Bind.word()/>
            {fields}
            <Button kind=ButtonKind::Submit variant=Variant::Primary>"Review the plan"</Button>
        </ActionForm>
    }
    .into_any()
}

/// The groups that are let in, with their first members.
fn groups(found: &Consequences) -> AnyView {
    if found.groups.is_empty() {
        return ().into_any();
    }
    let items: Vec<_> = found
        .groups
        .iter()
        .map(|members| {
            let title = crate::state::named::plain(std::slice::from_ref(&members.group));
            let people: Vec<_> = members
                .people
                .iter()
                .map(|person| view! { <li>{name(person)}</li> })
                .collect();
            let all = count(
                u64::try_from(members.all).unwrap_or(u64::MAX),
                "person",
                "people",
            );
            let more = members.all.saturating_sub(members.people.len());
            let more = (more > 0).then(|| format!("and {more} more"));
            view! {
                <DescriptionItem term=title>
                    <div class="flex flex-col gap-1">
                        <p class="muted">{all}</p>
                        <ul class="names" role="list">{people}</ul>
                        {more}
                    </div>
                </DescriptionItem>
            }
        })
        .collect();
    view! { <Card title="Members"><DescriptionList>{items}</DescriptionList></Card> }.into_any()
}

/// Everybody at the chosen applications, to search.
fn everybody(bind: &Bind, found: &Consequences, look: &Look) -> AnyView {
    let fields = hidden_fields(&bind.fields);
    let turn = look.turn.map(Turn::word).unwrap_or_default();
    let total = u64::try_from(found.span.total).unwrap_or(u64::MAX);
    let (tabs, table) = (tabs(bind, found, look), table(bind, found, look));
    let (taken_at, kept_turn, q) = (
        bind.taken_at.clone(),
        kept_value("turn", turn),
        look.q.clone(),
    );
    let actions = move || as_of(&taken_at);
    view! {
        <Card title="Everybody, one by one" actions=actions>
            <SearchBox label="Search people" action=links::BIND value=q>
                <input type="hidden" name="step" value=Step::People.word()/>
                {fields}
                {kept_turn}
            </SearchBox>
            <LiveStatus id="consequences-count" text=count(total, "line", "lines")/>
            <Live id="consequences">{tabs} {table}</Live>
        </Card>
    }
    .into_any()
}

fn tabs(bind: &Bind, found: &Consequences, look: &Look) -> AnyView {
    let tab = |turn: Option<Turn>, label: &str, number: u64| TabItem {
        label: label.to_owned(),
        href: bind.link(
            Step::People,
            &[
                ("q", &look.q),
                ("turn", turn.map(Turn::word).unwrap_or_default()),
            ],
        ),
        current: look.turn == turn,
        count: Some(number),
    };
    let all = found.counts.iter().map(|(_, number)| number).sum();
    let mut items = vec![tab(None, "Everybody", all)];
    let of_turns = found
        .counts
        .iter()
        .filter(|(turn, number)| *number > 0 || *turn != Turn::Unknown);
    items.extend(of_turns.map(|(turn, number)| tab(Some(*turn), turn.label(), *number)));
    view! { <Tabs label="What happens" items=items/> }.into_any()
}

fn table(bind: &Bind, found: &Consequences, look: &Look) -> AnyView {
    if found.lines.is_empty() {
        return view! {
            <EmptyState title="Nobody" glyph=Glyph::Users>
                <p>"No person fits this list and this search."</p>
            </EmptyState>
        }
        .into_any();
    }
    let columns = vec![
        Column::new("Person"),
        Column::new("Application"),
        Column::new("What happens"),
        Column::new("Why it will be so"),
    ];
    let rows: Vec<_> = found.lines.iter().map(row).collect();
    let turn = look.turn.map(Turn::word).unwrap_or_default();
    let here = bind.link(Step::People, &[("q", &look.q), ("turn", turn)]);
    let href = move |page: u32| links::with(&here, &format!("page={page}"));
    view! {
        <DataTable caption="Everybody, one by one" caption_hidden=true columns=columns>{rows}</DataTable>
        <Pagination page=found.span.page pages=found.span.pages href=href label="Pages of people"/>
    }
    .into_any()
}

fn row(line: &Line) -> impl IntoView + use<> {
    let (tone, glyph) = match line.turn {
        Turn::Gains => (Tone::Positive, Glyph::Plus),
        Turn::Loses => (Tone::Danger, Glyph::Close),
        Turn::Unknown => (Tone::Warning, Glyph::Question),
        Turn::StaysIn => (Tone::Neutral, Glyph::Check),
        Turn::StaysOut => (Tone::Neutral, Glyph::Dot),
    };
    let title = line.username.clone();
    view! {
        <tr>
            <th scope="row"><span title=title>{name(&line.person)}</span></th>
            <td>{name(&line.application)}</td>
            <td><Badge label=line.turn.label() tone=tone glyph=glyph/></td>
            <td class="cell-wide">{sentence(&line.why)}</td>
        </tr>
    }
}
