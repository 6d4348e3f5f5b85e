use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;
use ui::{
    Badge, Button, ButtonKind, Callout, Card, Crumb, DescriptionItem, DescriptionList, Glyph,
    PageHeader, Tone, Variant,
};

use crate::{
    data::get_preset,
    model::{Fact, PresetSheet},
    resource::data,
    serverfn::StartDraft,
    view::{ActionNotice, AppSideView, Loading, failure, page_panel, parameter},
};

/// One preset: its facts, what often goes wrong, and an example of the application's own side.
#[component]
pub fn PresetPage() -> AnyView {
    let id = parameter("id");
    let data = data(move || id.get(), get_preset);
    let start = ServerAction::<StartDraft>::new();
    view! {
        <ActionNotice failure=failure(start)/>
        {page_panel(data, Loading::lines("the preset", 8), move |sheet| page(sheet, start))}
    }
    .into_any()
}

fn page(sheet: PresetSheet, start: ServerAction<StartDraft>) -> AnyView {
    let preset = sheet.summary;
    let id = preset.id.clone();
    let label = format!("Set up {}", preset.name);
    let button = preset.available.then(|| {
        view! {
            <ActionForm action=start>
                <input type="hidden" name="preset" value=id/>
                <Button kind=ButtonKind::Submit variant=Variant::Primary>
                    {label}
                </Button>
            </ActionForm>
        }
    });
    let (protocol, category) = (preset.protocol.label(), preset.category.label());
    let badges = move || {
        view! {
            <Badge label=protocol tone=Tone::Info glyph=Glyph::Key/>
            <Badge label=category/>
        }
    };
    let coming = (!preset.available).then(|| {
        view! {
            <Callout title="The guided set-up for this one is still to come" tone=Tone::Info>
                <p>"Its facts are shown here already. If the application speaks OpenID Connect too, “Generic OIDC” works now."</p>
            </Callout>
        }
    });
    let facts: Vec<_> = sheet.facts.into_iter().map(fact).collect();
    let pitfalls = (!sheet.pitfalls.is_empty()).then(|| {
        let lines: Vec<_> = sheet
            .pitfalls
            .into_iter()
            .map(|text| view! { <li>{text}</li> })
            .collect();
        view! {
            <Card title="What often goes wrong">
                <ul class="list-disc pl-6 flex flex-col gap-2">{lines}</ul>
            </Card>
        }
    });
    let example = sheet.example.map(|instructions| {
        view! {
            <Card title="Example of the application’s own side">
                <div class="flex flex-col gap-4">
                    <p class="muted">"With placeholders. After setting up, the page of your application shows the same with its real values."</p>
                    <AppSideView instructions=instructions revealed=true page=""/>
                </div>
            </Card>
        }
    });
    view! {
        <Title text=preset.name.clone()/>
        <PageHeader
            title=preset.name
            crumbs=vec![Crumb::new("Presets", "/presets")]
            badges=badges
            actions=move || button
        />
        <div class="stack">
            {coming}
            <Card title="Facts"><DescriptionList>{facts}</DescriptionList></Card>
            {pitfalls}
            {example}
        </div>
    }
    .into_any()
}

fn fact(fact: Fact) -> AnyView {
    let lines: Vec<_> = fact
        .lines
        .into_iter()
        .map(|(head, text)| {
            let gap = if head.is_empty() || text.is_empty() {
                ""
            } else {
                ": "
            };
            let head =
                (!head.is_empty()).then(|| view! { <code class="wrap-anywhere">{head}</code> });
            view! { <li>{head}{gap}{text}</li> }
        })
        .collect();
    view! {
        <DescriptionItem term=fact.term>
            <ul role="list" class="flex flex-col gap-1">{lines}</ul>
        </DescriptionItem>
    }
    .into_any()
}
