//! Presets: the file itself, and what is rendered with what people type.

use setup::preset::{
    CORE_NAMES, Library, Preset, Snippet, Values, masked_text, plain_text, render_snippets,
};

use super::rendered;

/// What stands for a value that is harmless in every syntax. Secrets begin and end with it too.
pub(super) const MARK: &str = "Qq7zQq";

/// The longest value, in characters: each may need six.
const LONGEST: usize = 128;

/// A preset of the gallery, or one that the file gives, rendered with any values: the text has the shape that
/// it has with harmless ones, and without its secrets it shows none.
///
/// The first byte chooses a preset of the gallery; 255 takes the text up to the first NUL for the file of one.
/// The rest is the value.
///
/// # Panics
/// When it does not hold.
pub fn preset(data: &[u8]) {
    let Some((number, rest)) = data.split_first() else {
        return;
    };
    let Ok(text) = std::str::from_utf8(rest) else {
        return;
    };
    // Some settings are named after the application, and YAML reads no name above 1,024 characters, escaped.
    if *number != 255 && text.chars().count() > LONGEST {
        return;
    }
    if *number == 255 {
        let (file, value) = text.split_once('\0').unwrap_or((text, ""));
        if let Ok(preset) = toml::from_str::<Preset>(file) {
            reads_back(&preset);
            renders(&preset, value);
        }
        return;
    }
    let library = Library::load();
    assert!(library.is_ok(), "the gallery cannot be read");
    let Ok(library) = library else { return };
    let count = library.all().len();
    let preset = library.all().get(usize::from(*number) % count.max(1));
    if let Some(preset) = preset {
        let snippets = renders(preset, text);
        assert!(snippets.is_some(), "{} is not rendered", preset.id);
        keeps_its_shape(preset, snippets.as_deref().unwrap_or_default());
    }
}

fn reads_back(preset: &Preset) {
    let json = serde_json::to_string(preset).unwrap_or_default();
    let again: Option<Preset> = serde_json::from_str(&json).ok();
    assert!(again.as_ref() == Some(preset), "{json}");
}

/// Every placeholder with this value, secrets with marks around it.
fn values(preset: &Preset, value: &str) -> Values {
    let mut values = Values::default();
    let secret = format!("{MARK}{value}{MARK}");
    for core in CORE_NAMES {
        values.insert(core.name, if core.secret { &secret } else { value });
    }
    for variable in &preset.variables {
        let value = if variable.secret { &secret } else { value };
        values.insert(&variable.name, value);
    }
    values
}

fn renders(preset: &Preset, value: &str) -> Option<Vec<Snippet>> {
    let values = values(preset, value);
    drop(preset.launch_url(&values));
    drop(preset.redirect_uris(&values));
    for pitfall in &preset.pitfalls {
        drop(preset.text(pitfall, &values));
    }
    let file = serde_json::to_string(preset).unwrap_or_default();
    // What a format has no way to write is left out: the mark may come about by that.
    let kept: String = value.chars().filter(|c| c.is_alphanumeric()).collect();
    let hidden = !file.contains(MARK) && !kept.contains(MARK);
    let snippets = render_snippets(preset, &values).ok()?;
    for snippet in &snippets {
        let slash = |text: &str| text.contains(['/', '\\']);
        assert!(!slash(&snippet.file_name) || slash(&preset.id));
        for segments in [&snippet.body, &snippet.optional] {
            let masked = masked_text(segments);
            assert!(!hidden || !masked.contains(MARK), "{masked}");
        }
    }
    Some(snippets)
}

/// A value stays the value of its setting.
fn keeps_its_shape(preset: &Preset, snippets: &[Snippet]) {
    let harmless = render_snippets(preset, &values(preset, MARK)).unwrap_or_default();
    assert_eq!(harmless.len(), snippets.len());
    for (expected, found) in harmless.iter().zip(snippets) {
        assert_eq!(expected.format, found.format);
        for (harmless, text) in [
            (&expected.body, &found.body),
            (&expected.optional, &found.optional),
        ] {
            rendered::same_shape(found.format, &plain_text(harmless), &plain_text(text));
        }
    }
}
