use leptos::prelude::*;
use setup::service_account::Rights;
use ui::{Button, ButtonKind, Callout, Card, CopyButton, Field, RadioCard, RadioCards, Tone};

use crate::{
    links,
    model::{Connection, ConnectionSource},
    pages::gate::refusal,
    view::{proof, prove},
    visitor::{Refused, issued},
};

/// An account for Ostiary in authentik, in the place of somebody's own token.
pub(super) fn card(known: &Connection, source: ConnectionSource, refused: &Refused) -> AnyView {
    if known.stale.is_some() || !known.me.is_superuser {
        // Nobody else may make a role, or a token of another.
        return ().into_any();
    }
    let content = match proof(links::CONNECTION) {
        Some(href) => view! {
            <p>"Before it is made, Ostiary asks once more who you are."</p>
            <p>{prove(href)}</p>
        }
        .into_any(),
        None => form(known, source, refused),
    };
    view! {
        <Card title="An account of its own">
            <div class="stack">
                <p>
                    "With a service account, what Ostiary does stands under its own name in authentik’s log, and its token goes on when people leave. It is made by a change set: the plan, with each permission, stands under Change sets."
                </p>
                {content}
            </div>
        </Card>
    }
    .into_any()
}

/// Why the account was not made: above everything, since what authentik says may be missing below.
pub(super) fn refused_above(refused: &Refused) -> Option<AnyView> {
    is_ours(refused).then(|| refusal(refused))
}

/// Whether it was this form that was refused: the page has another one.
pub(super) fn is_ours(refused: &Refused) -> bool {
    refused.fields.contains_key("username")
}

/// The key of the token, on the one page that shows it.
pub(super) fn shown_once() -> Option<AnyView> {
    let key = issued()?;
    let copied = key.clone();
    Some(
        view! {
            <Callout title="This is the key of the account’s token" tone=Tone::Positive live=true>
                <p class="issued"><code>{key}</code> <CopyButton text=copied label="token"/></p>
                <p>"The connection is given by the configuration: put the key there in the place of the token until now, and start Ostiary again. Ostiary keeps it nowhere."</p>
            </Callout>
        }
        .into_any(),
    )
}

fn form(known: &Connection, source: ConnectionSource, refused: &Refused) -> AnyView {
    let (username, rights) = (
        refused.value("username", "ostiary"),
        refused.value("rights", Rights::Everything.as_str()),
    );
    let wrong = ["username", "rights"].map(|name| refused.of(name));
    let [username_wrong, rights_wrong] = wrong;
    let button = if source == ConnectionSource::Vault {
        "Make it, and go over to its token"
    } else {
        "Make it, and show its token"
    };
    view! {
        <form class="form" method="post" action=links::OWN_ACCOUNT novalidate>
            <Field
                name="username"
                label="Login name"
                value=username
                hint="Its group, its role and its token are called after it."
                errors=username_wrong
                mono=true
                required=true
            />
            <RadioCards
                name="rights"
                legend="What it may do"
                options=options(known)
                value=rights
                errors=rights_wrong
            />
            <div class="form-actions">
                <Button kind=ButtonKind::Submit>{button}</Button>
            </div>
        </form>
    }
    .into_any()
}

fn options(known: &Connection) -> Vec<RadioCard> {
    let everything = RadioCard::new(
        Rights::Everything.as_str(),
        "Everything that Ostiary can do",
        "Its group makes superusers. authentik says to nobody else who may open what, so Access, People and Groups need it.",
    );
    let set_up = RadioCard::new(
        Rights::SetUp.as_str(),
        "Set applications up",
        "A role with the permissions that set-ups need, and no more. Access, Open doors, Why?, People and Groups are closed then, and the list of applications may be short.",
    );
    let set_up = if known.capabilities.transactional_bindings {
        set_up
    } else {
        RadioCard {
            description: format!(
                "authentik {} lets only superusers set applications up; from 2024.12 on a role is enough.",
                known.capabilities.version
            ),
            disabled: true,
            ..set_up
        }
    };
    vec![everything, set_up]
}
