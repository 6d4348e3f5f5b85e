//! What all fields share: ids, hint, error messages and how the control refers to them.

use leptos::prelude::*;

use crate::{Glyph, Icon, heading::slug};

/// The id of the control with this form name, for links to it: `redirect_uris.0` gives `field-redirect-uris-0`.
#[must_use]
pub fn field_id(name: &str) -> String {
    format!("field-{}", slug(name))
}

/// The id of the hint of a control.
fn hint_id(id: &str) -> String {
    format!("{id}-hint")
}

/// The id of the error messages of a control.
fn errors_id(id: &str) -> String {
    format!("{id}-errors")
}

/// The attributes that tie a control to its hint and error messages.
#[derive(Clone, Copy)]
pub(crate) struct Description {
    /// For `aria-describedby`.
    pub(crate) described_by: Signal<Option<String>>,
    /// For `aria-invalid`.
    pub(crate) invalid: Signal<Option<&'static str>>,
}

impl Description {
    pub(crate) fn new(id: &str, has_hint: bool, errors: Signal<Vec<String>>) -> Self {
        let hint = has_hint.then(|| hint_id(id));
        let messages = errors_id(id);
        Self {
            described_by: Signal::derive(move || {
                let messages = (!errors.read().is_empty()).then(|| messages.clone());
                match (hint.clone(), messages) {
                    (Some(hint), Some(messages)) => Some(format!("{hint} {messages}")),
                    (hint, messages) => hint.or(messages),
                }
            }),
            invalid: Signal::derive(move || (!errors.read().is_empty()).then_some("true")),
        }
    }
}

/// The hint under a label.
pub(crate) fn hint_view(id: &str, hint: Option<String>) -> impl IntoView + use<> {
    let id = hint_id(id);
    hint.map(move |hint| view! { <p class="field-hint" id=id>{hint}</p> })
}

/// The error messages of a control, each with an icon.
pub(crate) fn errors_view(id: &str, errors: Signal<Vec<String>>) -> impl IntoView + use<> {
    let id = errors_id(id);
    move || {
        let messages = errors.get();
        (!messages.is_empty()).then(|| {
            let items: Vec<_> = messages
                .into_iter()
                .map(|message| {
                    view! {
                        <li>
                            <Icon glyph=Glyph::Danger label="Error:"/>
                            <span>{message}</span>
                        </li>
                    }
                })
                .collect();
            view! { <ul class="field-errors" role="list" id=id.clone()>{items}</ul> }
        })
    }
}

/// The words behind the label of a field that may stay empty.
pub(crate) fn optional_mark(required: bool) -> impl IntoView {
    (!required).then(|| view! { <span class="field-optional">" (optional)"</span> })
}

#[cfg(test)]
mod tests {
    use super::field_id;

    #[test]
    fn field_id_is_a_valid_fragment() {
        assert_eq!(field_id("redirect_uris.0"), "field-redirect-uris-0");
        assert_eq!(field_id("a\" onfocus=\"x"), "field-a-onfocus-x");
    }
}
