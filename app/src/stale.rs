//! What is shown although it could not be read again.

use std::sync::{Arc, Mutex, PoisonError};

use leptos::prelude::use_context;
use serde::{Deserialize, Serialize};

use crate::{
    error::AppError,
    state::text::{count, moment},
};

/// Something from before authentik stopped answering.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stale {
    /// When it was read, RFC 3339.
    pub read_at: String,
    /// How long ago that was, in seconds.
    pub age_s: u64,
    /// Why it could not be read again.
    pub why: AppError,
    /// Since when nothing answers; absent where that has not gone on for long.
    pub silence: Option<Silence>,
}

/// authentik is left alone for a while, since several calls in a row got no answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Silence {
    /// Since when, RFC 3339.
    pub since: String,
    /// When it is asked again, in seconds.
    pub retry_in_s: u64,
}

impl Stale {
    /// `21 Nov 2026, 14:02 UTC (3 minutes ago)`.
    pub fn when(&self) -> String {
        format!("{} ({})", moment(&self.read_at), ago(self.age_s))
    }
}

impl Silence {
    /// When authentik is asked again, as a sentence.
    pub fn next(&self) -> String {
        match self.retry_in_s {
            0 => "The next page asks again.".to_owned(),
            seconds => format!(
                "Ostiary asks again in {} at the earliest, with the next page then, or when you try again.",
                count(seconds, "second", "seconds")
            ),
        }
    }
}

fn ago(seconds: u64) -> String {
    match seconds {
        0..60 => "less than a minute ago".to_owned(),
        60..7200 => format!("{} ago", count(seconds / 60, "minute", "minutes")),
        _ => format!("{} ago", count(seconds / 3600, "hour", "hours")),
    }
}

/// Whether the snapshot that a page shows is stale; one for each request, in context.
#[derive(Clone, Default)]
pub struct StaleSnapshot(Arc<Mutex<Option<Stale>>>);

impl StaleSnapshot {
    /// Notes that it is.
    pub(crate) fn note(stale: Stale) {
        if let Some(Self(cell)) = use_context() {
            *cell.lock().unwrap_or_else(PoisonError::into_inner) = Some(stale);
        }
    }

    /// What was noted in this request.
    pub(crate) fn noted() -> Option<Stale> {
        let Self(cell) = use_context()?;
        let noted = cell.lock().unwrap_or_else(PoisonError::into_inner);
        noted.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ago_is_told_in_whole_units() {
        for (seconds, expected) in [
            (0, "less than a minute ago"),
            (59, "less than a minute ago"),
            (60, "1 minute ago"),
            (239, "3 minutes ago"),
            (7199, "119 minutes ago"),
            (7200, "2 hours ago"),
        ] {
            assert_eq!(ago(seconds), expected);
        }
    }

    #[test]
    fn next_attempt_is_told() {
        let silence = |retry_in_s| Silence {
            since: String::new(),
            retry_in_s,
        };
        assert_eq!(silence(0).next(), "The next page asks again.");
        assert!(silence(12).next().contains("in 12 seconds"));
    }
}
