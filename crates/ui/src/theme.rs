//! Light, dark, or as the system says.

use std::str::FromStr;

use leptos::prelude::*;

use crate::Glyph;

/// How the page is coloured. Written on the root element: `<html data-theme=…>`.
///
/// The server reads it from the cookie [`Theme::COOKIE`], writes the attribute and gives the value as context, so
/// that [`ThemeSwitch`](crate::ThemeSwitch) shows the right choice. The browser reads the attribute.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// Always light.
    Light,
    /// Always dark.
    Dark,
    /// As the system prefers.
    #[default]
    Auto,
}

/// The text names no theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownTheme;

impl Theme {
    /// The cookie that keeps the choice: `light`, `dark` or `auto`. Readable by scripts; it holds nothing secret.
    pub const COOKIE: &'static str = "ostiary_theme";

    /// All choices, in the order of the switch.
    pub const ALL: [Self; 3] = [Self::Light, Self::Auto, Self::Dark];

    /// The value of the attribute, the cookie and the form field.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
            Self::Auto => "auto",
        }
    }

    /// What the switch calls it.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Light => "Light",
            Self::Dark => "Dark",
            Self::Auto => "As the system",
        }
    }

    pub(crate) const fn glyph(self) -> Glyph {
        match self {
            Self::Light => Glyph::Sun,
            Self::Dark => Glyph::Moon,
            Self::Auto => Glyph::Auto,
        }
    }

    /// The theme of the page being rendered: from the context on a server, from the root element in a browser.
    #[must_use]
    pub fn current() -> Self {
        use_context::<Self>()
            .or_else(from_document)
            .unwrap_or_default()
    }
}

impl FromStr for Theme {
    type Err = UnknownTheme;

    fn from_str(text: &str) -> Result<Self, UnknownTheme> {
        Self::ALL
            .into_iter()
            .find(|theme| theme.as_str() == text)
            .ok_or(UnknownTheme)
    }
}

#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
fn from_document() -> Option<Theme> {
    let root = document().document_element()?;
    root.get_attribute("data-theme")?.parse().ok()
}

#[cfg(not(all(feature = "hydrate", not(feature = "ssr"))))]
fn from_document() -> Option<Theme> {
    None
}

#[cfg(test)]
mod tests {
    use super::{Theme, UnknownTheme};

    #[test]
    fn theme_reads_back_what_it_writes() {
        for theme in Theme::ALL {
            assert_eq!(theme.as_str().parse(), Ok(theme));
        }
        assert_eq!("Dark; Path=/".parse::<Theme>(), Err(UnknownTheme));
    }
}
