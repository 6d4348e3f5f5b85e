use leptos::prelude::*;
use ui::{Card, Column, DataTable, DescriptionItem, DescriptionList, Findings};

use crate::{
    links,
    model::Change,
    state::{
        changes::{SHOWN, done, findings, only_creates},
        text::moment,
    },
    view::{access_diff, request_details},
};

/// What the change set did and did not take back.
pub(super) fn created(change: &Change) -> AnyView {
    let effects = change.progress().effects;
    if effects.is_empty() {
        return ().into_any();
    }
    let rows: Vec<_> = effects
        .iter()
        .take(SHOWN)
        .map(|effect| {
            view! {
                <tr>
                    <th scope="row"><bdi>{effect.label.clone()}</bdi></th>
                    <td>{effect.object.label()}</td>
                    <td>{done(effect)}</td>
                    <td class="mono wrap-anywhere">{effect.address.clone()}</td>
                </tr>
            }
        })
        .collect();
    let columns = vec![
        Column::new("Object"),
        Column::new("Kind"),
        Column::new("Done"),
        Column::new("Key"),
    ];
    let title = if only_creates(change) {
        "Created objects"
    } else {
        "What was done"
    };
    let more = rest(effects.len(), &change.summary.id);
    view! {
        <Card title=title flush=true>
            <DataTable caption=title caption_hidden=true columns=columns>{rows}</DataTable>
            {more.map(|more| view! { <div class="p-4">{more}</div> })}
        </Card>
    }
    .into_any()
}

pub(super) fn about(change: &Change) -> AnyView {
    let summary = &change.summary;
    let access = if change.plan.diff.is_some() {
        "What it does"
    } else {
        "Who may enter"
    };
    let items = [
        (access, change.plan.access.sentence.clone()),
        ("Slug", summary.slug.clone()),
        ("Planned", moment(&summary.created_at)),
        ("Last change", moment(&summary.updated_at)),
    ]
    .into_iter()
    .filter(|(_, text)| !text.is_empty())
    .map(|(term, text)| view! { <DescriptionItem term=term>{text}</DescriptionItem> });
    view! {
        <Card title="In short"><DescriptionList>{items.collect::<Vec<_>>()}</DescriptionList></Card>
    }
    .into_any()
}

/// Who gains and who loses, and what else there is to know of the plan.
pub(super) fn consequences(change: &Change) -> Option<AnyView> {
    let items = findings(&change.plan.findings);
    let risks = (!items.is_empty())
        .then(|| view! { <Card title="Findings"><Findings items=items/></Card> });
    let diff = change.plan.diff.as_ref().map(access_diff);
    (risks.is_some() || diff.is_some()).then(|| view! { {diff} {risks} }.into_any())
}

/// Where to find the rest of a list of which so many are there.
fn rest(all: usize, id: &str) -> Option<AnyView> {
    let more = all.checked_sub(SHOWN).filter(|more| *more > 0)?;
    let href = format!("/api/changes/{}", links::encode(id));
    let view = view! { <p class="muted">{format!("And {more} more: all of them are in the change set ")}<a href=href>"as JSON"</a>"."</p> };
    Some(view.into_any())
}

/// The plan as it was read before.
pub(super) fn plan(change: &Change) -> AnyView {
    let all = &change.plan.steps;
    let steps = plan_steps(all.get(..SHOWN).unwrap_or(all));
    let more = rest(all.len(), &change.summary.id);
    view! { <Card title="The plan">{steps} {more}</Card> }.into_any()
}

/// The steps of a plan in words, with their requests on demand.
pub(in crate::pages) fn plan_steps(steps: &[setup::change::Step]) -> AnyView {
    let items: Vec<_> = steps
        .iter()
        .map(|step| {
            let lines: Vec<_> = step
                .lines
                .iter()
                .map(|line| {
                    let value = if line.value.contains('\n') {
                        view! { <pre class="technical-text" tabindex="0">{line.value.clone()}</pre> }
                            .into_any()
                    } else {
                        line.value.clone().into_any()
                    };
                    view! { <DescriptionItem term=line.label.clone()>{value}</DescriptionItem> }
                })
                .collect();
            view! {
                <li class="flex flex-col gap-3">
                    <h3>{step.title.clone()}</h3>
                    <DescriptionList>{lines}</DescriptionList>
                    {request_details(step)}
                </li>
            }
        })
        .collect();
    view! { <ol class="flex flex-col gap-8" role="list">{items}</ol> }.into_any()
}
