use leptos::prelude::*;

use crate::state::form::Fields;

/// A parameter that a search keeps; left out while it is empty, so that addresses stay short.
pub(crate) fn kept(name: &'static str, value: &str) -> AnyView {
    let value = (!value.is_empty()).then(|| value.to_owned());
    value
        .map(|value| view! { <input type="hidden" name=name value=value/> })
        .into_any()
}

/// Everything of a form that is sent without being shown.
pub(crate) fn hidden_fields(fields: &Fields) -> Vec<AnyView> {
    fields
        .iter()
        .map(|(name, value)| {
            let (name, value) = (name.clone(), value.clone());
            view! { <input type="hidden" name=name value=value/> }.into_any()
        })
        .collect()
}
