//! The list of applications: its lines, and which of them are shown.

use serde::{Deserialize, Serialize};

use crate::links;

/// How many lines one page of the list has.
pub const PAGE: usize = 100;

/// A line of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Slug.
    pub slug: String,
    /// Name.
    pub name: String,
    /// Label under which the user's page lists it.
    pub group: String,
    /// Kind of its provider for people; empty without one.
    pub kind: String,
    /// Whether its icon can be shown.
    pub has_icon: bool,
    /// Who gets in, told from its bindings.
    pub entry: Entry,
}

/// Who gets into an application, as far as its bindings tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entry {
    /// No binding counts: everybody.
    Open,
    /// No binding counts, and this server keeps such applications closed: nobody.
    Closed,
    /// So many bindings decide.
    Restricted(u32),
}

impl Entry {
    /// Told from the number of enabled bindings.
    pub const fn of(bindings: u32, open_by_default: bool) -> Self {
        match (bindings, open_by_default) {
            (0, true) => Self::Open,
            (0, false) => Self::Closed,
            (bindings, _) => Self::Restricted(bindings),
        }
    }

    /// In a word.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Open => "Open to everyone",
            Self::Closed => "Closed",
            Self::Restricted(_) => "Restricted",
        }
    }
}

/// The list and what is known about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct List {
    /// All lines, by name.
    pub rows: Vec<Row>,
    /// Whether these are all applications: only a superuser's token sees all (trap T8).
    pub complete: bool,
}

impl List {
    /// How many applications let everybody in.
    pub fn open(&self) -> u64 {
        let open = self.rows.iter().filter(|row| row.entry == Entry::Open);
        u64::try_from(open.count()).unwrap_or(u64::MAX)
    }

    /// The kinds of providers that occur, by name.
    pub fn kinds(&self) -> Vec<String> {
        let mut kinds: Vec<String> = self.rows.iter().map(|row| row.kind.clone()).collect();
        kinds.sort();
        kinds.dedup();
        kinds.retain(|kind| !kind.is_empty());
        kinds
    }
}

/// What the list is narrowed down to; lives in the query of the address.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Words to look for.
    pub q: String,
    /// One kind of provider; `none` for applications without.
    pub kind: String,
    /// `open` or `restricted`.
    pub entry: String,
    /// Page, from 1.
    pub page: u32,
}

/// What a page of the list shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown<'l> {
    /// The lines of this page.
    pub rows: Vec<&'l Row>,
    /// How many lines fit in all.
    pub total: usize,
    /// This page, from 1.
    pub page: u32,
    /// How many pages there are.
    pub pages: u32,
}

impl Filter {
    /// The address of the list narrowed down so.
    pub fn link(&self) -> String {
        let page = if self.page > 1 {
            self.page.to_string()
        } else {
            String::new()
        };
        links::with_query(
            "/applications",
            &[
                ("q", &self.q),
                ("kind", &self.kind),
                ("access", &self.entry),
                ("page", &page),
            ],
        )
    }

    /// Whether nothing is left out.
    pub fn is_empty(&self) -> bool {
        self.q.trim().is_empty() && self.kind.is_empty() && self.entry.is_empty()
    }

    fn fits(&self, row: &Row) -> bool {
        let entry = match self.entry.as_str() {
            "open" => row.entry == Entry::Open,
            "restricted" => row.entry != Entry::Open,
            _ => true,
        };
        let kind = match self.kind.as_str() {
            "" => true,
            "none" => row.kind.is_empty(),
            kind => row.kind == kind,
        };
        let haystack = format!("{} {} {}", row.name, row.slug, row.group).to_lowercase();
        let words = self.q.to_lowercase();
        entry && kind && words.split_whitespace().all(|word| haystack.contains(word))
    }

    /// The lines of the wanted page; the last page when there are fewer.
    pub fn apply<'l>(&self, list: &'l List) -> Shown<'l> {
        let fitting: Vec<&Row> = list.rows.iter().filter(|row| self.fits(row)).collect();
        let total = fitting.len();
        let pages = u32::try_from(total.div_ceil(PAGE))
            .unwrap_or(u32::MAX)
            .max(1);
        let page = self.page.clamp(1, pages);
        let skip = usize::try_from(page - 1)
            .unwrap_or(usize::MAX)
            .saturating_mul(PAGE);
        Shown {
            rows: fitting.into_iter().skip(skip).take(PAGE).collect(),
            total,
            page,
            pages,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list() -> List {
        let row = |n: usize| Row {
            has_icon: false,
            slug: format!("app-{n}"),
            name: format!("App {n}"),
            group: if n == 7 {
                "Family".into()
            } else {
                String::new()
            },
            kind: if n.is_multiple_of(2) {
                "OAuth2/OpenID Provider".into()
            } else {
                String::new()
            },
            entry: Entry::of(u32::from(n != 3), true),
        };
        List {
            rows: (0..250).map(row).collect(),
            complete: true,
        }
    }

    #[test]
    fn entry_without_bindings_follows_the_server() {
        assert_eq!(Entry::of(0, true), Entry::Open);
        assert_eq!(Entry::of(0, false), Entry::Closed);
        assert_eq!(Entry::of(2, true), Entry::Restricted(2));
    }

    #[test]
    fn filter_narrows_by_words_kind_and_entry() {
        let list = list();
        let total = |filter: &Filter| filter.apply(&list).total;
        let q = Filter {
            q: "FAMILY app".into(),
            ..Filter::default()
        };
        assert_eq!(total(&q), 1);
        let open = Filter {
            entry: "open".into(),
            ..Filter::default()
        };
        assert_eq!(total(&open), 1);
        assert_eq!(list.open(), 1);
        let none = Filter {
            kind: "none".into(),
            ..Filter::default()
        };
        assert_eq!(total(&none), 125);
        assert_eq!(list.kinds(), ["OAuth2/OpenID Provider"]);
    }

    #[test]
    fn pages_are_clamped_to_what_there_is() {
        let list = list();
        let page = |page| Filter {
            page,
            ..Filter::default()
        };
        assert_eq!(page(0).apply(&list).page, 1);
        let last = page(99).apply(&list);
        assert_eq!((last.page, last.pages, last.rows.len()), (3, 3, 50));
        let nothing = Filter {
            q: "zzz".into(),
            ..page(5)
        }
        .apply(&list)
        .rows
        .len();
        assert_eq!(nothing, 0);
    }
}
