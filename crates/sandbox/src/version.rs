//! Which release the sandbox pretends to be.

use std::fmt;
use std::str::FromStr;

/// A release of authentik the sandbox can act as. Ordered: later releases are greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// 2023.10: tenants, redirect URIs as one text of regular expressions, one policy result per binding.
    V2023_10,
    /// 2025.10: brands, redirect URIs as objects, all group and user bindings collapse into one "any".
    V2025_10,
    /// 2026.5: several parents per group, page size limits, `grant_types`, the default access flag.
    V2026_5,
}

impl Version {
    /// Every version, oldest first.
    pub const ALL: [Self; 3] = [Self::V2023_10, Self::V2025_10, Self::V2026_5];

    /// Year and month, as people write it: `2025.10`.
    pub const fn short(self) -> &'static str {
        match self {
            Self::V2023_10 => "2023.10",
            Self::V2025_10 => "2025.10",
            Self::V2026_5 => "2026.5",
        }
    }

    /// The text that the recorded server reported; two of them were release candidates.
    pub(crate) const fn recorded(self) -> &'static str {
        match self {
            Self::V2023_10 => "2023.10.7",
            Self::V2025_10 => "2025.10.0-rc1",
            Self::V2026_5 => "2026.5.0-rc1",
        }
    }
}

impl fmt::Display for Version {
    /// The full form that `admin/version/` answers, such as `2025.10.0`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::V2023_10 => "2023.10.7",
            Self::V2025_10 => "2025.10.0",
            Self::V2026_5 => "2026.5.0",
        })
    }
}

/// The text names no version that the sandbox knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownVersion(String);

impl fmt::Display for UnknownVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the sandbox knows 2023.10, 2025.10 and 2026.5, not {:?}",
            self.0
        )
    }
}

impl std::error::Error for UnknownVersion {}

impl FromStr for Version {
    type Err = UnknownVersion;

    /// Accepts the short form and any patch release of it (`2025.10`, `2025.10.3`, `2026.5.0-rc1`).
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|version| {
                text.strip_prefix(version.short())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            })
            .ok_or_else(|| UnknownVersion(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_back() {
        for version in Version::ALL {
            assert_eq!(version.short().parse(), Ok(version));
            assert_eq!(version.to_string().parse(), Ok(version));
        }
        assert!("2025.1".parse::<Version>().is_err());
        assert!("2024.12".parse::<Version>().is_err());
    }
}
