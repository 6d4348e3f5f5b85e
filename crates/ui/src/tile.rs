//! The gallery.

use leptos::prelude::*;

/// How many hues the style sheet has: `hue-0` to `hue-11`.
const HUES: u32 = 12;

/// What choosing a tile does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TileAction {
    /// Goes to a page.
    Link(String),
    /// Submits the form around it with this name and value.
    Submit {
        /// The name.
        name: String,
        /// The value.
        value: String,
    },
    /// Nothing yet; the note says why.
    None,
}

/// The grid that [`Tile`]s stand in.
#[component]
pub fn Tiles(
    /// What they are, for screen readers.
    #[prop(into)]
    label: String,
    /// The [`Tile`]s.
    children: Children,
) -> AnyView {
    view! { <ul class="tiles" role="list" aria-label=label>{children()}</ul> }.into_any()
}

/// One entry of the gallery: monogram, name, line, note. Belongs inside [`Tiles`].
#[component]
pub fn Tile(
    /// Its name.
    #[prop(into)]
    name: String,
    /// A line about it.
    #[prop(optional, into)]
    line: Option<String>,
    /// What choosing it does.
    action: TileAction,
    /// A badge or a few words at its foot.
    #[prop(optional, into)]
    note: Option<ViewFnOnce>,
) -> AnyView {
    let picture = view! { <Monogram name=name.clone()/> };
    let head = match action {
        TileAction::Link(href) => view! { <a class="tile-name tile-target" href=href>{name}</a> }.into_any(),
        TileAction::Submit { name: field, value } => view! {
            <button class="tile-name tile-target" type="submit" name=field value=value>{name}</button>
        }
        .into_any(),
        TileAction::None => view! { <span class="tile-name">{name}</span> }.into_any(),
    };
    view! {
        <li class="tile">
            {picture}
            <div class="tile-text">
                {head}
                {line.map(|line| view! { <p class="tile-line">{line}</p> })}
                {note.map(|note| view! { <div class="tile-note">{note.run()}</div> })}
            </div>
        </li>
    }
    .into_any()
}

/// Two letters on a colour, both made from a name. Silent for screen readers.
#[component]
pub fn Monogram(
    /// The name.
    #[prop(into)]
    name: String,
    /// For lines of a table.
    #[prop(optional)]
    small: bool,
    /// Address of a picture to show over the letters, should it load.
    #[prop(optional_no_strip, into)]
    picture: Option<String>,
) -> AnyView {
    let class = format!(
        "monogram{} hue-{}",
        if small { " monogram-small" } else { "" },
        hue(&name)
    );
    // Without alternative text nothing is shown of a picture that does not load.
    let picture = picture.map(|src| {
        view! { <img class="monogram-picture" src=src alt="" loading="lazy" decoding="async"/> }
    });
    view! { <span class=class aria-hidden="true">{monogram(&name)}{picture}</span> }.into_any()
}

/// Two letters that stand for a name: the first of its first two words, or the first two.
#[must_use]
pub fn monogram(name: &str) -> String {
    let mut words = name
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    let first = words.next().unwrap_or("?");
    let mut letters = first.chars();
    let head = letters.next().into_iter().flat_map(char::to_uppercase);
    match words.next() {
        Some(second) => head
            .chain(second.chars().take(1).flat_map(char::to_uppercase))
            .collect(),
        None => head
            .chain(letters.take(1).flat_map(char::to_lowercase))
            .collect(),
    }
}

/// The number of a name's hue, 0 to 11; always the same for the same name (FNV-1a).
#[must_use]
pub fn hue(name: &str) -> u32 {
    let hash = name.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    hash % HUES
}

#[cfg(test)]
mod tests {
    use super::{HUES, hue, monogram};

    #[test]
    fn monogram_takes_two_letters() {
        assert_eq!(monogram("Grafana"), "Gr");
        assert_eq!(monogram("paperless-ngx"), "PN");
        assert_eq!(monogram("Generic OIDC, public client"), "GO");
        assert_eq!(monogram("ß"), "SS");
        assert_eq!(monogram("<>"), "?");
        assert_eq!(monogram(""), "?");
    }

    #[test]
    fn hue_is_stable_and_in_range() {
        assert_eq!(hue("Grafana"), hue("Grafana"));
        assert_ne!(hue("Grafana"), hue("Gitea"));
        assert!(
            ["", "a", "Vaultwarden", "日本"]
                .iter()
                .all(|name| hue(name) < HUES)
        );
    }
}
