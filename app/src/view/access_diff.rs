use access::{AccessDiff, ApplicationDiff, Door, UserRef};
use leptos::prelude::*;
use ui::{Badge, Card, DescriptionItem, DescriptionList, Tone};

use crate::{links, state::text::count};

/// More people than this are behind a disclosure.
const SHOWN: usize = 8;
/// More people than this are not named.
const NAMED: usize = 200;

/// Who gains and who loses access by a plan, application by application; computed by Ostiary from what
/// authentik holds.
pub(crate) fn access_diff(diff: &AccessDiff) -> AnyView {
    if diff.applications.is_empty() {
        return view! {
            <Card title="Who gains, who loses">
                <p>"Nobody’s access changes, as far as Ostiary can compute it."</p>
            </Card>
        }
        .into_any();
    }
    let applications: Vec<_> = diff.applications.iter().map(application).collect();
    view! {
        <Card title="Who gains, who loses">
            <ul class="flex flex-col gap-6" role="list">{applications}</ul>
        </Card>
    }
    .into_any()
}

fn application(diff: &ApplicationDiff) -> AnyView {
    let doors = if diff.opens() {
        Some(("Opens to everyone", Tone::Warning))
    } else if diff.shuts_everybody_out() {
        Some(("Closed to everybody", Tone::Danger))
    } else if diff.closes() {
        Some(("No longer open to everyone", Tone::Positive))
    } else {
        None
    };
    let badge = doors.map(|(label, tone)| view! { <Badge label=label tone=tone/> });
    let mut unknown: Vec<&UserRef> = diff.allowed_to_unknown.iter().collect();
    unknown.extend(&diff.denied_to_unknown);
    let mut known: Vec<&UserRef> = diff.unknown_to_allowed.iter().collect();
    known.extend(&diff.unknown_to_denied);
    let lines = [
        ("Gain access", diff.gains.iter().collect::<Vec<_>>()),
        ("Lose access", diff.losses.iter().collect()),
        ("Cannot be known any more", unknown),
        ("Can be known now", known),
    ]
    .into_iter()
    .filter(|(_, users)| !users.is_empty())
    .map(|(term, users)| {
        let people = people(&users);
        view! { <DescriptionItem term=term>{people}</DescriptionItem> }
    })
    .collect::<Vec<_>>();
    let numbers = match diff.door_after {
        Door::Absent => "The application is gone.".to_owned(),
        _ => format!(
            "{} of {} could get in, {} can.",
            diff.before.allowed,
            count(
                (diff.before.allowed + diff.before.denied + diff.before.unknown).into(),
                "person",
                "people"
            ),
            diff.after.allowed
        ),
    };
    let name = if diff.name.trim().is_empty() {
        diff.slug.clone()
    } else {
        diff.name.clone()
    };
    let href = links::application(&diff.slug);
    view! {
        <li class="flex flex-col gap-2">
            <h3 class="cluster">
                <a href=href><bdi>{name}</bdi></a>
                {badge}
            </h3>
            <p class="muted">{numbers}</p>
            <DescriptionList>{lines}</DescriptionList>
        </li>
    }
    .into_any()
}

/// Names of people; many of them on demand.
fn people(users: &[&UserRef]) -> AnyView {
    let names = |users: &[&UserRef]| {
        let more = users.len().saturating_sub(NAMED);
        let more =
            (more > 0).then(|| view! { <li class="muted">{format!("and {more} more")}</li> });
        let names: Vec<_> = users
            .iter()
            .take(NAMED)
            .map(|user| {
                let title = user.username.clone();
                let name = if user.name.trim().is_empty() {
                    user.username.clone()
                } else {
                    user.name.clone()
                };
                view! { <li><bdi title=title>{name}</bdi></li> }
            })
            .collect();
        view! { <ul class="names" role="list">{names}{more}</ul> }.into_any()
    };
    let total = u64::try_from(users.len()).unwrap_or(u64::MAX);
    let label = count(total, "person", "people");
    if users.len() <= SHOWN {
        let names = names(users);
        return view! { <span class="sr-only">{label}": "</span> {names} }.into_any();
    }
    let names = names(users);
    view! {
        <details class="technical">
            <summary>{label}</summary>
            {names}
        </details>
    }
    .into_any()
}
