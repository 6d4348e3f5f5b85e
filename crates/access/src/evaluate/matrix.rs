//! Everybody against everything.

use std::sync::Arc;

use authentik_api::{ApplicationPk, UserPk};
use serde::{Deserialize, Serialize};

use super::{Rows, Verdict, truth::Truth};

/// How many users get which answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counts {
    /// Users who get in.
    pub allowed: u32,
    /// Users who are refused.
    pub denied: u32,
    /// Users of whom it is not known.
    pub unknown: u32,
}

/// The answers for one application: two bits per user.
#[derive(Debug, Clone)]
pub struct MatrixRow {
    /// The application.
    pub application: ApplicationPk,
    rows: Arc<Rows>,
    truth: Truth,
}

impl MatrixRow {
    pub(super) fn new(application: ApplicationPk, rows: Arc<Rows>, truth: Truth) -> Self {
        Self {
            application,
            rows,
            truth,
        }
    }

    /// The answer for one user; `None` for a user whom the snapshot does not have.
    pub fn verdict(&self, user: UserPk) -> Option<Verdict> {
        Some(self.truth.at(self.rows.row(user)?))
    }

    /// The answer for somebody who is in no group and whom no binding names: allowed means that the
    /// door is open to everyone.
    pub fn outsider(&self) -> Verdict {
        self.truth.at(self.rows.outsider())
    }

    /// All users with their answers, in the order of the snapshot.
    pub fn verdicts(&self) -> impl Iterator<Item = (UserPk, Verdict)> + '_ {
        let users = self.rows.users().iter().enumerate();
        users.map(|(row, user)| (*user, self.truth.at(row)))
    }

    /// The users who get in, in the order of the snapshot.
    pub fn allowed(&self) -> impl Iterator<Item = UserPk> + '_ {
        self.rows.of_rows(&self.truth.must)
    }

    /// How many users get which answer. The outsider is not counted.
    pub fn counts(&self) -> Counts {
        let outsider = self.outsider();
        let mine = |verdict| u32::from(outsider == verdict);
        let allowed = self
            .truth
            .must
            .count()
            .saturating_sub(mine(Verdict::Allowed));
        let unknown = self
            .truth
            .may
            .count()
            .saturating_sub(self.truth.must.count() + mine(Verdict::Unknown));
        let users = u32::try_from(self.rows.users().len()).unwrap_or(u32::MAX);
        Counts {
            allowed,
            unknown,
            denied: users.saturating_sub(allowed + unknown),
        }
    }

    /// Whether two rows are about the same users in the same order and say the same.
    pub(crate) fn says_the_same(&self, other: &Self) -> bool {
        self.truth == other.truth && self.rows.users() == other.rows.users()
    }
}

/// Everybody against everything, one row per application.
#[derive(Debug, Clone)]
pub struct Matrix {
    rows: Arc<Rows>,
    applications: Vec<MatrixRow>,
}

impl Matrix {
    pub(super) fn new(rows: Arc<Rows>, applications: Vec<MatrixRow>) -> Self {
        Self { rows, applications }
    }

    /// The users, in the order of the snapshot.
    pub fn users(&self) -> &[UserPk] {
        self.rows.users()
    }

    /// The applications, in the order of the snapshot.
    pub fn applications(&self) -> &[MatrixRow] {
        &self.applications
    }

    /// The row of one application.
    pub fn application(&self, pk: ApplicationPk) -> Option<&MatrixRow> {
        self.applications.iter().find(|row| row.application == pk)
    }

    /// One cell.
    pub fn verdict(&self, user: UserPk, application: ApplicationPk) -> Option<Verdict> {
        self.application(application)?.verdict(user)
    }
}
