//! The application's own side of every preset.

use setup::preset::{Format, Template, masked_text, plain_text, render_snippets};

use crate::{SECRET, library, values};

#[test]
fn every_snippet_renders() {
    let mut rendered = 0;
    for preset in library().all() {
        let values = values(preset);
        let names = preset.names();
        for snippet in render_snippets(preset, &values)
            .unwrap_or_else(|error| panic!("{}: {error}", preset.id))
        {
            rendered += 1;
            let place = format!("{}: {}", preset.id, snippet.place);
            assert!(
                !snippet.body.is_empty() || !snippet.optional.is_empty(),
                "{place}"
            );
            assert!(
                !snippet.title.is_empty() && !snippet.place.is_empty(),
                "{place}"
            );
            assert!(!snippet.file_name.contains(['/', ' ', '{']), "{place}");
            assert_eq!(snippet.steps.is_empty(), snippet.format != Format::UiSteps);
            for segments in [&snippet.body, &snippet.optional] {
                let shown = plain_text(segments);
                assert!(!masked_text(segments).contains(SECRET), "{place}");
                let left = Template::parse(&shown, &names)
                    .unwrap_or_else(|error| panic!("{place}: {error}"));
                assert_eq!(left.placeholders().count(), 0, "{place}");
                let parses = match snippet.format {
                    Format::Json => serde_json::from_str::<serde_json::Value>(&shown).is_ok(),
                    Format::Yaml | Format::Compose => {
                        serde_yaml_ng::from_str::<serde_json::Value>(&shown).is_ok()
                    }
                    Format::Toml => toml::from_str::<toml::Table>(&shown).is_ok(),
                    _ => true,
                };
                assert!(shown.is_empty() || parses, "{place}:\n{shown}");
            }
        }
        for pitfall in &preset.pitfalls {
            let text = preset.text(pitfall, &values).unwrap();
            assert!(text.chars().count() > 10, "{}: {text}", preset.id);
        }
    }
    println!(
        "presets: {} parsed, {rendered} snippets rendered",
        library().all().len()
    );
}

fn snapshot(id: &str) -> String {
    let preset = library().get(id).unwrap();
    let snippets = render_snippets(preset, &values(preset)).unwrap();
    let shown = snippets.iter().map(|snippet| {
        let variant = snippet.variant.as_deref().unwrap_or("usual");
        let optional = match masked_text(&snippet.optional) {
            text if text.is_empty() => text,
            text => format!("--- optional\n{text}"),
        };
        format!(
            "=== {} ({variant}) | {} | {}\n{}{optional}",
            snippet.title,
            snippet.place,
            snippet.file_name,
            snippet.masked_text()
        )
    });
    shown.collect()
}

#[test]
fn snapshots_of_three_presets() {
    for id in ["grafana", "gitea", "vaultwarden"] {
        insta::assert_snapshot!(id, snapshot(id));
    }
}
