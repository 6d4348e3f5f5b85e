//! Which presets the gallery shows.

use setup::preset::{Category, Protocol, Summary, search};

use crate::links;

/// What the gallery is narrowed down to; lives in the query of the address.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Words to look for.
    pub q: String,
    /// One category.
    pub category: String,
    /// One protocol.
    pub protocol: String,
}

impl Filter {
    /// The same in another category.
    #[must_use]
    pub fn in_category(&self, category: &str) -> Self {
        Self {
            category: category.to_owned(),
            ..self.clone()
        }
    }

    /// The address of a gallery at `path` narrowed down so.
    pub fn link(&self, path: &str) -> String {
        links::with_query(
            path,
            &[
                ("q", &self.q),
                ("category", &self.category),
                ("protocol", &self.protocol),
            ],
        )
    }

    /// Whether everything is shown.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The presets that fit, best first; those with a guided set-up before the others.
    pub fn apply<'p>(&self, presets: &'p [Summary]) -> Vec<&'p Summary> {
        let narrowed = presets
            .iter()
            .filter(|preset| self.category.is_empty() || preset.category.as_str() == self.category)
            .filter(|preset| self.protocol.is_empty() || preset.protocol.as_str() == self.protocol);
        let mut found = search(narrowed, self.q.trim());
        if self.q.trim().is_empty() {
            found.sort_by_key(|preset| {
                let generic = preset.category == Category::Generic;
                (!preset.available, !generic, preset.name.to_lowercase())
            });
        } else {
            found.sort_by_key(|preset| !preset.available);
        }
        found
    }
}

/// The categories that occur, with how many presets each has.
pub fn categories(presets: &[Summary]) -> Vec<(Category, u64)> {
    let of = |category: Category| {
        presets
            .iter()
            .filter(move |preset| preset.category == category)
    };
    let counted = Category::ALL.iter().map(|category| {
        let count = u64::try_from(of(*category).count()).unwrap_or(u64::MAX);
        (*category, count)
    });
    counted.filter(|(_, count)| *count > 0).collect()
}

/// The protocols that occur.
pub fn protocols(presets: &[Summary]) -> Vec<Protocol> {
    let occurs = |protocol: &&Protocol| presets.iter().any(|preset| preset.protocol == **protocol);
    Protocol::ALL.iter().filter(occurs).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(id: &str, category: &str, protocol: &str) -> Summary {
        serde_json::from_value(serde_json::json!({
            "id": id, "name": id, "aliases": [], "category": category, "protocol": protocol,
            "confidence": "high", "available": protocol == "oidc", "monogram": "Xx", "hue": 0,
        }))
        .unwrap()
    }

    fn ids(filter: &Filter, presets: &[Summary]) -> Vec<String> {
        filter
            .apply(presets)
            .iter()
            .map(|preset| preset.id.clone())
            .collect()
    }

    #[test]
    fn gallery_shows_what_can_be_set_up_first() {
        let presets = [
            summary("alpha", "media", "saml"),
            summary("zulu", "media", "oidc"),
            summary("grafana", "monitoring", "oidc"),
            summary("generic", "generic", "oidc"),
        ];
        assert_eq!(
            ids(&Filter::default(), &presets),
            ["generic", "grafana", "zulu", "alpha"]
        );
        let media = Filter::default().in_category("media");
        assert_eq!(ids(&media, &presets), ["zulu", "alpha"]);
        let q = Filter {
            q: " graf".into(),
            ..Filter::default()
        };
        assert_eq!(ids(&q, &presets), ["grafana"]);
        assert_eq!(q.link("/presets"), "/presets?q=%20graf");
        assert_eq!(
            categories(&presets)
                .iter()
                .map(|(_, count)| count)
                .sum::<u64>(),
            4
        );
        assert_eq!(protocols(&presets), [Protocol::Oidc, Protocol::Saml]);
    }
}
