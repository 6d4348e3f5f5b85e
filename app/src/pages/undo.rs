use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;
use setup::change::State;
use ui::{Button, ButtonKind, Callout, Card, Crumb, Glyph, LinkButton, PageHeader, Tone, Variant};

use crate::{
    data::get_change,
    links,
    model::Change,
    resource::data,
    serverfn::UndoChange,
    state::changes::{SHOWN, done, only_creates, undoing},
    view::{ActionNotice, Loading, failure, page_panel, parameter, proof, prove},
};

/// Asks once more before a change set is undone.
#[component]
pub fn UndoPage() -> AnyView {
    let id = parameter("id");
    let data = data(move || id.get(), get_change);
    let undo = ServerAction::<UndoChange>::new();
    view! {
        <ActionNotice failure=failure(undo)/>
        {page_panel(data, Loading::lines("the change set", 4), move |change| page(&change, undo))}
    }
    .into_any()
}

fn page(change: &Change, undo: ServerAction<UndoChange>) -> AnyView {
    let summary = &change.summary;
    let title = format!("Undo “{}”?", summary.title);
    let back = links::change(&summary.id);
    let crumbs = vec![
        Crumb::new("Change sets", "/changes"),
        Crumb::new(summary.title.clone(), back.clone()),
    ];
    let body = if summary.state.can_undo() {
        let objects = will_be_taken_back(change);
        let heading = if only_creates(change) {
            "What will be deleted"
        } else {
            "What will be taken back"
        };
        let id = summary.id.clone();
        if let Some(href) = proof(&links::undo(&id)) {
            return view! {
                <Title text="Undo a change set"/>
                <PageHeader title=title crumbs=crumbs/>
                <div class="stack">
                    <Card title=heading>{objects}</Card>
                    <p>"Before this is undone, Ostiary asks once more who you are."</p>
                    <div class="form-actions">
                        {prove(href)}
                        <LinkButton href=back variant=Variant::Quiet>"Keep it"</LinkButton>
                    </div>
                </div>
            }
            .into_any();
        }
        view! {
            <Card title=heading>{objects}</Card>
            <ActionForm action=undo>
                <input type="hidden" name="change" value=id/>
                <div class="form-actions">
                    <Button
                        kind=ButtonKind::Submit
                        variant=Variant::Danger
                        icon=Glyph::Undo
                    >
                        "Undo the change set"
                    </Button>
                    <LinkButton href=back variant=Variant::Quiet>"Keep it"</LinkButton>
                </div>
            </ActionForm>
        }
        .into_any()
    } else {
        let text = format!(
            "Its state is “{}”: there is nothing to undo.",
            summary.state.label()
        );
        view! {
            <Callout title="This change set cannot be undone" tone=Tone::Info>
                <p>{text}</p>
            </Callout>
            <p><LinkButton href=back>"Back to the change set"</LinkButton></p>
        }
        .into_any()
    };
    view! {
        <Title text="Undo a change set"/>
        <PageHeader title=title crumbs=crumbs/>
        <div class="stack">{body}</div>
    }
    .into_any()
}

/// What undoing takes back, last first.
pub(super) fn will_be_taken_back(change: &Change) -> AnyView {
    let effects = change.progress().effects;
    if effects.is_empty() {
        return view! {
            <p>"Nothing is known to be left. Ostiary looks in authentik for what a step may have done without an answer, and takes that back."</p>
        }
        .into_any();
    }
    let creates = only_creates(change);
    let more = effects.len().saturating_sub(SHOWN);
    let more = (more > 0).then(|| view! { <li>{format!("and {more} more")}</li> });
    let items: Vec<_> = effects
        .iter()
        .rev()
        .take(SHOWN)
        .map(|effect| {
            let object = format!("{} “{}”", effect.object.label(), effect.label);
            let text = if creates {
                object
            } else {
                format!("{}: {object}", done(effect))
            };
            view! { <li>{text}</li> }
        })
        .collect();
    let consequence = change.draft.oidc().map(
        |_| " People who use the application can then no longer sign in to it through authentik.",
    );
    // Of an interrupted one the plan tells more than was done.
    let whole = change.plan.diff.as_ref();
    let whole = whole.filter(|_| change.summary.state == State::Applied);
    let people = whole.map(undoing).unwrap_or_default();
    let people = (!people.is_empty()).then(|| {
        let sentences: Vec<_> = people
            .into_iter()
            .map(|it| view! { <li>{it}</li> })
            .collect();
        view! {
            <Callout title="What that does to people" tone=Tone::Warning>
                <ul class="list-disc pl-6">{sentences}</ul>
            </Callout>
        }
    });
    view! {
        <ul class="list-disc pl-6 flex flex-col gap-1">{items}{more}</ul>
        {people}
        <p>"An object that was changed since is left alone, and you are told."{consequence}</p>
    }
    .into_any()
}
