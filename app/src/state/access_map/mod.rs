//! The access map: who gets in where, as a table that stays legible.

mod cell;
mod export;
mod filter;

use std::collections::HashMap;

use access::{Application, Evaluator, MatrixRow, Snapshot, Verdict};
use authentik_api::UserPk;
use serde::{Deserialize, Serialize};

pub use self::{
    cell::{Cell, Mark, verdict_words},
    export::{Export, ExportRow},
    filter::{By, Filter},
};
use super::named::{has_words, visible};
use crate::links;

/// How many rows a page has.
pub const ROWS: usize = 50;
/// How many columns a page has.
pub const COLUMNS: usize = 25;

/// One application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Slug.
    pub slug: String,
    /// Name.
    pub name: String,
}

/// One group or person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Name.
    pub name: String,
    /// More about it: how many people, or the login name.
    pub note: String,
    /// Its page.
    pub href: String,
    /// Where a cell leads, without the application.
    why: String,
    /// One per column.
    pub cells: Vec<Cell>,
}

impl Row {
    /// Where a cell leads.
    pub fn why(&self, column: &Column) -> String {
        format!("{}&application={}", self.why, links::encode(&column.slug))
    }
}

/// A page of the map.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Map {
    /// Columns of this page.
    pub columns: Vec<Column>,
    /// Rows of this page.
    pub rows: Vec<Row>,
    /// Rows, this page of them and pages.
    pub of_rows: Span,
    /// Columns, this page of them and pages.
    pub of_columns: Span,
    /// Whether the server has neither applications nor anybody to open them.
    pub is_bare: bool,
    /// When the answers were true, RFC 3339.
    pub taken_at: String,
    /// What did not fit together when it was read.
    pub notes: usize,
}

/// Where a page stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// How many there are in all.
    pub total: usize,
    /// This page, from 1.
    pub page: u32,
    /// How many pages there are.
    pub pages: u32,
}

impl Span {
    /// The wanted page, or the last one where there are fewer; and how many to skip for it.
    pub fn of(total: usize, size: usize, wanted: u32) -> (Self, usize) {
        let pages = u32::try_from(total.div_ceil(size))
            .unwrap_or(u32::MAX)
            .max(1);
        let page = wanted.clamp(1, pages);
        let before = usize::try_from(page - 1).unwrap_or(usize::MAX);
        (Self { total, page, pages }, before.saturating_mul(size))
    }
}

/// A page of the map.
pub fn map(snapshot: &Snapshot, filter: &Filter) -> Map {
    let evaluator = Evaluator::new(snapshot);
    let grid = Grid::of(&evaluator, filter);
    let (of_rows, skip_rows) = Span::of(grid.rows.len(), ROWS, filter.page);
    let (of_columns, skip_columns) = Span::of(grid.columns.len(), COLUMNS, filter.columns);
    let columns: Vec<&Answers<'_>> = grid
        .columns
        .iter()
        .skip(skip_columns)
        .take(COLUMNS)
        .collect();
    let rows = grid.rows.iter().skip(skip_rows).take(ROWS).map(|line| Row {
        name: line.name.clone(),
        note: line.note.clone(),
        href: line.href.clone(),
        why: line.why.clone(),
        cells: columns.iter().map(|column| line.cell(column)).collect(),
    });
    Map {
        rows: rows.collect(),
        columns: columns.iter().map(|column| column.shown()).collect(),
        of_rows,
        of_columns,
        is_bare: snapshot.applications.is_empty(),
        taken_at: snapshot.taken_at.to_string(),
        notes: snapshot.notes.len(),
    }
}

/// The whole filtered matrix.
pub fn export(snapshot: &Snapshot, filter: &Filter) -> Export {
    let evaluator = Evaluator::new(snapshot);
    let grid = Grid::of(&evaluator, filter);
    let rows = grid.rows.iter().map(|line| ExportRow {
        key: line.key.clone(),
        name: line.export_name.clone(),
        cells: grid
            .columns
            .iter()
            .map(|column| line.cell(column))
            .collect(),
    });
    Export {
        by: filter.by,
        taken_at: snapshot.taken_at.to_string(),
        version: snapshot.version.to_string(),
        rows: rows.collect(),
        columns: grid.columns.iter().map(Answers::shown).collect(),
    }
}

/// The answers for one application, by the position of the user.
struct Answers<'s> {
    application: &'s Application,
    verdicts: Vec<Verdict>,
}

impl<'s> Answers<'s> {
    fn of(application: &'s Application, row: &MatrixRow) -> Self {
        Self {
            application,
            verdicts: row.verdicts().map(|(_, verdict)| verdict).collect(),
        }
    }

    fn shown(&self) -> Column {
        Column {
            slug: self.application.slug.clone(),
            name: visible(&self.application.name, &self.application.slug),
        }
    }
}

/// A row before its cells are counted.
struct Line {
    key: String,
    name: String,
    export_name: String,
    note: String,
    href: String,
    why: String,
    /// Positions of the people who are counted.
    people: Vec<usize>,
}

impl Line {
    fn cell(&self, column: &Answers<'_>) -> Cell {
        let verdicts = self.people.iter();
        Cell::count(verdicts.filter_map(|at| column.verdicts.get(*at).copied()))
    }
}

/// What is left of rows and columns.
struct Grid<'s> {
    rows: Vec<Line>,
    columns: Vec<Answers<'s>>,
}

impl<'s> Grid<'s> {
    fn of(evaluator: &Evaluator<'s>, filter: &Filter) -> Self {
        let snapshot = evaluator.snapshot();
        let matrix = evaluator.matrix();
        let applications = snapshot.applications.iter().zip(matrix.applications());
        let mut columns: Vec<Answers<'s>> = applications
            .filter(|(it, _)| has_words(&filter.app, &[&it.name, &it.slug]))
            .map(|(it, row)| Answers::of(it, row))
            .collect();
        columns.sort_by_cached_key(|it| {
            let Application { name, slug, .. } = it.application;
            (visible(name, slug).to_lowercase(), slug.clone())
        });
        let mut rows = match filter.by {
            By::Groups => groups(evaluator, &filter.q),
            By::People => people(snapshot, &filter.q),
        };
        if let Some(wanted) = filter.verdict {
            let mut kept = vec![false; columns.len()];
            rows.retain(|line| {
                let mut fits = false;
                for (column, kept) in columns.iter().zip(&mut kept) {
                    if line.cell(column).mark() == wanted {
                        *kept = true;
                        fits = true;
                    }
                }
                fits
            });
            let mut kept = kept.into_iter();
            columns.retain(|_| kept.next() == Some(true));
        }
        Self { rows, columns }
    }
}

fn groups(evaluator: &Evaluator<'_>, q: &str) -> Vec<Line> {
    let snapshot = evaluator.snapshot();
    let mut active: HashMap<UserPk, usize> = HashMap::with_capacity(snapshot.users.len());
    for (at, user) in snapshot.users.iter().enumerate() {
        if user.is_active {
            active.entry(user.pk).or_insert(at);
        }
    }
    let fitting = snapshot
        .groups
        .iter()
        .filter(|it| has_words(q, &[&it.name]));
    let mut lines: Vec<Line> = fitting
        .map(|group| {
            let members = evaluator.members(group.pk).into_iter().flatten();
            let people: Vec<usize> = members.filter_map(|pk| active.get(&pk).copied()).collect();
            let name = visible(&group.name, &group.pk);
            Line {
                key: group.pk.to_string(),
                export_name: group.name.clone(),
                note: people.len().to_string(),
                href: links::group(group.pk),
                why: format!("{}?group={}", links::WHY, group.pk),
                name,
                people,
            }
        })
        .collect();
    lines.sort_by_cached_key(|line| (line.name.to_lowercase(), line.key.clone()));
    lines
}

fn people(snapshot: &Snapshot, q: &str) -> Vec<Line> {
    let users = snapshot.users.iter().enumerate();
    let fitting = users.filter(|(_, it)| has_words(q, &[&it.username, &it.name]));
    let mut lines: Vec<Line> = fitting
        .map(|(at, user)| Line {
            key: user.pk.to_string(),
            name: visible(user.label(), &user.pk),
            export_name: user.username.clone(),
            note: user.username.clone(),
            href: links::person(user.pk),
            why: format!("{}?user={}", links::WHY, user.pk),
            people: vec![at],
        })
        .collect();
    lines.sort_by_cached_key(|line| (line.name.to_lowercase(), line.key.clone()));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::samples;

    fn signs(map: &Map) -> Vec<(String, Vec<String>)> {
        let cells = |row: &Row| row.cells.iter().map(|cell| cell.sign()).collect();
        map.rows
            .iter()
            .map(|row| (row.name.clone(), cells(row)))
            .collect()
    }

    #[test]
    fn groups_are_counted_with_the_groups_below_and_without_the_inactive() {
        let map = map(&samples::home(), &Filter::default());
        let names: Vec<_> = map.columns.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["Jellyfin", "Mystery", "Status"]);
        let line =
            |name: &str, cells: [&str; 3]| (name.to_owned(), cells.map(str::to_owned).to_vec());
        assert_eq!(
            signs(&map),
            [
                line("admins", ["∅", "∅", "∅"]),
                line("family", ["✓", "?", "✓"]),
                line("kids", ["✓", "?", "✓"]),
            ]
        );
    }

    #[test]
    fn people_are_shown_one_by_one() {
        let by_people = Filter {
            by: By::People,
            ..Filter::default()
        };
        let map = map(&samples::home(), &by_people);
        let line =
            |name: &str, cells: [&str; 3]| (name.to_owned(), cells.map(str::to_owned).to_vec());
        assert_eq!(
            signs(&map),
            [
                line("jodie", ["–", "?", "✓"]),
                line("old", ["–", "–", "–"]),
                line("sam", ["✓", "?", "✓"]),
            ]
        );
        let why = map.rows.first().unwrap().why(map.columns.first().unwrap());
        assert_eq!(why, "/access/why?user=5&application=jellyfin");
    }

    #[test]
    fn filters_leave_out_rows_and_columns() {
        let home = samples::home();
        let shape = |filter: &Filter| {
            let map = map(&home, filter);
            (map.rows.len(), map.columns.len())
        };
        let filter = Filter::default();
        assert_eq!(shape(&filter.with(|it| it.q = "KID".into())), (1, 3));
        assert_eq!(shape(&filter.with(|it| it.app = "jelly".into())), (3, 1));
        assert_eq!(
            shape(&filter.with(|it| it.verdict = Some(Mark::Unknown))),
            (2, 1)
        );
        assert_eq!(
            shape(&filter.with(|it| it.verdict = Some(Mark::Some))),
            (0, 0)
        );
    }

    #[test]
    fn pages_are_clamped_to_what_there_is() {
        assert_eq!(
            Span::of(0, 50, 3),
            (
                Span {
                    total: 0,
                    page: 1,
                    pages: 1
                },
                0
            )
        );
        assert_eq!(
            Span::of(101, 50, 9),
            (
                Span {
                    total: 101,
                    page: 3,
                    pages: 3
                },
                100
            )
        );
        let far = Filter {
            page: 9,
            columns: 9,
            ..Filter::default()
        };
        assert_eq!(map(&samples::home(), &far).rows.len(), 3);
    }
}
