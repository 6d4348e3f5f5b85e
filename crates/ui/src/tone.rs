//! What a piece of information means, apart from its words.

use crate::Glyph;

/// The meaning of a badge, status, callout or finding. Shown by an icon and a word, never by colour alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// A plain fact.
    #[default]
    Neutral,
    /// Worth knowing.
    Info,
    /// Works, allowed, done.
    Positive,
    /// Works, but look at it.
    Warning,
    /// Does not work, or is a risk.
    Danger,
}

impl Tone {
    /// The class that sets the colours, e.g. `tone-warning`.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Neutral => "tone-neutral",
            Self::Info => "tone-info",
            Self::Positive => "tone-positive",
            Self::Warning => "tone-warning",
            Self::Danger => "tone-danger",
        }
    }

    /// The icon of this meaning.
    #[must_use]
    pub const fn glyph(self) -> Glyph {
        match self {
            Self::Neutral => Glyph::Dot,
            Self::Info => Glyph::Info,
            Self::Positive => Glyph::Check,
            Self::Warning => Glyph::Warning,
            Self::Danger => Glyph::Danger,
        }
    }

    /// The word that stands for the icon where the icon cannot be seen.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Neutral => "Note",
            Self::Info => "Information",
            Self::Positive => "Success",
            Self::Warning => "Warning",
            Self::Danger => "Danger",
        }
    }
}
