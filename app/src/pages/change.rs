use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;
use leptos_router::components::Redirect;
use setup::change::State;
use ui::{
    Badge, Button, ButtonKind, Callout, Card, Column, Crumb, DataTable, DescriptionItem,
    DescriptionList, Dialog, DialogLink, Field, Findings, FollowEvents, Glyph, Icon, LinkButton,
    PageHeader, ProgressList, Stepper, Tone, Variant,
};

use crate::{
    data::get_change,
    links,
    model::Change,
    resource::data,
    serverfn::{ApplyChange, ReopenChange, UndoChange},
    state::{
        changes::{done, findings, only_creates, progress, tone, written},
        text::moment,
        wizard::{Position, stepper},
    },
    view::{
        ActionNotice, Loading, access_diff, failure, page_panel, parameter, query, request_details,
    },
};

/// Id of the dialog that asks before undoing.
const UNDO: &str = "undo-dialog";

/// The actions of the page.
#[derive(Clone, Copy)]
struct Actions {
    apply: ServerAction<ApplyChange>,
    undo: ServerAction<UndoChange>,
    reopen: ServerAction<ReopenChange>,
}

/// A change set: how far it is, while it happens and after.
#[component]
pub fn ChangePage() -> AnyView {
    let id = parameter("id");
    let watch = query("watch");
    let actions = Actions {
        apply: ServerAction::new(),
        undo: ServerAction::new(),
        reopen: ServerAction::new(),
    };
    let data = data(move || id.get(), get_change);
    view! {
        <ActionNotice failure=failure(actions.apply)/>
        <ActionNotice failure=failure(actions.undo)/>
        <ActionNotice failure=failure(actions.reopen)/>
        {page_panel(data, Loading::lines("the change set", 8), move |change| {
            let state = change.summary.state;
            if state == State::Applied && change.draft.oidc().is_some() && !watch.get_untracked().is_empty() {
                // The wizard goes on by itself.
                return view! { <Redirect path=links::done(&change.summary.id)/> }.into_any();
            }
            let watching = !watch.get_untracked().is_empty();
            view! { <ChangeParts change=change watching=watching actions=actions/> }.into_any()
        })}
    }
    .into_any()
}

/// The parts of the page.
#[component]
fn ChangeParts(
    /// The change set.
    change: Change,
    /// Whether this is the wizard's step “Apply”.
    watching: bool,
    /// The actions of the page.
    actions: Actions,
) -> AnyView {
    let running = change.summary.state.is_running();
    let follow = running.then(|| {
        let path = format!("/api/changes/{}/events", links::encode(&change.summary.id));
        view! { <FollowEvents path=path/> }
    });
    let steps = progress(&change);
    let title = change.summary.title.clone();
    let badge = (change.summary.state.label(), tone(change.summary.state));
    let wizard = watching.then(|| {
        let steps = stepper(Position::Apply, None, &setup::FieldErrors::default());
        view! { <Stepper steps=steps label="Set up an application"/> }
    });
    // Without JavaScript the page asks again by itself.
    let reload = running.then(|| {
        let refresh = r#"<meta http-equiv="refresh" content="2">"#;
        view! { <noscript inner_html=refresh></noscript> }
    });
    let label = if change.summary.state == State::Undoing {
        "Undoing"
    } else {
        "Steps"
    };
    let rest = (
        buttons(&change, actions),
        created(&change),
        about(&change),
        plan(&change),
    );
    view! {
        <Title text=title.clone()/>
        {reload}
        {follow}
        <PageHeader
            title=title
            crumbs=vec![Crumb::new("Change sets", "/changes")]
            badges=move || view! { <Badge label=badge.0 tone=badge.1/> }
        />
        {wizard}
        <div class="stack">
            {standing(&change)}
            <Card title=label><ProgressList label="Steps of the change set" steps=steps/></Card>
            {rest}
        </div>
    }
    .into_any()
}

/// What was and was not written, and what went wrong.
fn standing(change: &Change) -> AnyView {
    let state = change.summary.state;
    let failures: Vec<_> = change
        .progress()
        .failures
        .into_iter()
        .map(|message| view! { <p>{message}</p> })
        .collect();
    let words = written(change);
    let has_failures = !failures.is_empty();
    let title = match state {
        State::Planned => "Planned",
        State::Applying => "Being applied",
        State::Applied => "Applied",
        State::FailedAndUndone => "A step failed",
        State::Interrupted if has_failures => "Stopped half-way",
        State::Interrupted => "Interrupted",
        State::Undoing => "Being undone",
        State::Undone => "Undone",
    };
    view! {
        <Callout title=title tone=tone(state) live=true>
            {failures}
            <p>{words}</p>
        </Callout>
    }
    .into_any()
}

/// What can be done in this state.
fn buttons(change: &Change, actions: Actions) -> AnyView {
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
    let apply = state.can_apply().then(|| {
        let label = if state == State::Planned {
            "Apply"
        } else {
            "Resume"
        };
        let id = id.clone();
        let confirm = confirmation(change);
        view! {
            <ActionForm action=actions.apply>
                <input type="hidden" name="change" value=id/>
                {confirm}
                <Button kind=ButtonKind::Submit variant=Variant::Primary>{label}</Button>
            </ActionForm>
        }
    });
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
    let undo = state.can_undo().then(|| {
        view! {
            <DialogLink dialog=UNDO href=links::undo(&id) variant=Variant::Danger>
                <Icon glyph=Glyph::Undo/>
                "Undo the change set"
            </DialogLink>
            {undo_dialog(change, actions.undo)}
        }
    });
    view! {
        <div class="cluster">{done}{apply}{again}{undo}</div>
    }
    .into_any()
}

/// What has to be typed before a plan of consequence is applied.
fn confirmation(change: &Change) -> Option<AnyView> {
    let wanted = change.plan.confirm.as_ref();
    let wanted = wanted.filter(|_| change.summary.state == State::Planned)?;
    let reasons: Vec<_> = wanted
        .reasons
        .iter()
        .map(|reason| view! { <li>{reason.clone()}</li> })
        .collect();
    let label = format!("Type “{}” to confirm", wanted.text);
    let view = view! {
        <div class="stack pb-4">
            <Callout title="This plan has consequences" tone=Tone::Warning>
                <ul class="list-disc pl-6">{reasons}</ul>
            </Callout>
            <Field name="confirm" label=label required=true/>
        </div>
    };
    Some(view.into_any())
}

fn undo_dialog(change: &Change, undo: ServerAction<UndoChange>) -> AnyView {
    let id = change.summary.id.clone();
    let title = format!("Undo “{}”?", change.summary.title);
    let objects = super::undo::will_be_taken_back(change);
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

/// What the change set did and did not take back.
fn created(change: &Change) -> AnyView {
    let effects = change.progress().effects;
    if effects.is_empty() {
        return ().into_any();
    }
    let rows: Vec<_> = effects
        .iter()
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
    view! {
        <Card title=title flush=true>
            <DataTable caption=title caption_hidden=true columns=columns>{rows}</DataTable>
        </Card>
    }
    .into_any()
}

fn about(change: &Change) -> AnyView {
    let summary = &change.summary;
    let items = [
        ("Who may enter", change.plan.access.sentence.clone()),
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

/// The plan as it was read before.
fn plan(change: &Change) -> AnyView {
    let items = findings(&change.plan.findings);
    let risks = (!items.is_empty())
        .then(|| view! { <Card title="Findings"><Findings items=items/></Card> });
    let steps = plan_steps(&change.plan.steps);
    let diff = change.plan.diff.as_ref().map(access_diff);
    view! {
        {diff}
        <Card title="The plan">{steps}</Card>
        {risks}
    }
    .into_any()
}

/// The steps of a plan in words, with their requests on demand.
pub(super) fn plan_steps(steps: &[setup::change::Step]) -> AnyView {
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
