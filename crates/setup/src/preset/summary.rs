//! What the gallery shows of a preset.

use serde::{Deserialize, Serialize};

use crate::preset::model::{Category, Confidence, Preset, Protocol};

/// A preset as a card in the gallery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// The preset's id.
    pub id: String,
    /// The application's name.
    pub name: String,
    /// Other names to search by.
    pub aliases: Vec<String>,
    /// What kind of application it is.
    pub category: Category,
    /// How it is connected.
    pub protocol: Protocol,
    /// How sure the facts are.
    pub confidence: Confidence,
    /// Whether a guided set-up exists for it now.
    pub available: bool,
    /// One or two letters in place of an icon.
    pub monogram: String,
    /// A colour for the monogram: hue in degrees, 0 to 359, always the same for the same id.
    pub hue: u16,
}

/// The first letters of the first two words, or the first two letters of a single word.
fn monogram(name: &str) -> String {
    let before_note = name.split('(').next().unwrap_or(name);
    let mut words = before_note
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .filter(|word| !word.is_empty());
    let first = words.next().unwrap_or("?");
    if let Some(second) = words.next() {
        let initials = first.chars().take(1).chain(second.chars().take(1));
        return initials.flat_map(char::to_uppercase).collect();
    }
    let mut letters = first.chars();
    let capital = letters.next().into_iter().flat_map(char::to_uppercase);
    capital.chain(letters.next()).collect()
}

/// FNV-1a over the id, as an angle.
fn hue(id: &str) -> u16 {
    let hash = id.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    u16::try_from(hash % 360).unwrap_or_default()
}

impl From<&Preset> for Summary {
    fn from(preset: &Preset) -> Self {
        Self {
            id: preset.id.clone(),
            name: preset.name.clone(),
            aliases: preset.aliases.clone(),
            category: preset.category,
            protocol: preset.protocol,
            confidence: preset.confidence,
            available: preset.available(),
            monogram: monogram(&preset.name),
            hue: hue(&preset.id),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn monogram_of_names() {
        for (name, letters) in [
            ("Grafana", "Gr"),
            ("Home Assistant (hass-openid)", "HA"),
            ("n8n (Business/Enterprise)", "N8"),
            ("What's Up Docker", "WU"),
            ("Paperless-ngx", "PN"),
            ("", "?"),
        ] {
            assert_eq!(monogram(name), letters, "{name}");
        }
    }

    #[test]
    fn hue_is_stable() {
        assert_eq!(hue("grafana"), hue("grafana"));
        assert_ne!(hue("grafana"), hue("gitea"));
        assert!(hue("vaultwarden") < 360);
    }
}
