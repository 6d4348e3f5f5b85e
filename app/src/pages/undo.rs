use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;
use ui::{Button, ButtonKind, Callout, Card, Crumb, Glyph, LinkButton, PageHeader, Tone, Variant};

use crate::{
    data::get_change,
    links,
    model::Change,
    resource::data,
    serverfn::UndoChange,
    view::{ActionNotice, Loading, failure, page_panel, parameter},
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
        let objects = will_be_deleted(change);
        let id = summary.id.clone();
        view! {
            <Card title="What will be deleted">{objects}</Card>
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

/// The objects that undoing deletes, last first.
pub(super) fn will_be_deleted(change: &Change) -> AnyView {
    let created = change.progress().created;
    if created.is_empty() {
        return view! {
            <p>"Nothing is known to be left. Ostiary looks in authentik for what a step may have created without an answer, and deletes that."</p>
        }
        .into_any();
    }
    let items: Vec<_> = created
        .iter()
        .rev()
        .map(|object| {
            let text = format!("{} “{}”", object.object.label(), object.label);
            view! { <li>{text}</li> }
        })
        .collect();
    view! {
        <ul class="list-disc pl-6 flex flex-col gap-1">{items}</ul>
        <p>"An object that was changed since is left alone, and you are told. People who use the application can then no longer sign in to it through authentik."</p>
    }
    .into_any()
}
