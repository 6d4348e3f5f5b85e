//! authentik's version numbers: `2025.10.4`, `2026.5.0-rc1`.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A version of authentik. Orders by release: a candidate comes before its release.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Version {
    /// Year of the release line.
    pub year: u16,
    /// Month of the release line.
    pub month: u8,
    /// Patch release.
    pub patch: u16,
    /// What follows a dash: `rc1`.
    pub suffix: Option<String>,
}

impl Version {
    /// The first release of a line.
    pub const fn new(year: u16, month: u8, patch: u16) -> Self {
        Self {
            year,
            month,
            patch,
            suffix: None,
        }
    }

    /// Whether the release line is `year.month` or later.
    pub const fn at_least(&self, year: u16, month: u8) -> bool {
        self.year > year || (self.year == year && self.month >= month)
    }

    /// The release line, `2025.10`.
    pub fn line(&self) -> String {
        format!("{}.{}", self.year, self.month)
    }

    /// Whether the line lies in the range this crate was checked against, 2023.10 to 2026.8.
    pub const fn is_supported(&self) -> bool {
        self.at_least(2023, 10) && !self.at_least(2026, 9)
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let key = |v: &Self| {
            (
                v.year,
                v.month,
                v.patch,
                v.suffix.is_none(),
                v.suffix.clone(),
            )
        };
        key(self).cmp(&key(other))
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.year, self.month, self.patch)?;
        match &self.suffix {
            Some(suffix) => write!(f, "-{suffix}"),
            None => Ok(()),
        }
    }
}

/// The text is not a version of authentik.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a version of authentik such as 2025.10.4")]
pub struct ParseVersionError(String);

impl FromStr for Version {
    type Err = ParseVersionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || ParseVersionError(text.chars().take(40).collect());
        let (numbers, suffix) = match text.split_once('-') {
            Some((numbers, suffix)) => (numbers, Some(suffix.to_owned())),
            None => (text, None),
        };
        let mut parts = numbers.split('.');
        let year = parts
            .next()
            .and_then(|p| p.parse().ok())
            .ok_or_else(error)?;
        let month = parts
            .next()
            .and_then(|p| p.parse().ok())
            .ok_or_else(error)?;
        let patch = parts
            .next()
            .map_or(Ok(0), str::parse)
            .map_err(|_| error())?;
        if parts.next().is_some() || !(2000..3000).contains(&year) || !(1..=12).contains(&month) {
            return Err(error());
        }
        Ok(Self {
            year,
            month,
            patch,
            suffix,
        })
    }
}

impl Serialize for Version {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn v(text: &str) -> Version {
        text.parse().unwrap()
    }

    #[test]
    fn version_parses_and_prints() {
        for text in ["2023.10.7", "2025.10.0-rc1", "2026.8.5"] {
            assert_eq!(v(text).to_string(), text);
        }
        assert_eq!(v("2026.5"), Version::new(2026, 5, 0));
        for text in [
            "",
            "0.0.0",
            "2026",
            "2026.13.1",
            "2026.5.1.2",
            "2026.x.1",
            "<b>",
        ] {
            assert!(text.parse::<Version>().is_err(), "{text}");
        }
    }

    #[test]
    fn version_orders_by_release() {
        let mut versions = [
            v("2026.2.0"),
            v("2025.10.0"),
            v("2025.10.0-rc1"),
            v("2025.4.9"),
        ];
        versions.sort();
        let texts: Vec<_> = versions.iter().map(ToString::to_string).collect();
        assert_eq!(
            texts,
            ["2025.4.9", "2025.10.0-rc1", "2025.10.0", "2026.2.0"]
        );
        assert!(v("2025.10.0-rc1").at_least(2025, 10));
        assert!(!v("2025.8.9").at_least(2025, 10));
    }
}
