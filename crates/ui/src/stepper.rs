//! Where in a guided set-up the person is.

use leptos::prelude::*;

use crate::{Glyph, Icon};

/// How far a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepState {
    /// Filled in.
    Done,
    /// This page.
    Current,
    /// Not yet.
    Todo,
    /// Filled in, with something wrong in it.
    Invalid,
}

impl StepState {
    const fn class(self) -> &'static str {
        match self {
            Self::Done => "step step-done",
            Self::Current => "step step-current",
            Self::Todo => "step",
            Self::Invalid => "step step-invalid",
        }
    }

    const fn words(self) -> Option<&'static str> {
        match self {
            Self::Done => Some(", done"),
            Self::Invalid => Some(", needs attention"),
            Self::Current | Self::Todo => None,
        }
    }
}

/// One step of a [`Stepper`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepItem {
    /// Its name, one word if possible.
    pub label: String,
    /// Its page, for steps that can be gone back to. Never followed for the current one.
    pub href: Option<String>,
    /// How far it is.
    pub state: StepState,
}

/// The steps of a guided set-up, with links to those that have been filled in.
#[component]
pub fn Stepper(
    /// The steps in order.
    steps: Vec<StepItem>,
    /// What the steps lead to, e.g. `Set up an application`.
    #[prop(into, default = "Steps".to_owned())]
    label: String,
) -> AnyView {
    let items: Vec<_> = (1_u32..)
        .zip(steps)
        .map(|(number, step)| item(number, step))
        .collect();
    view! {
        <nav class="stepper" aria-label=label>
            <ol role="list">{items}</ol>
        </nav>
    }
    .into_any()
}

fn item(number: u32, step: StepItem) -> impl IntoView {
    let StepItem { label, href, state } = step;
    let marker = match state {
        StepState::Done => view! { <Icon glyph=Glyph::Check/> }.into_any(),
        StepState::Invalid => view! { <Icon glyph=Glyph::Warning/> }.into_any(),
        StepState::Current | StepState::Todo => number.into_any(),
    };
    let text = view! {
        <span class="step-marker" aria-hidden="true">{marker}</span>
        <span class="step-label">
            {label}
            {state.words().map(|words| view! { <span class="sr-only">{words}</span> })}
        </span>
    };
    let current = (state == StepState::Current).then_some("step");
    let body = match href.filter(|_| current.is_none()) {
        Some(href) => view! { <a class="step-body" href=href>{text}</a> }.into_any(),
        None => view! { <span class="step-body">{text}</span> }.into_any(),
    };
    view! { <li class=state.class() aria-current=current>{body}</li> }
}
