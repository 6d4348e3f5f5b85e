//! Sentences with names in them: names are links, never markup, and keep to their own direction of
//! writing.

use access::{Application, Group, Piece, Sentence, Snapshot, User};
use authentik_api::{ApplicationPk, GroupPk, PolicyPk, UserPk};
use serde::{Deserialize, Serialize};

use crate::links;

/// A part of a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Plain words.
    Text(String),
    /// A name.
    Name {
        /// The name, or the key where the name shows nothing.
        name: String,
        /// The page about it, if there is one.
        href: Option<String>,
    },
}

/// A sentence.
pub type Words = Vec<Part>;

/// A sentence of the `access` crate, its names as links.
pub fn words(snapshot: &Snapshot, sentence: &Sentence) -> Words {
    let part = |piece: &Piece| match piece {
        Piece::Text { text } => Part::Text(text.clone()),
        Piece::User { pk, .. } => user(snapshot, *pk),
        Piece::Group { pk, .. } => group(snapshot, *pk),
        Piece::Application { pk, .. } => application(snapshot, *pk),
        Piece::Policy { pk, .. } => policy(snapshot, *pk),
    };
    sentence.pieces.iter().map(part).collect()
}

/// The same with a capital letter at its start, where it starts with words.
pub fn capitalised(mut words: Words) -> Words {
    if let Some(Part::Text(text)) = words.first_mut() {
        let mut chars = text.chars();
        let first: String = chars
            .next()
            .into_iter()
            .flat_map(char::to_uppercase)
            .collect();
        *text = first + chars.as_str();
    }
    words
}

/// A sentence as text, names in quotation marks.
pub fn plain(words: &[Part]) -> String {
    let part = |part: &Part| match part {
        Part::Text(text) => text.clone(),
        Part::Name { name, .. } => format!("“{}”", isolated(name)),
    };
    words.iter().map(part).collect()
}

/// Plain words.
pub fn text(text: impl Into<String>) -> Part {
    Part::Text(text.into())
}

/// A user's name.
pub fn user(snapshot: &Snapshot, pk: UserPk) -> Part {
    let user = snapshot.user(pk);
    Part::Name {
        name: visible(user.map(User::label).unwrap_or_default(), &pk),
        href: user.map(|_| links::person(pk)),
    }
}

/// A group's name.
pub fn group(snapshot: &Snapshot, pk: GroupPk) -> Part {
    let group: Option<&Group> = snapshot.group(pk);
    Part::Name {
        name: visible(group.map(|it| it.name.as_str()).unwrap_or_default(), &pk),
        href: group.map(|_| links::group(pk)),
    }
}

/// An application's name.
pub fn application(snapshot: &Snapshot, pk: ApplicationPk) -> Part {
    let application = snapshot.application(pk);
    Part::Name {
        name: visible(application.map(Application::label).unwrap_or_default(), &pk),
        href: application.map(|it| links::application(&it.slug)),
    }
}

/// A policy's name; there is no page about it.
pub fn policy(snapshot: &Snapshot, pk: PolicyPk) -> Part {
    let policy = snapshot.policy(pk);
    Part::Name {
        name: visible(policy.map(|it| it.name.as_str()).unwrap_or_default(), &pk),
        href: None,
    }
}

/// A name, or the key where the name shows nothing.
pub fn visible(name: &str, key: &impl std::fmt::Display) -> String {
    let shows = |c: char| !(c.is_whitespace() || c.is_control() || is_format(c));
    if name.chars().any(shows) {
        name.to_owned()
    } else {
        key.to_string()
    }
}

/// Characters that steer writing and show nothing.
const fn is_format(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// A name for places where no element can isolate it, such as an option or a picture: whatever
/// direction it is written in, what stands around it stays in its place.
pub fn isolated(name: &str) -> String {
    let turns =
        |c: char| is_format(c) || matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fefc}');
    if name.chars().any(turns) {
        // Whatever the name opens is closed by the end of the isolate.
        format!("\u{2068}{name}\u{2069}")
    } else {
        name.to_owned()
    }
}

/// A person in one line: the full name and the login name, or the one that says something.
pub fn person(name: &str, username: &str) -> String {
    if name.trim().is_empty() || name == username {
        isolated(username)
    } else {
        format!("{} ({})", isolated(name), isolated(username))
    }
}

/// Whether all the words occur somewhere in the texts, whatever the case.
pub fn has_words(needle: &str, texts: &[&str]) -> bool {
    if needle.trim().is_empty() {
        return true;
    }
    let haystack = texts.join("\n").to_lowercase();
    let needle = needle.to_lowercase();
    needle
        .split_whitespace()
        .all(|word| haystack.contains(word))
}

#[cfg(test)]
mod tests {
    use access::Evaluator;

    use super::*;
    use crate::state::samples;

    #[test]
    fn sentences_link_what_has_a_page() {
        let home = samples::home();
        let evaluator = Evaluator::new(&home);
        let why = evaluator
            .explain(samples::JODIE, samples::JELLYFIN)
            .unwrap();
        let words = words(&home, &why.reason.sentence);
        assert_eq!(plain(&words), why.reason.sentence.to_string());
        let hrefs: Vec<_> = words
            .iter()
            .filter_map(|part| match part {
                Part::Name { href, .. } => href.clone(),
                Part::Text(_) => None,
            })
            .collect();
        assert_eq!(hrefs.first().map(String::as_str), Some("/people/5"));
        assert!(
            hrefs.contains(&"/applications/jellyfin".to_owned()),
            "{hrefs:?}"
        );
    }

    #[test]
    fn names_that_show_nothing_give_way_to_their_key() {
        assert_eq!(visible(" \u{202e}\u{200b}", &7), "7");
        assert_eq!(visible("kids", &7), "kids");
        assert_eq!(person("", "jodie"), "jodie");
        assert_eq!(person("Jodie", "jodie.m"), "Jodie (jodie.m)");
        assert_eq!(isolated("فاطمة"), "\u{2068}فاطمة\u{2069}");
        assert_eq!(isolated("a"), "a");
    }

    #[test]
    fn capitalised_begins_with_a_capital_only_where_it_begins_with_words() {
        let add = vec![text("add "), text("x")];
        assert_eq!(plain(&capitalised(add)), "Add x");
        assert!(capitalised(Vec::new()).is_empty());
    }

    #[test]
    fn words_are_found_in_any_text_and_case() {
        assert!(has_words("marsh JODIE", &["jodie.m", "Jodie Marsh"]));
        assert!(!has_words("jodie x", &["jodie.m", "Jodie Marsh"]));
        assert!(has_words("  ", &[]));
    }
}
