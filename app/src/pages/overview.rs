use leptos::prelude::*;
use leptos_meta::Title;
use ui::{
    Badge, Callout, Card, Column, DataTable, DescriptionItem, DescriptionList, EmptyState, Glyph,
    LinkButton, PageHeader, SkeletonShape, Tone, Variant,
};

use crate::{
    data::{
        AccessOverview, Counts, access_overview, applications, counts, list_changes, list_drafts,
    },
    links,
    model::{ChangeSummary, Connection, DraftRecord},
    resource::{Data, data},
    serverfn::DiscardDraft,
    state::{
        applications::List,
        changes::tone,
        doors::{Doors, Kind},
        text::{count, host, moment},
    },
    view::{ActionNotice, Loading, answers, failure, panel, quiet_panel, sentence, why_form},
};

/// How many change sets the overview shows.
const RECENT: usize = 5;
/// How many open doors the overview names.
const WORST: usize = 3;

/// What the console is connected to, how much there is, and what to go on with.
#[component]
pub fn OverviewPage() -> AnyView {
    let connection = expect_context::<Data<Connection>>();
    let list = data(|| (), |()| applications());
    let access = data(|| (), |()| access_overview());
    let numbers = data(|| (), |()| counts());
    let recent = data(|| (), |()| list_changes());
    let discard = ServerAction::<DiscardDraft>::new();
    let started = data(move || discard.version().get(), |_| list_drafts());
    view! {
        <Title text="Overview"/>
        <PageHeader
            title="Overview"
            lead="The doors of your authentik: what people can open, and how it is set up."
            actions=|| {
                view! {
                    <LinkButton href=links::NEW variant=Variant::Primary icon=Glyph::Plus>
                        "Set up an application"
                    </LinkButton>
                }
            }
        />
        <div class="stack">
            <ActionNotice failure=failure(discard)/>
            {panel(connection, Loading::lines("the connection", 1), |_| ().into_any())}
            {quiet_panel(list, Loading::lines("the applications", 2), applications_view)}
            {quiet_panel(access, Loading::lines("who may open what", 4), access_view)}
            {quiet_panel(numbers, Loading::lines("the numbers", 2), numbers_view)}
            {panel(started, Loading::lines("drafts", 2), move |drafts| drafts_view(&drafts, discard))}
            {panel(recent, Loading { what: "change sets", shape: SkeletonShape::Table { rows: 3, columns: 3 } }, |changes| changes_view(&changes))}
            {quiet_panel(connection, Loading::lines("the connection", 3), |connection| connection_view(&connection))}
        </div>
    }
    .into_any()
}

fn stat(label: &'static str, number: u64, href: Option<&'static str>) -> AnyView {
    let number = match href {
        Some(href) => view! { <a href=href>{number}</a> }.into_any(),
        None => number.into_any(),
    };
    view! { <div class="stat"><dt>{label}</dt><dd>{number}</dd></div> }.into_any()
}

/// How to begin where there are no applications.
fn applications_view(list: List) -> AnyView {
    if list.rows.is_empty() {
        let actions = || {
            view! {
                <LinkButton href=links::NEW variant=Variant::Secondary icon=Glyph::Plus>
                    "Choose the first application"
                </LinkButton>
            }
        };
        return view! {
            <EmptyState title="No applications yet" actions=actions>
                <p>"Pick an application, type its address, choose who may enter. You read exactly what will be done before anything is written."</p>
            </EmptyState>
        }
        .into_any();
    }
    ().into_any()
}

/// Open doors, and the question why.
fn access_view(access: Option<AccessOverview>) -> AnyView {
    let Some(AccessOverview { doors, pickers }) = access else {
        return view! {
            <Callout title="Who can open what is not shown" tone=Tone::Info>
                <p>"The token is not a superuser’s: authentik would show it only a part, without saying so. Use a superuser’s token to see open doors, and why somebody gets in or does not."</p>
            </Callout>
        }
        .into_any();
    };
    if doors.applications == 0 {
        return ().into_any();
    }
    let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    let open = doors.count(Kind::Open);
    view! {
        <dl class="stats">
            {stat("Applications", number(doors.applications), Some("/applications"))}
            {stat("Open doors", open, Some(links::DOORS))}
        </dl>
        {open_doors(&doors, open)}
        <Card title="Why can somebody open something, or not?" id="why">
            {why_form(&pickers, "", "", "")}
        </Card>
    }
    .into_any()
}

/// The worst of the open doors.
fn open_doors(doors: &Doors, open: u64) -> AnyView {
    let title = match open {
        0 => return ().into_any(),
        1 => "One application is open to everyone".to_owned(),
        open => format!("{open} applications are open to everyone"),
    };
    let worst: Vec<_> = doors
        .of_kind(Kind::Open.value())
        .into_iter()
        .take(WORST)
        .map(|door| {
            let words = door.remarks.first().map(|words| sentence(words));
            let people = count(
                door.people.into(),
                "person gets in now",
                "people get in now",
            );
            view! { <li>{words} " " {people} "."</li> }
        })
        .collect();
    let actions = || view! { <LinkButton href=links::DOORS>"Show open doors"</LinkButton> };
    view! {
        <Callout title=title tone=Tone::Warning actions=actions>
            <ul role="list" class="flex flex-col gap-1">{worst}</ul>
        </Callout>
    }
    .into_any()
}

fn numbers_view(counts: Counts) -> AnyView {
    view! {
        <dl class="stats">
            {stat("Providers", counts.providers.into(), None)}
            {stat("Users", counts.users.into(), Some(links::PEOPLE))}
            {stat("Groups", counts.groups.into(), Some(links::GROUPS))}
        </dl>
    }
    .into_any()
}

fn drafts_view(drafts: &[DraftRecord], discard: ServerAction<DiscardDraft>) -> AnyView {
    if drafts.is_empty() {
        return ().into_any();
    }
    let items: Vec<_> = drafts.iter().map(|record| draft(record, discard)).collect();
    view! {
        <Card title="Drafts to continue">
            <ul class="flex flex-col gap-3" role="list">{items}</ul>
        </Card>
    }
    .into_any()
}

fn draft(record: &DraftRecord, discard: ServerAction<DiscardDraft>) -> AnyView {
    let name = if record.draft.name.trim().is_empty() {
        "Without a name".to_owned()
    } else {
        record.draft.name.clone()
    };
    let address = record.draft.base_url.clone();
    let href = links::step(&record.id, setup::oidc_application::WizardStep::Address);
    let label = format!("Discard the draft {name}");
    let id = record.id.clone();
    view! {
        <li class="cluster">
            <a href=href>{name}</a>
            <span class="muted mono wrap-anywhere">{address}</span>
            <span class="muted">{moment(&record.updated_at)}</span>
            <leptos::form::ActionForm action=discard>
                <input type="hidden" name="draft" value=id/>
                <ui::Button
                    kind=ui::ButtonKind::Submit
                    variant=Variant::Quiet
                    small=true
                    attr:aria-label=label
                >
                    "Discard"
                </ui::Button>
            </leptos::form::ActionForm>
        </li>
    }
    .into_any()
}

fn changes_view(changes: &[ChangeSummary]) -> AnyView {
    if changes.is_empty() {
        return ().into_any();
    }
    let rows: Vec<_> = changes
        .iter()
        .take(RECENT)
        .map(|change| {
            view! {
                <tr>
                    <th scope="row"><a href=links::change(&change.id)>{change.title.clone()}</a></th>
                    <td><Badge label=change.state.label() tone=tone(change.state)/></td>
                    <td>{moment(&change.updated_at)}</td>
                </tr>
            }
        })
        .collect();
    let columns = vec![
        Column::new("Change set"),
        Column::new("State"),
        Column::new("Last change"),
    ];
    view! {
        <Card
            title="Recent change sets"
            flush=true
            actions=|| view! { <LinkButton href="/changes" small=true>"All change sets"</LinkButton> }
        >
            <DataTable caption="Recent change sets" caption_hidden=true columns=columns>{rows}</DataTable>
        </Card>
    }
    .into_any()
}

fn connection_view(connection: &Connection) -> AnyView {
    let me = &connection.me;
    let who = if me.name.trim().is_empty() || me.name == me.username {
        me.username.clone()
    } else {
        format!("{} ({})", me.name, me.username)
    };
    let rights = if me.is_superuser {
        view! { <Badge label="Superuser" tone=Tone::Positive/> }.into_any()
    } else {
        view! { <Badge label="Not a superuser" tone=Tone::Warning/> }.into_any()
    };
    let limits = (!me.is_superuser).then(|| {
        view! {
            <p>"authentik shows this token only what its owner may open, and answers no question about other people. Use a superuser’s token for the whole picture."</p>
        }
    });
    let demo = connection.demo.then(|| {
        view! {
            <Callout title="This is the demo" tone=Tone::Info>
                <p>"The authentik behind it is simulated, with sample people and applications. Nothing you do here leaves this program."</p>
            </Callout>
        }
    });
    let admin = links::authentik_admin(&connection.authentik_url);
    let demo_mode = connection.demo;
    let actions = move || {
        (!demo_mode).then(|| {
            view! { <LinkButton href=admin external=true small=true>"Open authentik"</LinkButton> }
        })
    };
    let address = connection.authentik_url.clone();
    let shown = host(&address).to_owned();
    let version = connection.capabilities.version.to_string();
    let state = answers(connection);
    view! {
        <Card title="Connection" actions=actions>
            <div class="flex flex-col gap-4">
            {demo}
            <DescriptionList>
                {state}
                <DescriptionItem term="authentik">{shown}</DescriptionItem>
                <DescriptionItem term="Address"><code class="wrap-anywhere">{address}</code></DescriptionItem>
                <DescriptionItem term="Version">{version}</DescriptionItem>
                <DescriptionItem term="Token of">
                    <span class="cluster">{who}{rights}</span>
                </DescriptionItem>
            </DescriptionList>
            {limits}
            </div>
        </Card>
    }
    .into_any()
}
