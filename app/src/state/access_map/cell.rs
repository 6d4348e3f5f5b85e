//! One cell of the map.

use access::Verdict;
use serde::{Deserialize, Serialize};
use ui::Tone;

use crate::state::text::count;

/// What a cell comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// Everyone of the row gets in.
    In,
    /// Some get in.
    Some,
    /// Nobody gets in.
    Out,
    /// It cannot be known whether anybody gets in.
    Unknown,
    /// The row has nobody who may sign in.
    Empty,
}

impl Mark {
    /// All of them, in the order of the legend.
    pub const ALL: [Self; 5] = [Self::In, Self::Some, Self::Out, Self::Unknown, Self::Empty];

    /// What the address says.
    pub const fn value(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Some => "some",
            Self::Out => "out",
            Self::Unknown => "unknown",
            Self::Empty => "empty",
        }
    }

    /// What the address means.
    pub fn named(value: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mark| mark.value() == value)
    }

    /// Its meaning, apart from the sign.
    pub const fn tone(self) -> Tone {
        match self {
            Self::In => Tone::Positive,
            Self::Some => Tone::Info,
            Self::Unknown => Tone::Warning,
            Self::Out | Self::Empty => Tone::Neutral,
        }
    }

    /// The sign that stands for it.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::In => "✓",
            Self::Some => "n/m",
            Self::Out => "–",
            Self::Unknown => "?",
            Self::Empty => "∅",
        }
    }
}

impl From<Verdict> for Mark {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Allowed => Self::In,
            Verdict::Denied => Self::Out,
            Verdict::Unknown => Self::Unknown,
        }
    }
}

/// How many of the people in a row get into one application. Who may not sign in is not counted in a
/// group, and gets in nowhere alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Cell {
    /// People who get in.
    pub allowed: u32,
    /// People of whom it is not known.
    pub unknown: u32,
    /// People in all.
    pub of: u32,
}

impl Cell {
    /// Counts.
    pub fn count(verdicts: impl Iterator<Item = Verdict>) -> Self {
        verdicts.fold(Self::default(), |cell, verdict| Self {
            allowed: cell.allowed + u32::from(verdict == Verdict::Allowed),
            unknown: cell.unknown + u32::from(verdict == Verdict::Unknown),
            of: cell.of + 1,
        })
    }

    /// What it comes to.
    pub const fn mark(self) -> Mark {
        match self {
            Self { of: 0, .. } => Mark::Empty,
            Self { allowed, of, .. } if allowed == of => Mark::In,
            Self { allowed: 1.., .. } => Mark::Some,
            Self { unknown: 1.., .. } => Mark::Unknown,
            Self { .. } => Mark::Out,
        }
    }

    /// What is shown.
    pub fn sign(self) -> String {
        match self.mark() {
            Mark::Some => format!("{}/{}", self.allowed, self.of),
            mark => mark.sign().to_owned(),
        }
    }

    /// What is read aloud of a group.
    pub fn words(self) -> String {
        let unknown = match self.unknown {
            0 => String::new(),
            some => format!(", {some} not known"),
        };
        match self.mark() {
            Mark::In => format!("everyone gets in ({})", self.people()),
            Mark::Some => format!("{} of {} get in{unknown}", self.allowed, self.of),
            Mark::Out => format!("nobody gets in (of {})", self.people()),
            Mark::Unknown => format!("cannot be known ({} of {})", self.unknown, self.people()),
            Mark::Empty => "no members who may sign in".to_owned(),
        }
    }

    fn people(self) -> String {
        count(self.of.into(), "person", "people")
    }
}

/// What is read aloud of a person.
pub const fn verdict_words(mark: Mark) -> &'static str {
    match mark {
        Mark::In | Mark::Some => "gets in",
        Mark::Out | Mark::Empty => "does not get in",
        Mark::Unknown => "cannot be known",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cell_says_what_it_comes_to() {
        use Verdict::{Allowed, Denied, Unknown};
        let of = |verdicts: &[Verdict]| Cell::count(verdicts.iter().copied());
        for (verdicts, mark, sign) in [
            (&[][..], Mark::Empty, "∅"),
            (&[Allowed, Allowed], Mark::In, "✓"),
            (&[Allowed, Denied, Unknown], Mark::Some, "1/3"),
            (&[Denied, Unknown], Mark::Unknown, "?"),
            (&[Denied], Mark::Out, "–"),
        ] {
            let cell = of(verdicts);
            assert_eq!(
                (cell.mark(), cell.sign().as_str()),
                (mark, sign),
                "{verdicts:?}"
            );
        }
        assert_eq!(
            of(&[Allowed, Unknown]).words(),
            "1 of 2 get in, 1 not known"
        );
        assert_eq!(of(&[Allowed]).words(), "everyone gets in (1 person)");
    }

    #[test]
    fn marks_are_named_in_addresses() {
        for mark in Mark::ALL {
            assert_eq!(Mark::named(mark.value()), Some(mark));
        }
        assert_eq!(Mark::named("x"), None);
    }
}
