use leptos::prelude::*;
use leptos_meta::Title;
use ui::{Button, ButtonKind, Card, Field, PageHeader, Variant};

use super::{passphrase, refusal};
use crate::{links, view::query, visitor::refused};

/// Signs in.
#[component]
pub fn SignInPage() -> AnyView {
    let refused = refused();
    let then = refused.value("then", &query("then").get_untracked());
    let name = refused.value("name", "");
    view! {
        <Title text="Sign in"/>
        <PageHeader title="Sign in" lead="Ostiary sets up who may open what in authentik."/>
        <Card>
            <form class="form" method="post" action=links::SIGN_IN novalidate>
                {refusal(&refused)}
                <input type="hidden" name="then" value=then/>
                <Field
                    name="name"
                    label="Name"
                    value=name
                    errors=refused.of("name")
                    autocomplete="username"
                    required=true
                />
                {passphrase(&refused, "Passphrase")}
                <div class="form-actions">
                    <Button kind=ButtonKind::Submit variant=Variant::Primary>"Sign in"</Button>
                </div>
            </form>
        </Card>
        <details class="gate-help">
            <summary>"The passphrase is lost?"</summary>
            <p>
                "Whoever runs Ostiary can begin anew: stop it, run "
                <code>"ostiary administrator reset"</code>
                ", and start it again. It prints a code for a new passphrase. Drafts, change sets and the connection are kept."
            </p>
        </details>
    }
    .into_any()
}
