use leptos::prelude::*;
use leptos_meta::Title;
use ui::{Button, ButtonKind, Card, Glyph, LinkButton, PageHeader, Variant};

use super::{passphrase, refusal};
use crate::{
    links::{self, with_query},
    view::query,
    visitor::{refused, visitor},
};

/// Asks once more for the passphrase before something dangerous.
#[component]
pub fn StepUpPage() -> AnyView {
    let refused = refused();
    let then = refused.value("then", &query("then").get_untracked());
    // Not off to another site, whatever the address says.
    let back = links::local(&then).unwrap_or("/").to_owned();
    let name = visitor().map(|visitor| visitor.name).unwrap_or_default();
    if visitor().is_some_and(|visitor| visitor.method.is_account()) {
        return by_authentik(&then, back);
    }
    view! {
        <Title text="Is it you?"/>
        <PageHeader
            title="Is it you?"
            lead="What you are about to do can open doors or lock people out, or shows a secret. Type your passphrase once more; that holds for a few minutes. Nothing was done so far."
        />
        <Card>
            <form class="form" method="post" action=links::STEP_UP novalidate>
                {refusal(&refused)}
                <input type="hidden" name="then" value=then/>
                // For password managers: they fill in by the name.
                <input type="hidden" name="name" value=name autocomplete="username"/>
                {passphrase(&refused, "Passphrase")}
                <div class="form-actions">
                    <Button kind=ButtonKind::Submit variant=Variant::Primary>"Go on"</Button>
                    <LinkButton href=back variant=Variant::Quiet>"Back"</LinkButton>
                </div>
            </form>
        </Card>
    }
    .into_any()
}

/// The same for who came in with authentik, which asks them.
fn by_authentik(then: &str, back: String) -> AnyView {
    let href = with_query(links::STEP_UP_AUTHENTIK, &[("then", then)]);
    view! {
        <Title text="Is it you?"/>
        <PageHeader
            title="Is it you?"
            lead="What you are about to do can open doors or lock people out, or shows a secret. Sign in to authentik once more; that holds for a few minutes. Nothing was done so far."
        />
        <Card>
            <div class="form-actions">
                <LinkButton href=href variant=Variant::Primary icon=Glyph::Key attr:rel="external">
                    "Go on with authentik"
                </LinkButton>
                <LinkButton href=back variant=Variant::Quiet>"Back"</LinkButton>
            </div>
        </Card>
    }
    .into_any()
}
