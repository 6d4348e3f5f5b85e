//! What people see who are not signed in, or have to prove once more who they are. Their forms go to
//! the server's own handlers, since cookies and limits are its matter; a refused form comes back as
//! this page, with what was typed but for secrets.

mod first_run;
mod sign_in;
mod step_up;

use leptos::prelude::*;
use ui::{Callout, ErrorSummary, Field, FieldKind, StrengthMeter, Tone};

use crate::{links, state::wizard::items, visitor::Refused};

pub use self::{first_run::*, sign_in::*, step_up::*};

/// What is wrong with all of a form, and with its fields.
pub(super) fn refusal(refused: &Refused) -> AnyView {
    let notice = refused.notice.clone().map(|(title, text)| {
        view! { <Callout title=title tone=Tone::Danger live=true><p>{text}</p></Callout> }
    });
    let summary = items(&refused.errors);
    view! {
        {notice}
        <ErrorSummary errors=summary/>
    }
    .into_any()
}

/// A passphrase that somebody has.
pub(super) fn passphrase(refused: &Refused, label: &'static str) -> AnyView {
    view! {
        <Field
            name="passphrase"
            label=label
            kind=FieldKind::Password
            errors=refused.of("passphrase")
            autocomplete="current-password"
            required=true
        />
    }
    .into_any()
}

/// A passphrase that somebody chooses, twice.
pub(super) fn new_passphrase(refused: &Refused) -> AnyView {
    let wrong = refused.of("new_passphrase");
    view! {
        <StrengthMeter path=links::STRENGTH of="new_passphrase">
            <Field
                name="new_passphrase"
                label="New passphrase"
                kind=FieldKind::Password
                hint="15 characters at least. Four or five words that have nothing to do with one another are strong and easy to remember."
                errors=wrong
                autocomplete="new-password"
                required=true
            />
        </StrengthMeter>
        <Field
            name="repeated"
            label="The same once more"
            kind=FieldKind::Password
            errors=refused.of("repeated")
            autocomplete="new-password"
            required=true
        />
    }
    .into_any()
}
