use leptos::{form::ActionForm, prelude::*};
use setup::{
    access_change::AccessDraft,
    change::{Confirmation, State},
};
use ui::{
    Button, ButtonKind, Callout, Dialog, DialogLink, Field, Glyph, Icon, LinkButton, Tone, Variant,
};

use super::Actions;
use crate::{
    links,
    model::{Change, ChangeDraft},
    pages::undo::will_be_taken_back,
    serverfn::{PlanAccess, UndoChange},
    state::{access_edit::whole, access_form::fields, access_task::Task, changes::only_creates},
    view::{hidden_fields, proof, prove},
};

/// Id of the dialog that asks before undoing.
const UNDO: &str = "undo-dialog";

/// What can be done in this state.
pub(super) fn buttons(change: &Change, actions: Actions) -> AnyView {
    let state = change.summary.state;
    let id = change.summary.id.clone();
    let set_up = change.draft.oidc().is_some();
    let done = (state == State::Applied && set_up).then(|| {
        view! {
            <LinkButton href=links::done(&id) variant=Variant::Primary>
                "Configuration and checks"
            </LinkButton>
            <LinkButton href=links::application(&change.summary.slug)>"The application"</LinkButton>
        }
    });
    let nothing = state == State::Planned && change.plan.steps.is_empty();
    let mut apply = (state.can_apply() && !nothing).then(|| {
        let label = if state == State::Planned {
            "Apply"
        } else {
            "Resume"
        };
        let confirm = confirmation(change);
        let dangerous = change.plan.is_dangerous();
        if let Some(href) = proof(&links::change(&id)).filter(|_| dangerous) {
            return prove_first(href, change);
        }
        let id = id.clone();
        view! {
            <ActionForm action=actions.apply>
                <input type="hidden" name="change" value=id/>
                {confirm}
                <Button kind=ButtonKind::Submit variant=Variant::Primary>{label}</Button>
            </ActionForm>
        }
        .into_any()
    });
    // What has to be typed takes the width of the page.
    let to_confirm = change
        .plan
        .confirm
        .is_some()
        .then(|| apply.take())
        .flatten();
    let over = matches!(
        state,
        State::FailedAndUndone | State::Planned | State::Undone
    );
    let again = (set_up && over).then(|| {
        let id = id.clone();
        view! {
            <ActionForm action=actions.reopen>
                <input type="hidden" name="change" value=id/>
                <Button kind=ButtonKind::Submit>"Change and try again"</Button>
            </ActionForm>
        }
    });
    let access = match &change.draft {
        ChangeDraft::Access(draft) if over => Some(plan_again(draft, actions.plan)),
        _ => None,
    };
    let undo = state.can_undo().then(|| {
        let page = links::undo(&id);
        if let Some(href) = proof(&page) {
            return view! {
                <LinkButton href=href variant=Variant::Danger icon=Glyph::Undo>
                    "Undo the change set"
                </LinkButton>
            }
            .into_any();
        }
        view! {
            <DialogLink dialog=UNDO href=links::undo(&id) variant=Variant::Danger>
                <Icon glyph=Glyph::Undo/>
                "Undo the change set"
            </DialogLink>
            {undo_dialog(change, actions.undo)}
        }
        .into_any()
    });
    view! {
        {to_confirm}
        <div class="cluster">{done}{apply}{again}{access}{undo}</div>
    }
    .into_any()
}

/// Plans the same once more, or leads back to the form.
fn plan_again(draft: &AccessDraft, plan: ServerAction<PlanAccess>) -> AnyView {
    let (task, fields) = (Task::of(draft), fields(draft));
    let told = fields
        .iter()
        .filter(|(name, _)| *name != "kind" && *name != "action");
    let pairs: Vec<(&str, &str)> = told.map(|(n, v)| (n.as_str(), v.as_str())).collect();
    // A form asks for less than a program may send: then there is only the plan to be made again.
    let form = whole(draft).then(|| task.link(&pairs));
    let form = form.map(|form| {
        view! { <LinkButton href=form variant=Variant::Quiet>"Change it"</LinkButton> }
    });
    let hidden = hidden_fields(&fields);
    view! {
        <ActionForm action=plan>
            <input type="hidden" name="do" value=task.word()/>
            {hidden}
            <Button kind=ButtonKind::Submit>"Plan it again"</Button>
        </ActionForm>
        {form}
    }
    .into_any()
}

/// In the place of the button that applies a dangerous plan: the way to prove who one is.
fn prove_first(href: String, change: &Change) -> AnyView {
    let reasons = change.plan.confirm.as_ref().map(consequences);
    view! {
        <div class="stack pb-4">
            {reasons}
            <p>"Before this is applied, Ostiary asks once more who you are."</p>
        </div>
        {prove(href)}
    }
    .into_any()
}

fn consequences(wanted: &Confirmation) -> AnyView {
    let reasons: Vec<_> = wanted
        .reasons
        .iter()
        .map(|reason| view! { <li>{reason.clone()}</li> })
        .collect();
    view! {
        <Callout title="This plan has consequences" tone=Tone::Warning>
            <ul class="list-disc pl-6">{reasons}</ul>
        </Callout>
    }
    .into_any()
}

/// What has to be typed before a plan of consequence is applied.
fn confirmation(change: &Change) -> Option<AnyView> {
    let wanted = change.plan.confirm.as_ref();
    let wanted = wanted.filter(|_| change.is_untouched())?;
    let reasons = consequences(wanted);
    let label = format!("Type “{}” to confirm", wanted.text);
    let view = view! {
        <div class="stack pb-4">
            {reasons}
            <Field name="confirm" label=label required=true/>
        </div>
    };
    Some(view.into_any())
}

fn undo_dialog(change: &Change, undo: ServerAction<UndoChange>) -> AnyView {
    let id = change.summary.id.clone();
    let title = format!("Undo “{}”?", change.summary.title);
    let objects = will_be_taken_back(change);
    let heading = if only_creates(change) {
        "This will be deleted:"
    } else {
        "This will be taken back:"
    };
    let actions = move || {
        view! {
            <ActionForm action=undo>
                <input type="hidden" name="change" value=id/>
                <Button kind=ButtonKind::Submit variant=Variant::Danger>
                    "Undo now"
                </Button>
            </ActionForm>
        }
    };
    view! {
        <Dialog id=UNDO title=title close_label="Keep it" actions=actions>
            <p>{heading}</p>
            {objects}
        </Dialog>
    }
    .into_any()
}
