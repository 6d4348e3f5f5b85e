use setup::{
    oidc_application::result::{Inputs, snippets, values},
    preset::{Preset, Summary, Values, VerifiedEmailNeed},
};

use crate::{
    error::AppError,
    model::{Fact, Instructions, PresetSheet},
    state::text::list,
};

/// One preset, as its page shows it.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn get_preset(id: String) -> Result<PresetSheet, AppError> {
    let preset = crate::ports::console()?.preset(id).await?;
    Ok(preset_sheet(&preset))
}

/// What the page of a preset shows, with placeholders in the places of what only a set-up knows.
fn preset_sheet(preset: &Preset) -> PresetSheet {
    let values = example_values(preset).unwrap_or_default();
    let text = |template: &String| {
        preset
            .text(template, &values)
            .unwrap_or_else(|_| template.clone())
    };
    PresetSheet {
        summary: Summary::from(preset),
        facts: facts(preset),
        pitfalls: preset.pitfalls.iter().map(text).collect(),
        example: example(preset, &values),
    }
}

fn fact(term: &str, text: impl Into<String>) -> Fact {
    Fact {
        term: term.to_owned(),
        lines: vec![(String::new(), text.into())],
    }
}

fn facts(preset: &Preset) -> Vec<Fact> {
    let mut facts = vec![
        fact("Also known as", list(&preset.aliases, "and")),
        fact("Connected with", preset.protocol.label()),
        fact("How sure the facts are", preset.confidence.label()),
        Fact {
            term: "Redirect URIs".to_owned(),
            lines: preset.redirect_uris.iter().map(redirect_uri).collect(),
        },
        fact("Scopes", preset.scopes.join(" ")),
    ];
    if preset.available() {
        facts.push(fact(
            "Client type",
            preset.client_type.map_or("", |kind| kind.label()),
        ));
        facts.push(fact("Signing key", preset.signing_key.label()));
        facts.push(fact("Verified e-mail address", email(preset)));
    }
    let mappings = preset.mappings.iter();
    facts.push(Fact {
        term: "Claim mappings that are created".to_owned(),
        lines: mappings
            .map(|mapping| (mapping.name.clone(), mapping.purpose.clone()))
            .collect(),
    });
    facts.push(Fact {
        term: "Groups it gives a role".to_owned(),
        lines: preset
            .groups
            .iter()
            .map(|group| (group.name.clone(), group.role.clone()))
            .collect(),
    });
    facts.push(fact(
        "Restart needed",
        if preset.restart_needed { "yes" } else { "no" },
    ));
    facts.retain(|fact| {
        fact.lines
            .iter()
            .any(|(head, text)| !head.is_empty() || !text.is_empty())
    });
    facts
}

fn redirect_uri(uri: &setup::preset::RedirectUri) -> (String, String) {
    let mut notes = vec![uri.matching.as_str().to_owned()];
    if uri.optional {
        notes.push("optional".to_owned());
    }
    if !uri.purpose.is_empty() {
        notes.push(uri.purpose.clone());
    }
    (uri.url.clone(), notes.join(", "))
}

fn email(preset: &Preset) -> String {
    match preset.verified_email.need {
        VerifiedEmailNeed::No => "not needed".to_owned(),
        VerifiedEmailNeed::Yes => format!("needed. {}", preset.verified_email.reason),
        VerifiedEmailNeed::When => format!("may be needed. {}", preset.verified_email.reason),
    }
}

/// Example values: what a person would type, and what authentik would generate.
fn example_values(preset: &Preset) -> Option<Values> {
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

fn example(preset: &Preset, values: &Values) -> Option<Instructions> {
    if !preset.available() {
        return None;
    }
    Some(Instructions {
        snippets: snippets(preset, values).ok()?,
        preset: Summary::from(preset),
        restart_needed: preset.restart_needed,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::wizard::tests::preset;

    #[test]
    fn sheet_renders_without_real_values() {
        let sheet = preset_sheet(&preset());
        let example = sheet.example.unwrap();
        let texts = example
            .snippets
            .iter()
            .map(setup::preset::Snippet::plain_text);
        let text: String = texts.collect();
        assert!(text.contains("your-client-id"), "{text}");
        let terms: Vec<_> = sheet.facts.iter().map(|fact| fact.term.as_str()).collect();
        assert!(
            terms.contains(&"Redirect URIs") && !terms.contains(&"Also known as"),
            "{terms:?}"
        );
    }
}
