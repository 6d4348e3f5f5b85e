//! The page of a change set.

mod actions;
mod plan;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Redirect;
use setup::{change::State, check::Check};
use ui::{Badge, Callout, Card, Crumb, FollowEvents, PageHeader, ProgressList, Stepper, Tone};

pub(super) use self::plan::plan_steps;
use self::{
    actions::buttons,
    plan::{about, consequences, created, plan},
};
use crate::{
    data::{Verified, get_verified},
    error::AppError,
    links,
    model::{Change, ChangeDraft},
    resource::data,
    serverfn::{ApplyChange, PlanAccess, ReopenChange, UndoChange},
    state::{
        bind::stepper_of,
        changes::{progress, tone, window, written},
        wizard::{Position, stepper},
    },
    view::{ActionNotice, Loading, checks_view, failure, notice, page_panel, parameter, query},
};

/// What authentik says about a change set, or why it cannot be asked.
type Answer = Result<Vec<Check>, AppError>;

/// The actions of the page.
#[derive(Clone, Copy)]
struct Actions {
    apply: ServerAction<ApplyChange>,
    undo: ServerAction<UndoChange>,
    reopen: ServerAction<ReopenChange>,
    plan: ServerAction<PlanAccess>,
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
        plan: ServerAction::new(),
    };
    let run = query("checks");
    let data = data(
        move || (id.get(), run.get()),
        |(id, run)| get_verified(id, run),
    );
    view! {
        <ActionNotice failure=failure(actions.apply)/>
        <ActionNotice failure=failure(actions.undo)/>
        <ActionNotice failure=failure(actions.reopen)/>
        <ActionNotice failure=failure(actions.plan)/>
        {page_panel(data, Loading::lines("the change set", 8), move |Verified { change, checks }| {
            let state = change.summary.state;
            if state == State::Applied && change.draft.oidc().is_some() && !watch.get_untracked().is_empty() {
                // The wizard goes on by itself.
                return view! { <Redirect path=links::done(&change.summary.id)/> }.into_any();
            }
            let watching = !watch.get_untracked().is_empty();
            view! { <ChangeParts change=change watching=watching actions=actions checks=checks/> }.into_any()
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
    /// What authentik says about it.
    checks: Option<Answer>,
) -> AnyView {
    let running = change.summary.state.is_running();
    let follow = running.then(|| {
        let path = format!("/api/changes/{}/events", links::encode(&change.summary.id));
        view! { <FollowEvents path=path/> }
    });
    let (steps, of_many) = window(progress(&change), change.summary.state);
    let of_many = of_many.map(|words| view! { <p class="muted">{words}</p> });
    let title = change.summary.title.clone();
    let badge = (change.summary.state.label(), tone(change.summary.state));
    let wizard = wizard(&change, watching);
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
    // What is to be read before it is carried out comes before the button.
    let asked = !query("checks").get_untracked().is_empty();
    let planned = change.summary.state == State::Planned;
    let told = consequences(&change);
    let (before, after) = if planned { (told, None) } else { (None, told) };
    let rest = (
        buttons(&change, actions),
        created(&change),
        about(&change),
        after,
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
            // What authentik says is the first thing on the page, once it was asked.
            {asked.then(|| verified(&change, checks.as_ref()))}
            {standing(&change)}
            {(!asked).then(|| verified(&change, checks.as_ref()))}
            {before}
            <Card title=label>{of_many} <ProgressList label="Steps of the change set" steps=steps/></Card>
            {rest}
        </div>
    }
    .into_any()
}

/// The steps of the guided set-up that the change set belongs to.
fn wizard(change: &Change, watching: bool) -> Option<AnyView> {
    let (steps, label) = match &change.draft {
        ChangeDraft::OidcApplication(_) if watching => (
            stepper(Position::Apply, None, &setup::FieldErrors::default()),
            "Set up an application",
        ),
        ChangeDraft::OidcApplication(_) | ChangeDraft::ServiceAccount(_) => return None,
        ChangeDraft::Access(draft) => (
            stepper_of(draft, change.summary.state)?,
            "Let groups or people in",
        ),
    };
    Some(view! { <Stepper steps=steps label=label/> }.into_any())
}

/// What authentik itself says about people on both sides of the line.
fn verified(change: &Change, checks: Option<&Answer>) -> Option<AnyView> {
    let access = matches!(change.draft, ChangeDraft::Access(_));
    if change.summary.state != State::Applied || !access || change.plan.steps.is_empty() {
        return None;
    }
    let lead = "Asks authentik’s own policy engine about people who gained, who lost, and for whom nothing was to change.";
    let id = change.summary.id.clone();
    let link = move |run| links::verified(&id, run);
    let run = query("checks").get_untracked();
    let panel = match checks {
        Some(Err(error)) => {
            let (title, text) = notice(error);
            view! { <Callout title=title tone=Tone::Danger live=true><p>{text}</p></Callout> }
                .into_any()
        }
        Some(Ok(checks)) => checks_view(Some(checks), &run, lead, &link),
        None => checks_view(None, &run, lead, &link),
    };
    Some(view! { <Card title="What authentik says">{panel}</Card> }.into_any())
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
