use leptos::prelude::*;

/// A parameter that a search keeps; left out while it is empty, so that addresses stay short.
pub(crate) fn kept(name: &'static str, value: &str) -> AnyView {
    let value = (!value.is_empty()).then(|| value.to_owned());
    value
        .map(|value| view! { <input type="hidden" name=name value=value/> })
        .into_any()
}
