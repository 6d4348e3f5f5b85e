//! How a version of authentik decides.

use authentik_api::{Capabilities, Version};
use serde::{Deserialize, Serialize};

/// How the group and user bindings of one application count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StaticBindings {
    /// Each gives a result of its own; up to 2025.6. A binding with a group and a user asks for the
    /// group alone.
    EachCounts,
    /// Together they give one result, which is passed when *one* of them passes, in mode `all` as
    /// well: the defect of 2025.8 to 2025.12 (trap T3). A binding with a group and a user lets in both.
    OneIsEnough,
    /// Together they give one result by the application's mode; from 2026.2 on. A binding with a
    /// group and a user lets in both.
    ByMode,
}

/// The rules of one version. What the recordings of 2023.10, 2025.10 and 2026.5 show is the measure;
/// what no recording shows comes from the fact sheet §3 and §4.
///
/// Being superuser is no part of the rules: superusers pass no binding that others would not pass
/// (trap T2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Semantics {
    /// How group and user bindings count.
    pub static_bindings: StaticBindings,
    /// How many levels above a user's own groups still count: 19 up to 2025.10, where the server
    /// stops its recursion; any number from 2025.12 on. Not recorded.
    pub levels: Option<usize>,
    /// Whether an application without enabled binding follows the flag `core_default_app_access`
    /// (trap T4); before 2026.5 it is open to everyone.
    pub default_app_access_flag: bool,
    /// Whether there are users of type `agent`, which may be judged as the account they belong to,
    /// or not; the API does not say. From 2026.8 on. Not recorded.
    pub agents: bool,
}

impl Semantics {
    /// The rules of a version. A later version than the ones known gets the rules of the last known.
    pub fn of(version: &Version) -> Self {
        let capabilities = Capabilities::of(version.clone());
        let static_bindings = if capabilities.mode_all_is_any() {
            StaticBindings::OneIsEnough
        } else if version.at_least(2026, 2) {
            StaticBindings::ByMode
        } else {
            StaticBindings::EachCounts
        };
        Self {
            static_bindings,
            levels: (!capabilities.group_parents).then_some(19),
            default_app_access_flag: capabilities.default_app_access_flag(),
            agents: version.at_least(2026, 8),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_change_where_the_versions_do() {
        let of = |text: &str| Semantics::of(&text.parse().unwrap());
        let statics = |text| of(text).static_bindings;
        for (version, expected) in [
            ("2023.10.7", StaticBindings::EachCounts),
            ("2025.6.4", StaticBindings::EachCounts),
            ("2025.8.0", StaticBindings::OneIsEnough),
            ("2025.10.0-rc1", StaticBindings::OneIsEnough),
            ("2025.12.6", StaticBindings::OneIsEnough),
            ("2026.2.0", StaticBindings::ByMode),
            ("2026.8.5", StaticBindings::ByMode),
            ("2031.2.0", StaticBindings::ByMode),
        ] {
            assert_eq!(statics(version), expected, "{version}");
        }
        assert_eq!(of("2025.10.4").levels, Some(19));
        assert_eq!(of("2025.12.0").levels, None);
        assert!(!of("2026.2.9").default_app_access_flag);
        assert!(of("2026.5.0-rc1").default_app_access_flag);
        assert!(!of("2026.5.8").agents && of("2026.8.0").agents);
    }
}
