use leptos::prelude::*;
use ui::{Callout, DescriptionItem, Glyph, LinkButton, Status, Tone};

use super::{error::notice, route::here};
use crate::{
    links,
    model::Connection,
    stale::{Stale, StaleSnapshot},
    state::text::moment,
};

/// The link that asks authentik again, even where it was to be left alone for a while.
pub(crate) fn try_again(here: &str) -> AnyView {
    let href = links::fresh(here);
    view! { <LinkButton href=href icon=Glyph::Refresh>"Try again"</LinkButton> }.into_any()
}

/// Says on every page that authentik does not answer, and from when what is shown is.
pub(crate) fn stale_notice(stale: &Stale) -> AnyView {
    let (title, _) = notice(&stale.why);
    let shown = format!("What is shown of it was read at {}.", stale.when());
    let next = stale
        .silence
        .as_ref()
        .map(|silence| format!(" {}", silence.next()));
    let here = here().get_untracked();
    let actions = move || try_again(&here);
    view! {
        <Callout title=title tone=Tone::Warning actions=actions>
            <p>
                {shown}
                " Until it answers nothing can be planned or applied. What you typed is kept."
                {next}
            </p>
        </Callout>
    }
    .into_any()
}

/// When the answers were true, with a way to fresh ones.
pub(crate) fn as_of(taken_at: &str) -> AnyView {
    let href = links::fresh(&here().get_untracked());
    let when = match StaleSnapshot::noted() {
        Some(stale) => {
            let label = format!("As of {}", stale.when());
            view! { <Status label=label tone=Tone::Warning detail="It could not be read again"/> }
                .into_any()
        }
        None => view! { <span>{format!("As of {}", moment(taken_at))}</span> }.into_any(),
    };
    view! {
        <span class="cluster muted">
            {when}
            <LinkButton href=href icon=Glyph::Refresh small=true>"Load again"</LinkButton>
        </span>
    }
    .into_any()
}

/// Whether authentik answers, as a row of a list.
pub(crate) fn answers(connection: &Connection) -> AnyView {
    let state = match &connection.stale {
        None => view! { <Status label="Answers" tone=Tone::Positive/> }.into_any(),
        Some(stale) => {
            let (label, detail) = match &stale.silence {
                Some(silence) => (
                    format!("Has not answered since {}", moment(&silence.since)),
                    silence.next(),
                ),
                None => (
                    "Does not answer".to_owned(),
                    format!("It did at {}", stale.when()),
                ),
            };
            view! { <Status label=label tone=Tone::Danger detail=detail/> }.into_any()
        }
    };
    view! { <DescriptionItem term="State">{state}</DescriptionItem> }.into_any()
}
