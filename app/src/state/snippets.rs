//! The application's own side: which snippets belong together, and what may be copied.

use setup::preset::{MASK, Segment, Snippet};

/// Snippets of which one set is enough: the usual way, or one of the alternatives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// Its name; `None` for the usual way.
    pub variant: Option<String>,
    /// What goes where.
    pub snippets: Vec<Snippet>,
}

/// The snippets by way, the usual one first.
pub fn ways(snippets: Vec<Snippet>) -> Vec<Way> {
    let mut ways: Vec<Way> = Vec::new();
    for snippet in snippets {
        match ways.iter_mut().find(|way| way.variant == snippet.variant) {
            Some(way) => way.snippets.push(snippet),
            None => ways.push(Way {
                variant: snippet.variant.clone(),
                snippets: vec![snippet],
            }),
        }
    }
    ways.sort_by_key(|way| way.variant.is_some());
    ways
}

/// Whether a text has a secret in it.
pub fn has_secret(segments: &[Segment]) -> bool {
    segments
        .iter()
        .any(|segment| matches!(segment, Segment::Secret { .. }))
}

/// The text for the page: with its secrets, or with dots in their places.
pub fn shown(segments: &[Segment], revealed: bool) -> String {
    let part = |segment: &Segment| match segment {
        Segment::Text(text) => text.clone(),
        Segment::Secret { value, .. } if revealed => value.clone(),
        Segment::Secret { .. } => MASK.to_owned(),
    };
    segments.iter().map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> Vec<Segment> {
        vec![
            Segment::Text("secret=".into()),
            Segment::Secret {
                name: "client_secret".into(),
                value: "hush".into(),
            },
        ]
    }

    #[test]
    fn shown_hides_secrets_until_revealed() {
        assert_eq!(shown(&secret(), true), "secret=hush");
        assert!(!shown(&secret(), false).contains("hush"));
        assert!(has_secret(&secret()));
        assert!(!has_secret(&[Segment::Text("a".into())]));
    }

    #[test]
    fn ways_put_the_usual_one_first() {
        let snippet = |variant: Option<&str>| -> Snippet {
            serde_json::from_value(serde_json::json!({
                "title": "T", "format": "ini", "place": "p", "variant": variant, "derived": false,
                "language": "ini", "file_name": "f", "before": [], "body": [], "optional": [],
                "steps": [], "note": null,
            }))
            .unwrap()
        };
        let ways = ways(vec![
            snippet(Some("Helm")),
            snippet(None),
            snippet(Some("Helm")),
        ]);
        let shape: Vec<_> = ways
            .iter()
            .map(|way| (way.variant.as_deref(), way.snippets.len()))
            .collect();
        assert_eq!(shape, [(None, 1), (Some("Helm"), 2)]);
    }
}
