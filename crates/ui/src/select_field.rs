//! A choice from a list.

use leptos::prelude::*;

use crate::field_parts::{Description, errors_view, field_id, hint_view, optional_mark};

/// One line of a [`SelectField`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectOption {
    /// What the form sends.
    pub value: String,
    /// What is shown.
    pub label: String,
    /// Whether it can be chosen.
    pub disabled: bool,
}

impl SelectOption {
    /// A line that can be chosen.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
            disabled: false,
        }
    }
}

/// A labelled `<select>` with hint and error messages. Its id is [`field_id`]`(name)`.
#[component]
pub fn SelectField(
    /// The name under which the form sends it; the id is made from it.
    #[prop(into)]
    name: String,
    /// What it is called.
    #[prop(into)]
    label: String,
    /// The lines.
    options: Vec<SelectOption>,
    /// The value chosen at first.
    #[prop(optional, into)]
    value: String,
    /// A sentence that helps.
    #[prop(optional, into)]
    hint: Option<String>,
    /// What is wrong with it. Empty: nothing.
    #[prop(optional, into)]
    errors: Signal<Vec<String>>,
    /// Whether something must be chosen. Others are marked as optional.
    #[prop(optional)]
    required: bool,
) -> AnyView {
    let id = field_id(&name);
    let description = Description::new(&id, hint.is_some(), errors);
    let options: Vec<_> = options
        .into_iter()
        .map(|option| {
            let selected = option.value == value;
            view! {
                <option value=option.value selected=selected disabled=option.disabled>
                    {option.label}
                </option>
            }
        })
        .collect();
    view! {
        <div class="field">
            <label class="field-label" for=id.clone()>
                {label}
                {optional_mark(required)}
            </label>
            {hint_view(&id, hint)}
            <select
                class="input"
                id=id.clone()
                name=name
                autocomplete="off"
                aria-required=required.then_some("true")
                aria-invalid=description.invalid
                aria-describedby=description.described_by
            >
                {options}
            </select>
            {errors_view(&id, errors)}
        </div>
    }
    .into_any()
}
