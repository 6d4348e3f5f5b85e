use leptos::prelude::*;
use leptos_meta::Title;
use ui::{Button, ButtonKind, Card, Field, PageHeader, Variant};

use super::{new_passphrase, refusal};
use crate::{links, visitor::refused};

/// Makes the local administrator.
#[component]
pub fn FirstRunPage() -> AnyView {
    let refused = refused();
    let (code, name) = (refused.value("code", ""), refused.value("name", "admin"));
    view! {
        <Title text="Welcome"/>
        <PageHeader
            title="Welcome to Ostiary"
            lead="Two steps: first an account for you, here on this server; then the connection to authentik."
        />
        <Card title="Your account">
            <form class="form" method="post" action=links::FIRST_RUN novalidate>
                {refusal(&refused)}
                <Field
                    name="code"
                    label="Set-up code"
                    value=code
                    hint="Ostiary printed it when it started: on the terminal, or in the output of the service or container. It is good for 15 minutes and for one use; the signal SIGHUP makes it print a new one."
                    errors=refused.of("code")
                    autocomplete="one-time-code"
                    mono=true
                    required=true
                />
                <Field
                    name="name"
                    label="Name"
                    value=name
                    hint="What you sign in with."
                    errors=refused.of("name")
                    autocomplete="username"
                    required=true
                />
                {new_passphrase(&refused)}
                <div class="form-actions">
                    <Button kind=ButtonKind::Submit variant=Variant::Primary>"Make the account"</Button>
                </div>
            </form>
        </Card>
    }
    .into_any()
}
