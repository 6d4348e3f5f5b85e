use leptos::{prelude::*, server_fn::ServerFn};
use ui::{Callout, Tone};

use super::error::notice;
use crate::error::AppError;

/// The error that an action ended with; nothing while it was not used.
pub fn failure<S>(action: ServerAction<S>) -> Signal<Option<AppError>>
where
    S: ServerFn<Output = (), Error = AppError> + Clone + Send + Sync + 'static,
{
    let value = action.value();
    Signal::derive(move || value.get().and_then(Result::err))
}

/// Says why a form did not do what was asked. Works without JavaScript: the error comes back in the
/// address then.
#[component]
pub fn ActionNotice(
    /// What went wrong; nothing while nothing was sent.
    failure: Signal<Option<AppError>>,
) -> AnyView {
    let callout = move || {
        failure.get().map(|error| {
            let (title, text) = notice(&error);
            view! { <Callout title=title tone=Tone::Danger live=true><p>{text}</p></Callout> }
        })
    };
    callout.into_any()
}

/// A form that starts anew whenever `version` changes: its inputs show what was kept, not what was
/// typed into other rows before.
pub fn fresh(
    version: usize,
    form: impl Fn() -> AnyView + Clone + Send + Sync + 'static,
) -> AnyView {
    view! {
        <For each=move || [version] key=|version| *version children=move |_| form()/>
    }
    .into_any()
}
