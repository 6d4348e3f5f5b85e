use leptos::prelude::*;
use leptos_meta::Title;
use ui::{Button, ButtonKind, Card, Field, Glyph, LinkButton, PageHeader, Variant};

use super::{passphrase, refusal};
use crate::{
    links::{self, with_query},
    view::query,
    visitor::{Refused, Ways, refused, ways},
};

/// Signs in.
#[component]
pub fn SignInPage() -> AnyView {
    let refused = refused();
    let then = refused.value("then", &query("then").get_untracked());
    let ways = ways();
    let href = with_query(links::SIGN_IN_AUTHENTIK, &[("then", &then)]);
    let authentik = ways.authentik.then(|| {
        view! {
            <Card>
                <p>
                    <LinkButton href=href variant=Variant::Primary icon=Glyph::Key attr:rel="external">
                        "Sign in with authentik"
                    </LinkButton>
                </p>
            </Card>
        }
    });
    let head = refusal(&refused);
    let (above, inside) = if ways.passphrase {
        (None, Some(head))
    } else {
        (Some(head), None)
    };
    let local = inside.map(|head| passphrase_form(&refused, head, then, ways));
    view! {
        <Title text="Sign in"/>
        <PageHeader title="Sign in" lead="Ostiary sets up who may open what in authentik."/>
        <div class="stack">
            {above}
            {authentik}
            {local}
        </div>
        {lost(ways.passphrase)}
    }
    .into_any()
}

fn passphrase_form(refused: &Refused, head: AnyView, then: String, ways: Ways) -> AnyView {
    let variant = if ways.authentik {
        Variant::Secondary
    } else {
        Variant::Primary
    };
    let (name, wrong) = (refused.value("name", ""), refused.of("name"));
    let secret = passphrase(refused, "Passphrase");
    view! {
        <Card>
            <form class="form" method="post" action=links::SIGN_IN novalidate>
                {head}
                <input type="hidden" name="then" value=then/>
                <Field
                    name="name"
                    label="Name"
                    value=name
                    errors=wrong
                    autocomplete="username"
                    required=true
                />
                {secret}
                <div class="form-actions">
                    <Button kind=ButtonKind::Submit variant=variant>"Sign in"</Button>
                </div>
            </form>
        </Card>
    }
    .into_any()
}

fn lost(open: bool) -> AnyView {
    let title = if open {
        "The passphrase is lost?"
    } else {
        "authentik does not let you in?"
    };
    view! {
        <details class="gate-help">
            <summary>{title}</summary>
            <p>
                "Whoever runs Ostiary can begin anew: stop it, run "
                <code>"ostiary administrator reset"</code>
                ", and start it again. It prints a code for a new passphrase. Drafts, change sets and the connection are kept."
            </p>
        </details>
    }
    .into_any()
}
