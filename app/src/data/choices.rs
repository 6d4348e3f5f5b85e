use std::collections::BTreeSet;

use authentik_api::models::Designation;
use setup::oidc_application::{World, members};

use crate::model::{Choice, Choices, GroupChoice};

/// What a world has to choose from.
pub(crate) fn choices(world: &World) -> Choices {
    let flows = |designation: Designation| -> Vec<Choice> {
        let flows = world.flows_for(&designation);
        let choice = |flow: &&authentik_api::models::Flow| Choice {
            value: flow.slug.clone(),
            label: format!("{} ({})", flow.name, flow.slug),
        };
        flows.iter().map(choice).collect()
    };
    let key = |key: &&authentik_api::models::CertificateKeyPair| Choice {
        value: key.pk.to_string(),
        label: match key.algorithm() {
            Some(kind) => format!("{} ({})", key.name, kind.to_uppercase()),
            None => key.name.clone(),
        },
    };
    let scopes: BTreeSet<&str> = world
        .mappings
        .iter()
        .map(|mapping| mapping.scope_name.as_str())
        .filter(|scope| !scope.is_empty())
        .collect();
    let mut groups: Vec<GroupChoice> = world
        .groups
        .iter()
        .map(|group| GroupChoice {
            pk: group.pk.to_string(),
            name: group.name.clone(),
            people: u32::try_from(members(&world.groups, &[group.pk]).len()).unwrap_or(u32::MAX),
            superuser: group.is_superuser == Some(true),
        })
        .collect();
    groups.sort_by_key(|group| group.name.to_lowercase());
    Choices {
        authorization_flows: flows(Designation::Authorization),
        invalidation_flows: world
            .capabilities
            .invalidation_flow
            .then(|| flows(Designation::Invalidation)),
        signing_keys: world.signing_keys().iter().map(key).collect(),
        scopes: scopes.into_iter().map(str::to_owned).collect(),
        icon: world.capabilities.application_icon,
        groups,
    }
}
