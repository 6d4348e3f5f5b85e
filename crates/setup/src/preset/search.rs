//! Search in the gallery, the same in the browser and on the server.

use crate::preset::summary::Summary;

/// Lower case, letters and digits only: `Home-Assistant` and `home assistant` are the same.
fn squeeze(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// How well a preset fits, smaller is better; `None` if it does not.
pub(crate) fn rank(summary: &Summary, query: &str) -> Option<u8> {
    let wanted = squeeze(query);
    if wanted.is_empty() {
        return Some(0);
    }
    let name = squeeze(&summary.name);
    let id = squeeze(&summary.id);
    let aliases: Vec<String> = summary.aliases.iter().map(|alias| squeeze(alias)).collect();
    if name == wanted || id == wanted {
        return Some(0);
    }
    if aliases.contains(&wanted) {
        return Some(1);
    }
    if name.starts_with(&wanted) || id.starts_with(&wanted) {
        return Some(2);
    }
    if aliases.iter().any(|alias| alias.starts_with(&wanted)) {
        return Some(3);
    }
    let word_starts = summary
        .name
        .split(|c: char| !c.is_alphanumeric())
        .any(|word| squeeze(word).starts_with(&wanted));
    if word_starts {
        return Some(4);
    }
    if name.contains(&wanted) || id.contains(&wanted) {
        return Some(5);
    }
    let category = squeeze(summary.category.label());
    let everything = format!("{name} {id} {} {category}", aliases.join(" "));
    let all_words = query
        .split_whitespace()
        .map(squeeze)
        .all(|word| everything.contains(&word));
    all_words.then_some(6)
}

/// The summaries that fit `query`, best first; those that fit equally well in the order given.
///
/// Case, spaces and hyphens do not matter. An empty query fits everything.
pub fn search<'a>(
    summaries: impl IntoIterator<Item = &'a Summary>,
    query: &str,
) -> Vec<&'a Summary> {
    let mut found: Vec<(u8, &Summary)> = summaries
        .into_iter()
        .filter_map(|summary| rank(summary, query).map(|rank| (rank, summary)))
        .collect();
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().map(|(_, summary)| summary).collect()
}
