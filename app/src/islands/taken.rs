//! Whether another application has the slug already, asked through the read proxy while it is typed.

use std::time::Duration;

use authentik_api::{
    Capabilities, Client, Endpoint as _, Version, api::core::applications::RetrieveApplication,
};
use authentik_gloo::Transport;
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*, task::spawn_local};
use serde::Deserialize;
use setup::oidc_application::Draft;

/// What is read of an application. The whole model would be 40 kB more to download.
#[derive(Deserialize)]
struct Named {
    name: String,
}

/// How long typing rests before authentik is asked.
const REST: Duration = Duration::from_millis(400);

/// Sets `taken` to the slug and the name of the application that has it. Without an answer nothing is said: the
/// server asks again before it plans. `checked` says that the server has looked at the draft as it is at first.
pub(super) fn look(
    draft: RwSignal<Draft>,
    taken: RwSignal<Option<(String, String)>>,
    version: Version,
    checked: bool,
) {
    let client = Client::new(Transport::new(), Capabilities::of(version));
    let now = Memo::new(move |_| draft.read().effective_slug());
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    Effect::new(move |seen: Option<()>| {
        let slug = now.get();
        if let Some(earlier) = waiting.get_value() {
            earlier.clear();
        }
        // What a draft that was sent holds at first was looked at by the server.
        if (seen.is_none() && checked) || slug.is_empty() {
            return;
        }
        let client = client.clone();
        let ask = move || {
            spawn_local(async move {
                let retrieve = RetrieveApplication { slug: slug.clone() };
                let Ok(parts) = retrieve.parts(client.capabilities()) else {
                    return;
                };
                let found = client.execute::<Named>(parts).await;
                // Only the answer about what is typed now counts.
                if now.with_untracked(|now| *now != slug) {
                    return;
                }
                match found {
                    Ok(application) => taken.set(Some((slug, application.name))),
                    Err(error) if error.is_not_found() => taken.set(None),
                    Err(_) => {}
                }
            });
        };
        waiting.set_value(set_timeout_with_handle(ask, REST).ok());
    });
}
