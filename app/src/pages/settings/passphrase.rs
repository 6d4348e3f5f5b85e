use leptos::prelude::*;
use leptos_meta::Title;
use ui::{Button, ButtonKind, Callout, Card, PageHeader, Tone, Variant};

use super::{Section, sections};
use crate::{
    links,
    pages::gate::{new_passphrase, passphrase, refusal},
    view::query,
    visitor::refused,
};

/// Changes the administrator's passphrase.
#[component]
pub fn PassphrasePage() -> AnyView {
    let refused = refused();
    let done = (!query("changed").get_untracked().is_empty()).then(|| {
        view! {
            <Callout title="The passphrase was changed" tone=Tone::Positive live=true>
                <p>"All other sessions were ended."</p>
            </Callout>
        }
    });
    view! {
        <Title text="Passphrase"/>
        <PageHeader title="Passphrase" lead="What the local administrator signs in with."/>
        {sections(Section::Passphrase)}
        <div class="stack">
            {done}
            <Card>
                <form class="form" method="post" action=links::PASSPHRASE novalidate>
                    {refusal(&refused)}
                    {passphrase(&refused, "Passphrase until now")}
                    {new_passphrase(&refused)}
                    <div class="form-actions">
                        <Button kind=ButtonKind::Submit variant=Variant::Primary>"Change it"</Button>
                    </div>
                </form>
            </Card>
        </div>
    }
    .into_any()
}
