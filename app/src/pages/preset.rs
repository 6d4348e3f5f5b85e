use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;
use setup::{
    oidc_application::result::{Inputs, snippets, values},
    preset::{Preset, Summary, VerifiedEmailNeed},
};
use ui::{
    Badge, Button, ButtonKind, Callout, Card, Crumb, DescriptionItem, DescriptionList, Glyph,
    PageHeader, Tone, Variant,
};

use crate::{
    serverfn::{Instructions, StartDraft, get_preset},
    state::text::list,
    view::{ActionNotice, AppSideView, Loading, failure, main_panel, parameter},
};

/// One preset: its facts, what often goes wrong, and an example of the application's own side.
#[component]
pub fn PresetPage() -> AnyView {
    let id = parameter("id");
    let data = Resource::new(move || id.get(), get_preset);
    let start = ServerAction::<StartDraft>::new();
    view! {
        <ActionNotice failure=failure(start)/>
        {main_panel(data, Loading::lines("the preset", 8), move |preset| page(&preset, start))}
    }
    .into_any()
}

fn page(preset: &Preset, start: ServerAction<StartDraft>) -> AnyView {
    let id = preset.id.clone();
    let label = format!("Set up {}", preset.name);
    let button = preset.available().then(|| {
        view! {
            <ActionForm action=start>
                <input type="hidden" name="preset" value=id/>
                <Button kind=ButtonKind::Submit variant=Variant::Primary busy=start.pending()>
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
    let coming = (!preset.available()).then(|| {
        view! {
            <Callout title="The guided set-up for this one is still to come" tone=Tone::Info>
                <p>"Its facts are shown here already. If the application speaks OpenID Connect too, “Generic OIDC” works now."</p>
            </Callout>
        }
    });
    let pitfalls: Vec<_> = example_texts(preset)
        .into_iter()
        .map(|text| view! { <li>{text}</li> })
        .collect();
    let pitfalls = (!pitfalls.is_empty()).then(|| {
        view! {
            <Card title="What often goes wrong">
                <ul class="list-disc pl-6 flex flex-col gap-2">{pitfalls}</ul>
            </Card>
        }
    });
    let example = example(preset).map(|instructions| {
        view! {
            <Card title="Example of the application’s own side">
                <p class="muted">"With placeholders. After setting up, the page of your application shows the same with its real values."</p>
                <AppSideView instructions=instructions revealed=true reveal_href=""/>
            </Card>
        }
    });
    let facts = facts(preset);
    view! {
        <Title text=preset.name.clone()/>
        <PageHeader
            title=preset.name.clone()
            crumbs=vec![Crumb::new("Presets", "/presets")]
            badges=badges
            actions=move || button
        />
        <div class="stack">
            {coming}
            <Card title="Facts">{facts}</Card>
            {pitfalls}
            {example}
        </div>
    }
    .into_any()
}

fn facts(preset: &Preset) -> AnyView {
    let uris: Vec<_> = preset
        .redirect_uris
        .iter()
        .map(|uri| {
            let note = match (uri.optional, uri.purpose.is_empty()) {
                (true, _) => format!(" ({}, optional) {}", uri.matching.as_str(), uri.purpose),
                (false, true) => format!(" ({})", uri.matching.as_str()),
                (false, false) => format!(" ({}) {}", uri.matching.as_str(), uri.purpose),
            };
            view! { <li><code>{uri.url.clone()}</code>{note}</li> }.into_any()
        })
        .collect();
    let groups: Vec<_> = preset
        .groups
        .iter()
        .map(|group| {
            view! { <li><strong>{group.name.clone()}</strong>": "{group.role.clone()}</li> }
                .into_any()
        })
        .collect();
    let mappings: Vec<_> = preset
        .mappings
        .iter()
        .map(|mapping| {
            view! { <li><strong>{mapping.name.clone()}</strong>": "{mapping.purpose.clone()}</li> }
                .into_any()
        })
        .collect();
    let email = match preset.verified_email.need {
        VerifiedEmailNeed::No => "not needed".to_owned(),
        VerifiedEmailNeed::Yes => format!("needed. {}", preset.verified_email.reason),
        VerifiedEmailNeed::When => format!("may be needed. {}", preset.verified_email.reason),
    };
    let aliases = list(&preset.aliases, "and");
    let oidc = preset.available();
    let item = |term: &'static str, value: String| {
        (!value.is_empty()).then(|| view! { <DescriptionItem term=term>{value}</DescriptionItem> })
    };
    let lines = |term: &'static str, lines: Vec<AnyView>| {
        (!lines.is_empty()).then(|| {
            view! { <DescriptionItem term=term><ul role="list" class="flex flex-col gap-1">{lines}</ul></DescriptionItem> }
        })
    };
    let restart = if preset.restart_needed { "yes" } else { "no" };
    let client_type = preset.client_type.map_or("", |kind| kind.label());
    let items = (
        item("Also known as", aliases),
        item("Connected with", preset.protocol.label().to_owned()),
        item(
            "How sure the facts are",
            preset.confidence.label().to_owned(),
        ),
        lines("Redirect URIs", uris),
        item("Scopes", preset.scopes.join(" ")),
        oidc.then(|| {
            (
                item("Client type", client_type.to_owned()),
                item("Signing key", preset.signing_key.label().to_owned()),
                item("Verified e-mail address", email),
            )
        }),
        lines("Claim mappings that are created", mappings),
        lines("Groups it gives a role", groups),
        item("Restart needed", restart.to_owned()),
    );
    view! { <DescriptionList>{items}</DescriptionList> }.into_any()
}

/// Example values: what a person would type, and what authentik would generate.
fn example_values(preset: &Preset) -> Option<setup::preset::Values> {
    let provider = serde_json::from_value(serde_json::json!({
        "pk": 0, "name": preset.name, "client_id": "your-client-id",
        "client_secret": "your-client-secret",
        "client_type": preset.client_type.map_or("confidential", |kind| kind.as_str()),
    }))
    .ok()?;
    let variables = preset.variables.iter().map(|variable| {
        let value = variable
            .default
            .clone()
            .unwrap_or_else(|| variable.example.clone());
        (variable.name.clone(), value)
    });
    let inputs = Inputs {
        base_url: format!("https://{}.example.com", preset.id),
        variables: variables.collect(),
        random_secret: Some("a-random-text".to_owned()),
    };
    Some(values(
        "https://auth.example.com",
        &preset.id,
        &provider,
        &inputs,
    ))
}

fn example(preset: &Preset) -> Option<Instructions> {
    if !preset.available() {
        return None;
    }
    Some(Instructions {
        snippets: snippets(preset, &example_values(preset)?).ok()?,
        preset: Summary::from(preset),
        restart_needed: preset.restart_needed,
    })
}

/// The pitfalls with example values filled in.
fn example_texts(preset: &Preset) -> Vec<String> {
    let values = example_values(preset).unwrap_or_default();
    let text = |template: &String| {
        preset
            .text(template, &values)
            .unwrap_or_else(|_| template.clone())
    };
    preset.pitfalls.iter().map(text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::wizard::tests::preset;

    #[test]
    fn example_renders_without_real_values() {
        let example = example(&preset()).unwrap();
        assert!(!example.snippets.is_empty());
        let text: String = example
            .snippets
            .iter()
            .map(setup::preset::Snippet::plain_text)
            .collect();
        assert!(text.contains("your-client-id"), "{text}");
    }
}
