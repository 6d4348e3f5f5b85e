//! Three-valued answers, for all users at once.

use serde::{Deserialize, Serialize};

use crate::bits::Bits;

/// Whether one user may open one application.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The user gets in.
    Allowed,
    /// The user is refused.
    Denied,
    /// What is known does not settle it.
    Unknown,
}

/// One answer per row: certainly true, certainly false, or open. Combined as in Kleene's logic: what the
/// known answers settle is settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Truth {
    /// Rows for which it is certainly true.
    pub(crate) must: Bits,
    /// Rows for which it may be true; holds all of `must`.
    pub(crate) may: Bits,
}

impl Truth {
    pub(crate) fn known(rows: Bits) -> Self {
        Self {
            may: rows.clone(),
            must: rows,
        }
    }

    pub(crate) fn unknown(len: usize) -> Self {
        Self {
            must: Bits::none(len),
            may: Bits::all(len),
        }
    }

    pub(crate) fn filled(len: usize, value: bool) -> Self {
        Self::known(Bits::filled(len, value))
    }

    pub(crate) fn or(&mut self, other: &Self) {
        self.must.unite(&other.must);
        self.may.unite(&other.may);
    }

    pub(crate) fn and(&mut self, other: &Self) {
        self.must.intersect(&other.must);
        self.may.intersect(&other.may);
    }

    pub(crate) fn invert(&mut self) {
        std::mem::swap(&mut self.must, &mut self.may);
        self.must.invert();
        self.may.invert();
    }

    /// False for all rows but these.
    pub(crate) fn only(&mut self, rows: &Bits) {
        self.must.intersect(rows);
        self.may.intersect(rows);
    }

    /// Open for these rows.
    pub(crate) fn blur(&mut self, rows: &Bits) {
        self.must.subtract(rows);
        self.may.unite(rows);
    }

    pub(crate) fn at(&self, row: usize) -> Verdict {
        if self.must.contains(row) {
            Verdict::Allowed
        } else if self.may.contains(row) {
            Verdict::Unknown
        } else {
            Verdict::Denied
        }
    }
}
