//! One table: rows in the order they were made, found by their primary key at once.

use crate::rows::Row;
use serde_json::Value;
use std::collections::HashMap;
use std::ops::{Deref, DerefMut};

/// The rows of one table. What is changed through the slice must not touch primary keys.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rows {
    rows: Vec<Row>,
    /// Primary key → place in `rows`.
    places: HashMap<Value, usize>,
}

impl Rows {
    pub(crate) fn push(&mut self, row: Row) {
        if let Some(pk) = row.get("pk") {
            self.places.insert(pk.clone(), self.rows.len());
        }
        self.rows.push(row);
    }

    pub(crate) fn retain(&mut self, keep: impl FnMut(&Row) -> bool) {
        let before = self.rows.len();
        self.rows.retain(keep);
        if self.rows.len() == before {
            return;
        }
        self.places = self
            .rows
            .iter()
            .enumerate()
            .filter_map(|(place, row)| Some((row.get("pk")?.clone(), place)))
            .collect();
    }

    pub(crate) fn by_pk(&self, pk: &Value) -> Option<&Row> {
        self.rows.get(*self.places.get(pk)?)
    }

    pub(crate) fn by_pk_mut(&mut self, pk: &Value) -> Option<&mut Row> {
        self.rows.get_mut(*self.places.get(pk)?)
    }
}

impl Deref for Rows {
    type Target = [Row];

    fn deref(&self) -> &[Row] {
        &self.rows
    }
}

impl DerefMut for Rows {
    fn deref_mut(&mut self) -> &mut [Row] {
        &mut self.rows
    }
}

impl<'r> IntoIterator for &'r mut Rows {
    type Item = &'r mut Row;
    type IntoIter = std::slice::IterMut<'r, Row>;

    fn into_iter(self) -> Self::IntoIter {
        self.rows.iter_mut()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::{Columns, row};
    use serde_json::json;

    #[test]
    fn keys_lead_to_their_rows_after_deletions_too() {
        let mut table = Rows::default();
        for pk in 0..5 {
            table.push(row(json!({ "pk": pk, "name": format!("n{pk}") })));
        }
        table.retain(|row| !row.is("pk", &json!(1)));
        assert_eq!(table.by_pk(&json!(1)), None);
        for pk in [0, 2, 3, 4] {
            let found = table.by_pk(&json!(pk)).unwrap();
            assert_eq!(found.text("name"), format!("n{pk}"));
        }
        if let Some(found) = table.by_pk_mut(&json!(4)) {
            found.insert("name".to_owned(), json!("other"));
        }
        assert_eq!(table.last().unwrap().text("name"), "other");
        assert_eq!(table.len(), 4);
    }
}
