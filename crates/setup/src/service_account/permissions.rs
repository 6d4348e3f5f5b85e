use std::collections::BTreeSet;

/// Something that Ostiary does, and the permissions that authentik asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Feature {
    /// What it is.
    pub name: &'static str,
    /// Permissions, as they are assigned: label of the Django application, dot, codename.
    pub permissions: &'static [&'static str],
}

/// What the permissions of a role are for. Checked against what the recorded servers list
/// (`rbac/permissions/`) and the permissions of the typed operations.
pub const FEATURES: [Feature; 5] = [
    Feature {
        name: "Look at applications, providers, groups and people",
        permissions: &[
            "authentik_core.view_application",
            "authentik_core.view_group",
            "authentik_core.view_provider",
            "authentik_core.view_user",
            "authentik_providers_oauth2.view_oauth2provider",
            "authentik_policies.view_policybinding",
        ],
    },
    Feature {
        name: "Plan a set-up: flows, signing keys, scope mappings, settings",
        permissions: &[
            "authentik_crypto.view_certificatekeypair",
            "authentik_flows.view_flow",
            "authentik_providers_oauth2.view_scopemapping",
            "authentik_rbac.view_system_settings",
        ],
    },
    Feature {
        name: "Set an application up: provider, scope mappings, groups, bindings",
        permissions: &[
            "authentik_core.add_application",
            "authentik_core.add_group",
            "authentik_policies.add_policybinding",
            "authentik_providers_oauth2.add_oauth2provider",
            "authentik_providers_oauth2.add_scopemapping",
        ],
    },
    Feature {
        name: "Undo that",
        permissions: &[
            "authentik_core.delete_application",
            "authentik_core.delete_group",
            "authentik_policies.delete_policybinding",
            "authentik_providers_oauth2.delete_oauth2provider",
            "authentik_providers_oauth2.delete_scopemapping",
        ],
    },
    Feature {
        name: "Show sign-ins and errors of an application",
        permissions: &["authentik_events.view_event"],
    },
];

/// The permissions of a feature that a server lists: with one that it does not know, it takes none.
pub(super) fn known(feature: &Feature, listed: &BTreeSet<String>) -> Vec<&'static str> {
    let is_known = |name: &&&str| listed.contains(**name);
    feature
        .permissions
        .iter()
        .filter(is_known)
        .copied()
        .collect()
}
