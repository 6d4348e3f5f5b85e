//! Fields that belong together.

use leptos::prelude::*;

use crate::field_parts::{Description, errors_view, field_id, hint_view};

/// A group of fields under one question, e.g. the checkboxes of the groups that may enter.
///
/// Its id is [`field_id`]`(name)` and it can take the focus, so that an [`ErrorSummary`](crate::ErrorSummary) may lead to it.
#[component]
pub fn FieldSet(
    /// The form name its errors are reported under.
    #[prop(into)]
    name: String,
    /// The question.
    #[prop(into)]
    legend: String,
    /// A sentence that helps.
    #[prop(optional, into)]
    hint: Option<String>,
    /// What is wrong with the group as a whole. Empty: nothing.
    #[prop(optional, into)]
    errors: Signal<Vec<String>>,
    /// The fields.
    children: Children,
) -> AnyView {
    let id = field_id(&name);
    let description = Description::new(&id, hint.is_some(), errors);
    view! {
        <fieldset class="field-set" id=id.clone() tabindex="-1" aria-describedby=description.described_by>
            <legend class="field-label">{legend}</legend>
            {hint_view(&id, hint)}
            {errors_view(&id, errors)}
            {children()}
        </fieldset>
    }.into_any()
}
