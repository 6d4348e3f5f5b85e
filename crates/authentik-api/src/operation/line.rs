//! Release lines of authentik.

use std::fmt;

use crate::Version;

/// A release line: `2024.12` stands for 2024.12.0, 2024.12.1 and so on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Minor {
    /// Year, four digits.
    pub year: u16,
    /// Month, 1 to 12.
    pub month: u8,
}

/// The release lines whose operations are in the catalogue, oldest first.
pub const LADDER: [Minor; 16] = [
    Minor::new(2023, 10),
    Minor::new(2024, 2),
    Minor::new(2024, 4),
    Minor::new(2024, 6),
    Minor::new(2024, 8),
    Minor::new(2024, 10),
    Minor::new(2024, 12),
    Minor::new(2025, 2),
    Minor::new(2025, 4),
    Minor::new(2025, 6),
    Minor::new(2025, 8),
    Minor::new(2025, 10),
    Minor::new(2025, 12),
    Minor::new(2026, 2),
    Minor::new(2026, 5),
    Minor::new(2026, 8),
];

impl Minor {
    /// The line `year.month`.
    pub const fn new(year: u16, month: u8) -> Self {
        Self { year, month }
    }

    /// Reads `2024.12`; used while compiling the catalogue.
    #[expect(clippy::panic, reason = "runs only while compiling the catalogue")]
    pub(super) const fn literal(text: &str) -> Self {
        match text.as_bytes() {
            [b'2', b'0', tens, ones, b'.', month @ ..] => {
                let year = 2000 + digit(*tens) * 10 + digit(*ones);
                match month {
                    [month] => Self::new(year, *month - b'0'),
                    [b'1', month] => Self::new(year, 10 + *month - b'0'),
                    _ => panic!("not a month"),
                }
            }
            _ => panic!("not a release line"),
        }
    }
}

/// The value of an ASCII digit.
const fn digit(byte: u8) -> u16 {
    (byte - b'0') as u16
}

impl fmt::Display for Minor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.year, self.month)
    }
}

impl From<&Version> for Minor {
    fn from(version: &Version) -> Self {
        Self::new(version.year, version.month)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literal_reads_what_is_printed() {
        for line in LADDER {
            assert_eq!(Minor::literal(&line.to_string()), line);
        }
    }

    #[test]
    fn minor_orders_by_time() {
        assert!(LADDER.is_sorted());
        assert!(Minor::new(2024, 2) < Minor::new(2024, 10));
        assert_eq!(
            Minor::from(&Version::new(2025, 10, 4)),
            Minor::new(2025, 10)
        );
    }
}
