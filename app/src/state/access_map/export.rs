//! The whole filtered matrix, for programs and spreadsheets.

use serde_json::{Value, json};

use super::{By, Cell, Column, Mark};
use crate::state::csv;

/// One row of an [`Export`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportRow {
    /// Key of the group or person.
    pub key: String,
    /// Name of the group, login name of the person.
    pub name: String,
    /// One per column.
    pub cells: Vec<Cell>,
}

/// The whole filtered matrix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// What the rows are.
    pub by: By,
    /// When the answers were true, RFC 3339.
    pub taken_at: String,
    /// The version of authentik whose rules were applied.
    pub version: String,
    /// Applications.
    pub columns: Vec<Column>,
    /// Groups or people.
    pub rows: Vec<ExportRow>,
}

impl Export {
    /// As comma-separated values (RFC 4180). Cells that a spreadsheet would take for a formula are
    /// kept from it by an apostrophe.
    pub fn csv(&self) -> String {
        let kind = match self.by {
            By::Groups => "group",
            By::People => "user",
        };
        let mut text = String::new();
        let slugs = self.columns.iter().map(|it| it.slug.as_str());
        csv::line(&mut text, [kind, "key"].into_iter().chain(slugs));
        for row in &self.rows {
            let cells: Vec<String> = row.cells.iter().map(|cell| self.word(*cell)).collect();
            let head = [row.name.as_str(), row.key.as_str()].into_iter();
            csv::line(&mut text, head.chain(cells.iter().map(String::as_str)));
        }
        text
    }

    /// As JSON.
    pub fn json(&self) -> Value {
        let columns = self.columns.iter();
        let columns: Vec<Value> = columns
            .map(|it| json!({ "slug": it.slug, "name": it.name }))
            .collect();
        let rows = self.rows.iter().map(|row| {
            let cells: Vec<Value> = row.cells.iter().map(|cell| self.object(*cell)).collect();
            json!({ "key": row.key, "name": row.name, "cells": cells })
        });
        json!({
            "by": match self.by {
                By::Groups => "groups",
                By::People => "people",
            },
            "taken_at": self.taken_at,
            "version": self.version,
            "applications": columns,
            "rows": rows.collect::<Vec<_>>(),
        })
    }

    fn word(&self, cell: Cell) -> String {
        match (self.by, cell.mark()) {
            (By::Groups, Mark::In) => "everyone".to_owned(),
            (By::Groups, Mark::Some) => format!("{} of {}", cell.allowed, cell.of),
            (By::Groups, Mark::Out) => "nobody".to_owned(),
            (By::Groups, Mark::Empty) => "no members".to_owned(),
            (By::People, Mark::In | Mark::Some) => "allowed".to_owned(),
            (By::People, Mark::Out | Mark::Empty) => "denied".to_owned(),
            (_, Mark::Unknown) => "unknown".to_owned(),
        }
    }

    fn object(&self, cell: Cell) -> Value {
        match self.by {
            By::Groups => {
                json!({ "allowed": cell.allowed, "unknown": cell.unknown, "people": cell.of })
            }
            By::People => json!(self.word(cell)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Filter, export};
    use super::*;
    use crate::state::samples;

    #[test]
    fn csv_has_a_head_and_a_line_per_row() {
        let csv = export(&samples::home(), &Filter::default()).csv();
        let lines: Vec<&str> = csv.split("\r\n").collect();
        assert_eq!(lines.first(), Some(&"group,key,jellyfin,mystery,status"));
        let family = lines
            .iter()
            .find(|line| line.starts_with("family,"))
            .unwrap();
        assert!(family.ends_with(",everyone,unknown,everyone"), "{family}");
        assert_eq!(lines.len(), 5);
    }

    #[test]
    fn csv_disarms_formulas_and_quotes() {
        let mut home = samples::home();
        for (at, name) in ["=1+1", "@x", "a\"b,c"].into_iter().enumerate() {
            home.groups.get_mut(at).unwrap().name = name.to_owned();
        }
        let csv = export(&home, &Filter::default()).csv();
        for expected in ["\n'=1+1,", "\n'@x,", "\n\"a\"\"b,c\","] {
            assert!(csv.contains(expected), "{expected}: {csv}");
        }
    }

    #[test]
    fn json_says_how_many_of_how_many() {
        let people = Filter {
            by: By::People,
            ..Filter::default()
        };
        let json = export(&samples::home(), &people).json();
        assert_eq!(json["rows"][0]["name"], "jodie");
        assert_eq!(
            json["rows"][0]["cells"],
            json!(["denied", "unknown", "allowed"])
        );
        let json = export(&samples::home(), &Filter::default()).json();
        assert_eq!(
            json["rows"][1]["cells"][0],
            json!({ "allowed": 1, "unknown": 0, "people": 1 })
        );
        assert_eq!(json["version"], "2026.5.0");
    }
}
