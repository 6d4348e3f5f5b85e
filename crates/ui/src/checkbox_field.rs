//! A yes-or-no choice.

use leptos::prelude::*;

use crate::field_parts::{Description, errors_view, field_id, hint_view};

/// A labelled checkbox with hint and error messages. Several with the same name need different values.
///
/// Its id is [`field_id`]`(name)`, or of name and value together where a value other than `on` is given.
#[component]
pub fn CheckboxField(
    /// The name under which the form sends it.
    #[prop(into)]
    name: String,
    /// The sentence that is true when it is ticked.
    #[prop(into)]
    label: String,
    /// What the form sends when it is ticked.
    #[prop(into, default = "on".to_owned())]
    value: String,
    /// Whether it is ticked at first.
    #[prop(optional)]
    checked: bool,
    /// Whether it cannot be changed. The form does not send it then.
    #[prop(optional)]
    disabled: bool,
    /// A sentence that helps.
    #[prop(optional, into)]
    hint: Option<String>,
    /// What is wrong with it. Empty: nothing.
    #[prop(optional, into)]
    errors: Signal<Vec<String>>,
) -> AnyView {
    let id = if value == "on" {
        field_id(&name)
    } else {
        field_id(&format!("{name} {value}"))
    };
    let description = Description::new(&id, hint.is_some(), errors);
    view! {
        <div class="choice">
            <input
                type="checkbox"
                class="choice-control"
                id=id.clone()
                name=name
                value=value
                checked=checked
                disabled=disabled
                aria-invalid=description.invalid
                aria-describedby=description.described_by
            />
            <div class="choice-text">
                <label for=id.clone()>{label}</label>
                {hint_view(&id, hint)}
                {errors_view(&id, errors)}
            </div>
        </div>
    }
    .into_any()
}
