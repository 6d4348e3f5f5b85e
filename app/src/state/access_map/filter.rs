//! What the map is narrowed down to.

use super::Mark;
use crate::links;

/// What the rows are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum By {
    /// Groups.
    #[default]
    Groups,
    /// People.
    People,
}

impl By {
    /// What the address says.
    pub const fn value(self) -> &'static str {
        match self {
            Self::Groups => "",
            Self::People => "people",
        }
    }

    /// What the address means.
    pub fn named(value: &str) -> Self {
        if value == "people" {
            Self::People
        } else {
            Self::Groups
        }
    }
}

/// What the map is narrowed down to; lives in the query of the address.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// What the rows are.
    pub by: By,
    /// Words in the names of groups or people.
    pub q: String,
    /// Words in the names of applications.
    pub app: String,
    /// Only rows and columns in which this occurs.
    pub verdict: Option<Mark>,
    /// Page of the rows, from 1.
    pub page: u32,
    /// Page of the columns, from 1.
    pub columns: u32,
}

impl Filter {
    /// The address of the map narrowed down so.
    pub fn link(&self) -> String {
        self.at(links::ACCESS)
    }

    /// The address of the whole filtered matrix as a file.
    pub fn export(&self, kind: &str) -> String {
        let whole = Self {
            page: 1,
            columns: 1,
            ..self.clone()
        };
        whole.at(&format!("/api/access.{kind}"))
    }

    fn at(&self, path: &str) -> String {
        let number = |page: u32| match page {
            0 | 1 => String::new(),
            page => page.to_string(),
        };
        links::with_query(
            path,
            &[
                ("by", self.by.value()),
                ("q", &self.q),
                ("app", &self.app),
                ("verdict", self.verdict.map_or("", Mark::value)),
                ("page", &number(self.page)),
                ("columns", &number(self.columns)),
            ],
        )
    }

    /// Whether nothing is left out.
    pub fn is_empty(&self) -> bool {
        self.q.trim().is_empty() && self.app.trim().is_empty() && self.verdict.is_none()
    }

    /// The same, changed and on the first pages.
    #[must_use]
    pub fn with(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut changed = Self {
            page: 1,
            columns: 1,
            ..self.clone()
        };
        change(&mut changed);
        changed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_say_only_what_is_set() {
        assert_eq!(Filter::default().link(), "/access");
        let filter = Filter {
            by: By::People,
            q: "a b".into(),
            verdict: Some(Mark::Unknown),
            page: 3,
            columns: 2,
            ..Filter::default()
        };
        assert_eq!(
            filter.link(),
            "/access?by=people&q=a%20b&verdict=unknown&page=3&columns=2"
        );
        assert_eq!(
            filter.export("csv"),
            "/api/access.csv?by=people&q=a%20b&verdict=unknown"
        );
        assert_eq!(By::named(By::People.value()), By::People);
        assert!(!filter.is_empty());
    }
}
