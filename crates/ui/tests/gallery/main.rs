//! Every component on one page: what must hold for all of them together.

use std::collections::{BTreeMap, BTreeSet};

mod page;

/// The values of an attribute in the page.
fn values<'a>(html: &'a str, attribute: &str) -> Vec<&'a str> {
    let start = format!(" {attribute}=\"");
    html.split(start.as_str())
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap_or_default())
        .collect()
}

#[test]
fn page_obeys_the_content_security_policy() {
    let html = page::html();
    assert_eq!(values(&html, "style"), Vec::<&str>::new());
    assert!(
        !html.contains("<script") && !html.contains("<style"),
        "nothing inline"
    );
    let handlers: Vec<_> = html
        .split('<')
        .filter(|tag| {
            tag.split('>')
                .next()
                .is_some_and(|tag| tag.contains(" on") && tag.contains("on=\""))
        })
        .filter(|tag| !tag.contains("aria-"))
        .collect();
    assert_eq!(handlers, Vec::<&str>::new());
}

#[test]
fn page_ids_are_unique_and_references_lead_somewhere() {
    let html = page::html();
    let mut ids = BTreeMap::<&str, usize>::new();
    for id in values(&html, "id") {
        *ids.entry(id).or_default() += 1;
    }
    let doubled: Vec<_> = ids.iter().filter(|(_, count)| **count > 1).collect();
    assert!(doubled.is_empty(), "{doubled:?}");

    let mut references = BTreeSet::new();
    for attribute in [
        "for",
        "aria-labelledby",
        "aria-describedby",
        "popovertarget",
    ] {
        references.extend(
            values(&html, attribute)
                .into_iter()
                .flat_map(str::split_whitespace),
        );
    }
    references.extend(
        values(&html, "href")
            .into_iter()
            .filter_map(|href| href.strip_prefix('#')),
    );
    let dangling: Vec<_> = references
        .into_iter()
        .filter(|id| !ids.contains_key(id))
        .collect();
    assert!(dangling.is_empty(), "{dangling:?}");
    assert!(ids.len() > 20, "the page has fields, headings and hints");
}

#[test]
fn page_uses_only_classes_of_the_style_sheet() {
    let sheet = [
        include_str!("../../../../style/kit/layout.css"),
        include_str!("../../../../style/kit/shell.css"),
        include_str!("../../../../style/kit/controls.css"),
        include_str!("../../../../style/kit/content.css"),
        include_str!("../../../../style/kit/lists.css"),
        include_str!("../../../../style/kit/feedback.css"),
    ]
    .concat();
    let html = page::html();
    let unknown: BTreeSet<_> = values(&html, "class")
        .into_iter()
        .flat_map(str::split_whitespace)
        .filter(|class| *class != "sr-only")
        .filter(|class| {
            let selector = format!(".{class}");
            !sheet
                .split(selector.as_str())
                .skip(1)
                .filter_map(|rest| rest.chars().next())
                .any(|next| !(next.is_alphanumeric() || next == '-'))
        })
        .collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

#[test]
fn page_icons_are_silent_or_named() {
    let html = page::html();
    let icons: Vec<_> = html
        .split("<svg")
        .skip(1)
        .map(|rest| rest.split('>').next().unwrap_or_default())
        .collect();
    assert!(icons.len() > 30);
    for icon in icons {
        assert!(
            icon.contains("aria-hidden=\"true\"") != icon.contains("aria-label=\""),
            "{icon}"
        );
    }
}
