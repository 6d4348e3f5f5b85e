//! Live checks: does it work? Each says what it asked and what came back.

use serde::{Deserialize, Serialize};

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// As it should be.
    Passed,
    /// Works, but not as it should.
    Warning,
    /// Does not work.
    Failed,
    /// Could not be asked.
    Skipped,
}

/// One check and its outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// Stable name, `discovery`.
    pub id: String,
    /// What was checked.
    pub title: String,
    /// How it came out.
    pub verdict: Verdict,
    /// What was asked.
    pub asked: String,
    /// What came back, in words.
    pub answer: String,
    /// What to do about it; empty when it passed.
    pub way_out: String,
}

impl Check {
    pub(crate) fn new(id: &str, title: impl Into<String>, asked: impl Into<String>) -> Self {
        Self {
            id: id.to_owned(),
            title: title.into(),
            verdict: Verdict::Skipped,
            asked: asked.into(),
            answer: String::new(),
            way_out: String::new(),
        }
    }

    pub(crate) fn answered(mut self, verdict: Verdict, answer: impl Into<String>) -> Self {
        self.verdict = verdict;
        self.answer = answer.into();
        self
    }

    pub(crate) fn way_out(mut self, text: &str) -> Self {
        text.clone_into(&mut self.way_out);
        self
    }
}
