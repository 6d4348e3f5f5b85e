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

/// Says why a form did not do what was asked: the error comes back in the address.
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
