//! Headings whose level the page chooses.

use leptos::prelude::*;

/// The level of a heading below the page's `h1`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Level {
    /// A section of the page.
    #[default]
    H2,
    /// A part of a section.
    H3,
    /// A part of a part.
    H4,
}

/// A heading of the given level, with an id that others may refer to.
pub(crate) fn heading(level: Level, id: Option<String>, text: String) -> AnyView {
    match level {
        Level::H2 => view! { <h2 id=id>{text}</h2> }.into_any(),
        Level::H3 => view! { <h3 id=id>{text}</h3> }.into_any(),
        Level::H4 => view! { <h4 id=id>{text}</h4> }.into_any(),
    }
}

/// An id made of the letters and digits of a text: `App-side configuration` gives `app-side-configuration`.
pub(crate) fn slug(text: &str) -> String {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.join("-")
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn slug_keeps_letters_and_digits() {
        assert_eq!(slug("App-side configuration"), "app-side-configuration");
        assert_eq!(slug("  <script>\"3\"  "), "script-3");
        assert_eq!(slug("…"), "");
    }
}
