//! The guided group binding. Each step is a form that leads to the next with `GET`, so that the address holds
//! everything, reloading and going back lose nothing, and nothing is kept on the server.

mod choose;
mod people;

use leptos::prelude::*;
use leptos_meta::Title;
use ui::{Crumb, PageHeader, SkeletonShape, Stepper};

use crate::{
    data::bind_step,
    links,
    resource::data,
    state::bind::{Bind, Look, Step, Turn},
    view::{Loading, again, page_panel, page_query, query, query_fields},
};

/// Lets groups and people into applications, step by step.
#[component]
pub fn BindPage() -> AnyView {
    let step = Step::parse(&query("step").get_untracked()).unwrap_or(Step::Applications);
    let look = Look {
        q: query("q").get_untracked(),
        turn: Turn::parse(&query("turn").get_untracked()),
        page: page_query().get_untracked(),
    };
    let (typed, asked, again) = (query_fields(), look.clone(), again());
    let found = data(
        || (),
        move |()| bind_step(step, typed.clone(), asked.clone(), again.clone()),
    );
    let loading = Loading {
        what: "groups and applications",
        shape: SkeletonShape::Lines(8),
    };
    page_panel(found, loading, move |found| shown(&found, &look))
}

fn shown(bind: &Bind, look: &Look) -> AnyView {
    let (title, lead) = match bind.step {
        Step::Applications => (
            "Which applications?",
            "Groups or people are let into them: every one of them into every application you choose.",
        ),
        Step::Groups => (
            "Who is let in?",
            "Members of the groups you choose, and of the groups below them. What is bound already stays as it is.",
        ),
        Step::People => (
            "What it does to people",
            "Computed from what authentik holds now. Nothing is written yet.",
        ),
    };
    let body = match bind.step {
        Step::Applications => choose::applications(bind),
        Step::Groups => choose::groups(bind),
        Step::People => people::people(bind, look),
    };
    let steps = bind.stepper();
    view! {
        <Title text=title/>
        <PageHeader title=title lead=lead crumbs=vec![Crumb::new("Access", links::ACCESS)]/>
        <Stepper steps=steps label="Let groups or people in"/>
        {body}
    }
    .into_any()
}

/// What was chosen in other steps, on its way through this one.
fn kept(bind: &Bind) -> Vec<AnyView> {
    let kept = bind.kept().into_iter();
    kept.map(|(name, value)| view! { <input type="hidden" name=name value=value/> }.into_any())
        .collect()
}
