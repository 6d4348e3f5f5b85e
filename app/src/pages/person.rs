use access::Verdict;
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{
    Badge, Card, Column, Crumb, DataTable, DescriptionItem, DescriptionList, EmptyState, Glyph,
    LinkButton, PageHeader, Status, Tone, VisuallyHidden,
};

use super::people::badges;
use crate::{
    data::{person, sign_ins},
    links,
    resource::{Data, data},
    state::{
        access_task::Task,
        named::plain,
        people::{Membership, Opens, Person, SignIn},
        text::moment,
    },
    view::{Loading, again, as_of, name, names, page_panel, panel, parameter, sentence, verdict},
};

/// One person: groups, applications with the reason, sign-ins.
#[component]
pub fn PersonPage() -> AnyView {
    let pk = parameter("pk");
    let again = again();
    let found = data(move || pk.get(), move |pk| person(pk, again.clone()));
    let entered = data(move || pk.get(), sign_ins);
    page_panel(found, Loading::lines("the person", 10), move |found| {
        parts(&found, entered)
    })
}

fn parts(person: &Person, entered: Data<Vec<SignIn>>) -> AnyView {
    let title = person.row.name.clone();
    let row = person.row.clone();
    let doings = doings(person);
    view! {
        <Title text=title.clone()/>
        <PageHeader
            title=title
            crumbs=vec![Crumb::new("People", links::PEOPLE)]
            badges=move || badges(&row)
        />
        {doings}
        <div class="stack">
            {summary(person)}
            {applications(person)}
            {groups(person)}
            {panel(entered, Loading::lines("the sign-ins", 3), |entered| sign_ins_card(&entered))}
        </div>
    }
    .into_any()
}

/// What can be done with the person. Each leads to a form, and that to a plan.
fn doings(person: &Person) -> AnyView {
    let row = &person.row;
    let sign_in = if row.is_active {
        (Task::Deactivate, "user", "Stop from signing in")
    } else {
        (Task::Activate, "user", "Let sign in again")
    };
    let links: Vec<_> = [
        (Task::Join, "add.0", "Add to a group"),
        (Task::EditUser, "user", "Change names or address"),
        sign_in,
        (Task::DeleteUser, "user", "Delete the account"),
    ]
    .into_iter()
    .map(|(task, field, label)| {
        let href = task.link(&[(field, &row.username)]);
        view! { <LinkButton href=href small=true>{label}</LinkButton> }
    })
    .collect();
    view! { <div class="cluster pb-4">{links}</div> }.into_any()
}

fn summary(person: &Person) -> AnyView {
    let row = &person.row;
    let email = (!row.email.is_empty()).then(|| {
        let email = row.email.clone();
        view! { <DescriptionItem term="E-mail"><bdi>{email}</bdi></DescriptionItem> }
    });
    let joined = person.joined.as_deref().map(|at| {
        let at = moment(at);
        view! { <DescriptionItem term="Account made">{at}</DescriptionItem> }
    });
    let last = row
        .last_login
        .as_deref()
        .map_or_else(|| "never".to_owned(), moment);
    let superuser = (!person.superuser.is_empty()).then(|| {
        let through = names(&person.superuser);
        view! {
            <DescriptionItem term="Superuser">
                <span class="cluster">
                    <Badge label="Superuser" tone=Tone::Warning/>
                    <span>"through " {through}</span>
                    <span class="muted">"May change everything in authentik; opens no application by that."</span>
                </span>
            </DescriptionItem>
        }
    });
    let username = row.username.clone();
    view! {
        <Card title="In short">
            <DescriptionList>
                <DescriptionItem term="Username"><bdi class="mono">{username}</bdi></DescriptionItem>
                {email}
                <DescriptionItem term="Last sign-in">{last}</DescriptionItem>
                {joined}
                {superuser}
            </DescriptionList>
        </Card>
    }
    .into_any()
}

fn applications(person: &Person) -> AnyView {
    let opens = person.applications.iter();
    let opens = opens.filter(|it| it.verdict == Verdict::Allowed).count();
    let taken_at = person.taken_at.clone();
    let actions = move || as_of(&taken_at);
    if person.applications.is_empty() {
        return view! {
            <EmptyState title="No applications yet" glyph=Glyph::App>
                <p>"There is nothing that anybody could open."</p>
            </EmptyState>
        }
        .into_any();
    }
    let rows: Vec<_> = person
        .applications
        .iter()
        .map(|it| application(it, person))
        .collect();
    let columns = vec![
        Column::new("Application"),
        Column::new("Answer"),
        Column::new("Why"),
    ];
    let text = format!("Gets into {opens} of {}.", person.applications.len());
    view! {
        <Card title="Applications" actions=actions flush=true>
            <p class="p-4">{text}</p>
            <DataTable caption="Applications of this person" caption_hidden=true columns=columns>{rows}</DataTable>
        </Card>
    }
    .into_any()
}

fn application(it: &Opens, person: &Person) -> impl IntoView + use<> {
    let why = links::why(person.row.pk, &it.slug);
    let of = it.slug.clone();
    view! {
        <tr>
            <th scope="row">{name(&it.application)}</th>
            <td>{verdict(it.verdict)}</td>
            <td class="cell-wide">
                {sentence(&it.sentence)} " "
                <a href=why>"More"<span class="sr-only">" about " {of}</span></a>
            </td>
        </tr>
    }
}

fn groups(person: &Person) -> AnyView {
    let groups = &person.groups;
    if groups.is_empty() {
        return view! {
            <Card title="Groups"><p>"In no group. Only applications that are open to everyone, or that name this person, open."</p></Card>
        }
        .into_any();
    }
    let rows: Vec<_> = groups
        .iter()
        .map(|it| membership(it, &person.row.username))
        .collect();
    let columns = vec![
        Column::new("Group"),
        Column::new("Membership"),
        Column::new("What to do"),
    ];
    view! {
        <Card title="Groups" flush=true>
            <DataTable caption="Groups of this person" caption_hidden=true columns=columns>{rows}</DataTable>
        </Card>
    }
    .into_any()
}

fn membership(it: &Membership, username: &str) -> impl IntoView + use<> {
    let leave = it.through.is_empty().then(|| {
        let group = it.pk.to_string();
        let href = Task::Leave.link(&[("groups", &group), ("remove.0", username)]);
        let from = format!(" from {}", plain(std::slice::from_ref(&it.group)));
        view! { <LinkButton href=href small=true>"Remove"<VisuallyHidden>{from}</VisuallyHidden></LinkButton> }
    });
    let superuser = it
        .superuser
        .then(|| view! { <Badge label="Superuser" tone=Tone::Warning/> });
    let through = if it.through.is_empty() {
        "Direct".into_any()
    } else {
        view! { "Inherited through " {sentence(&it.through)} }.into_any()
    };
    view! {
        <tr>
            <th scope="row"><span class="cluster">{name(&it.group)}{superuser}</span></th>
            <td>{through}</td>
            <td>{leave}</td>
        </tr>
    }
}

fn sign_ins_card(entered: &[SignIn]) -> AnyView {
    if entered.is_empty() {
        return view! {
            <Card title="Recent sign-ins"><p>"None that authentik remembers."</p></Card>
        }
        .into_any();
    }
    let rows: Vec<_> = entered
        .iter()
        .map(|it| {
            let (label, tone, glyph) = if it.succeeded {
                ("Signed in", Tone::Positive, Glyph::Check)
            } else {
                ("Failed", Tone::Danger, Glyph::Close)
            };
            view! {
                <tr>
                    <th scope="row">{moment(&it.at)}</th>
                    <td><Status label=label tone=tone glyph=glyph/></td>
                    <td class="mono">{it.from.clone()}</td>
                </tr>
            }
        })
        .collect();
    let columns = vec![
        Column::new("When"),
        Column::new("Outcome"),
        Column::new("From"),
    ];
    view! {
        <Card title="Recent sign-ins" flush=true>
            <DataTable caption="Recent sign-ins" caption_hidden=true columns=columns>{rows}</DataTable>
        </Card>
    }
    .into_any()
}
