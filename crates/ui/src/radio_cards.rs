//! A choice among few, each explained.

use leptos::prelude::*;

use crate::{
    Badge, Tone,
    field_parts::{Description, errors_view, field_id, hint_view},
};

/// One choice of [`RadioCards`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RadioCard {
    /// What the form sends.
    pub value: String,
    /// Its name.
    pub title: String,
    /// What choosing it means.
    pub description: String,
    /// A badge behind the name.
    pub badge: Option<(Tone, String)>,
    /// Whether it cannot be chosen; the description says why.
    pub disabled: bool,
}

impl RadioCard {
    /// A choice that can be made, without a badge.
    pub fn new(
        value: impl Into<String>,
        title: impl Into<String>,
        description: impl Into<String>,
    ) -> Self {
        Self {
            value: value.into(),
            title: title.into(),
            description: description.into(),
            badge: None,
            disabled: false,
        }
    }

    /// The same with a badge behind the name.
    #[must_use]
    pub fn badge(mut self, tone: Tone, label: impl Into<String>) -> Self {
        self.badge = Some((tone, label.into()));
        self
    }
}

/// Radio buttons as cards, in a fieldset. The fieldset's id is [`field_id`]`(name)` and it can take the focus.
#[component]
pub fn RadioCards(
    /// The name under which the form sends the choice; the ids are made from it.
    #[prop(into)]
    name: String,
    /// The question.
    #[prop(into)]
    legend: String,
    /// The choices.
    options: Vec<RadioCard>,
    /// The value chosen at first; none matches: nothing is chosen.
    #[prop(optional, into)]
    value: String,
    /// A sentence that helps.
    #[prop(optional, into)]
    hint: Option<String>,
    /// What is wrong with the choice. Empty: nothing.
    #[prop(optional, into)]
    errors: Signal<Vec<String>>,
) -> AnyView {
    let id = field_id(&name);
    let description = Description::new(&id, hint.is_some(), errors);
    let cards: Vec<_> = options
        .into_iter()
        .map(|card| {
            let checked = card.value == value;
            view! { <Choice name=name.clone() card=card checked=checked/> }
        })
        .collect();
    view! {
        <fieldset class="field-set" id=id.clone() tabindex="-1" aria-describedby=description.described_by>
            <legend class="field-label">{legend}</legend>
            {hint_view(&id, hint)}
            {errors_view(&id, errors)}
            <div class="radio-cards">{cards}</div>
        </fieldset>
    }.into_any()
}

/// One card.
#[component]
fn Choice(name: String, card: RadioCard, checked: bool) -> AnyView {
    let id = field_id(&format!("{name} {}", card.value));
    let text_id = format!("{id}-description");
    view! {
        <div class="radio-card">
            <input
                type="radio"
                class="choice-control"
                id=id.clone()
                name=name
                value=card.value
                checked=checked
                disabled=card.disabled
                aria-describedby=text_id.clone()
            />
            <div class="choice-text">
                <div class="radio-card-title">
                    <label for=id>{card.title}</label>
                    {card.badge.map(|(tone, label)| view! { <Badge tone=tone label=label/> })}
                </div>
                <p class="field-hint" id=text_id>{card.description}</p>
            </div>
        </div>
    }
    .into_any()
}
