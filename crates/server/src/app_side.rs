//! The application's own side: the preset's templates, filled in with what the provider is now.

use app::{error::AppError, ports::AppSide};
use authentik_api::models::{Application, OAuth2Provider};
use setup::{
    oidc_application::{
        Draft,
        result::{Inputs, snippets, values},
    },
    preset::{MASK, Preset, Segment, Snippet, Summary},
};

/// Renders what has to be entered. Without `reveal` no secret is in it.
pub(crate) fn render(
    preset: &Preset,
    inputs: &Inputs,
    authentik_url: &str,
    application: &Application,
    mut provider: OAuth2Provider,
    reveal: bool,
) -> Result<AppSide, AppError> {
    let mut inputs = inputs.clone();
    if !reveal {
        // Secrets do not even reach the templates.
        provider.client_secret = provider.client_secret.map(|_| MASK.to_owned());
        inputs.random_secret = inputs.random_secret.map(|_| MASK.to_owned());
    }
    let values = values(authentik_url, &application.slug, &provider, &inputs);
    let mut snippets = snippets(preset, &values).map_err(|error| {
        AppError::Conflict(format!(
            "The configuration of {} cannot be written for this provider: {error}. Is its client \
             type the one that the preset expects?",
            preset.name
        ))
    })?;
    if !reveal {
        snippets.iter_mut().for_each(blank);
    }
    Ok(AppSide {
        preset: Summary::from(preset),
        snippets,
        restart_needed: preset.restart_needed,
    })
}

/// What a person typed when the application was set up.
pub(crate) fn inputs_of_draft(draft: &Draft, preset: &Preset, random_secret: String) -> Inputs {
    Inputs {
        random_secret: Some(random_secret),
        ..Inputs::of_draft(draft, preset)
    }
}

/// What can be known of an application that Ostiary did not set up.
pub(crate) fn inputs_of_application(application: &Application, random_secret: String) -> Inputs {
    let address = application.meta_launch_url.trim();
    let base_url = url::Url::parse(address).map_or_else(
        |_| address.trim_end_matches('/').to_owned(),
        |url| url.origin().ascii_serialization(),
    );
    Inputs {
        base_url,
        random_secret: Some(random_secret),
        ..Inputs::default()
    }
}

/// Empties every secret of a snippet, those that a variable of the preset holds included.
fn blank(snippet: &mut Snippet) {
    let steps = snippet.steps.iter_mut().map(|step| &mut step.value);
    let texts = [&mut snippet.body, &mut snippet.optional]
        .into_iter()
        .chain(steps);
    for segment in texts.flatten() {
        if let Segment::Secret { value, .. } = segment {
            value.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn application(launch_url: &str) -> Application {
        serde_json::from_value(json!({
            "pk": "00000000-0000-0000-0000-000000000009", "name": "Grafana", "slug": "grafana",
            "meta_launch_url": launch_url,
        }))
        .unwrap()
    }

    fn provider() -> OAuth2Provider {
        serde_json::from_value(json!({
            "pk": 1, "name": "Grafana", "client_id": "the-id", "client_secret": "hunter2",
            "client_type": "confidential",
        }))
        .unwrap()
    }

    #[test]
    fn secrets_are_left_out_unless_revealed() {
        let library = crate::presets::library().unwrap();
        let inputs = inputs_of_application(&application("https://x.example.org"), "r4ndom".into());
        let mut with_secret = 0;
        for preset in library.all().iter().filter(|preset| preset.available()) {
            let json = |reveal| {
                let application = application("https://x.example.org");
                let side = render(
                    preset,
                    &inputs,
                    "https://auth.example.org",
                    &application,
                    provider(),
                    reveal,
                );
                side.map(|side| serde_json::to_string(&side).unwrap())
            };
            let Ok(hidden) = json(false) else { continue };
            assert!(
                !hidden.contains("hunter2") && !hidden.contains("r4ndom"),
                "{}",
                preset.id
            );
            with_secret += usize::from(json(true).unwrap().contains("hunter2"));
        }
        assert!(with_secret > 50, "{with_secret}");
    }

    #[test]
    fn base_url_is_the_origin_of_the_launch_address() {
        let base = |url: &str| inputs_of_application(&application(url), String::new()).base_url;
        assert_eq!(
            base("https://x.example.org:8443/login?a"),
            "https://x.example.org:8443"
        );
        assert_eq!(base("https://x.example.org/"), "https://x.example.org");
        assert_eq!(base(""), "");
    }
}
