//! The requests of a plan.

use std::collections::BTreeMap;

use authentik_api::{
    BackchannelLogout, BuildError, Endpoint,
    api::core::{groups::CreateGroup, transactional::CreateTransactional},
    api::propertymappings::CreateScopeMapping,
    models::{
        ApplicationRequest, GroupRequest, OAuth2ProviderRequest, PolicyEngineMode,
        ScopeMappingRequest, Transaction,
    },
    operation::named,
};
use serde_json::{Value, json};

use super::{Draft, World, plan::Chosen, validate::Checked};
use crate::{
    change::{Creation, Find, Line, Object, PlannedRequest, Step, reference, secret_reference},
    preset::Mapping,
};

/// The steps, in order: groups and scope mappings, then the application with its provider, then
/// whatever bindings the transaction cannot make.
pub(super) fn steps(
    draft: &Draft,
    world: &World,
    checked: &Checked,
    chosen: &Chosen,
) -> Result<Vec<Step>, BuildError> {
    let mut steps = Vec::new();
    for (index, name) in checked.new_groups.iter().enumerate() {
        steps.push(group_step(world, index, name)?);
    }
    for (index, mapping) in chosen.new_mappings.iter().enumerate() {
        steps.push(mapping_step(world, index, mapping)?);
    }
    let groups = bound_groups(checked, chosen);
    steps.push(application_step(draft, world, checked, chosen, &groups)?);
    if !world.capabilities.transactional_bindings {
        for (order, (name, group)) in groups.iter().enumerate() {
            steps.push(binding_step(checked, order, name, group));
        }
    }
    Ok(steps)
}

/// The groups to bind: their names, and their keys or references to them.
fn bound_groups(checked: &Checked, chosen: &Chosen) -> Vec<(String, Value)> {
    let existing = chosen
        .groups
        .iter()
        .map(|group| (group.name.clone(), json!(group.pk)));
    let new = checked
        .new_groups
        .iter()
        .enumerate()
        .map(|(index, name)| (name.clone(), reference(&format!("group-{}", index + 1))));
    existing.chain(new).collect()
}

fn group_step(world: &World, index: usize, name: &str) -> Result<Step, BuildError> {
    let id = format!("group-{}", index + 1);
    let endpoint = CreateGroup {
        group: GroupRequest::new(name),
    };
    Ok(Step {
        title: format!("Create the group “{name}”"),
        lines: vec![
            Line::new("Name", name),
            Line::new("Members", "none yet"),
            Line::new("Superusers", "no"),
        ],
        request: planned(&endpoint, world)?,
        fields: BTreeMap::from([(String::new(), "access.new_groups".to_owned())]),
        creates: vec![Creation {
            name: id.clone(),
            object: Object::Group,
            label: name.to_owned(),
            find: Find::Name {
                name: name.to_owned(),
            },
            beside_others: false,
            shared: false,
        }],
        alters: None,
        tidies_up: false,
        id,
    })
}

fn mapping_step(world: &World, index: usize, mapping: &Mapping) -> Result<Step, BuildError> {
    let id = format!("mapping-{}", index + 1);
    let endpoint = CreateScopeMapping {
        mapping: ScopeMappingRequest {
            name: mapping.name.clone(),
            scope_name: mapping.scope_name.clone(),
            expression: mapping.expression.clone(),
            description: String::new(),
        },
    };
    Ok(Step {
        title: format!("Create the scope mapping “{}”", mapping.name),
        lines: vec![
            Line::new("Scope", &mapping.scope_name),
            Line::new("Purpose", &mapping.purpose),
            Line::new("Expression", mapping.expression.trim_end()),
        ],
        request: planned(&endpoint, world)?,
        fields: BTreeMap::from([(String::new(), "mappings".to_owned())]),
        creates: vec![Creation {
            name: id.clone(),
            object: Object::ScopeMapping,
            label: mapping.name.clone(),
            find: Find::Name {
                name: mapping.name.clone(),
            },
            beside_others: false,
            shared: false,
        }],
        alters: None,
        tidies_up: false,
        id,
    })
}

fn application_step(
    draft: &Draft,
    world: &World,
    checked: &Checked,
    chosen: &Chosen,
    groups: &[(String, Value)],
) -> Result<Step, BuildError> {
    let transaction = Transaction {
        app: application(draft, checked),
        provider: provider(checked, chosen),
        bindings: Vec::new(),
    };
    let mut request = planned(&CreateTransactional { transaction }, world)?;
    if let Some(body) = request.body.as_mut() {
        add_references(body, draft, world, chosen, groups);
    }
    let in_transaction = if world.capabilities.transactional_bindings {
        groups
    } else {
        &[]
    };
    Ok(Step {
        id: "application".to_owned(),
        title: format!(
            "Create the application “{}” and its OAuth2 provider in one transaction",
            checked.name
        ),
        lines: lines(draft, world, checked, chosen, in_transaction),
        request,
        fields: fields(),
        creates: vec![
            Creation {
                name: "provider".to_owned(),
                object: Object::Oauth2Provider,
                label: checked.name.clone(),
                find: Find::Name {
                    name: checked.name.clone(),
                },
                beside_others: false,
                shared: false,
            },
            Creation {
                name: "application".to_owned(),
                object: Object::Application,
                label: checked.name.clone(),
                find: Find::Slug {
                    slug: checked.slug.clone(),
                },
                beside_others: false,
                shared: false,
            },
        ],
        alters: None,
        tidies_up: false,
    })
}

/// Adds what the typed request cannot hold: references to what earlier steps create, and to the
/// secret.
fn add_references(
    body: &mut Value,
    draft: &Draft,
    world: &World,
    chosen: &Chosen,
    groups: &[(String, Value)],
) {
    if world.capabilities.transactional_bindings
        && !groups.is_empty()
        && let Some(body) = body.as_object_mut()
    {
        body.insert("policy_bindings".to_owned(), transactional_bindings(groups));
    }
    let Some(provider) = body.get_mut("provider").and_then(Value::as_object_mut) else {
        return;
    };
    if !draft.secrets().is_empty() {
        provider.insert(
            "client_secret".to_owned(),
            secret_reference("client_secret"),
        );
    }
    if let Some(Value::Array(mappings)) = provider.get_mut("property_mappings") {
        let new = (1..=chosen.new_mappings.len()).map(|n| reference(&format!("mapping-{n}")));
        mappings.extend(new);
    }
}

/// Which field of the draft an error of the transaction is about.
fn fields() -> BTreeMap<String, String> {
    [
        ("app.slug", "slug"),
        ("app.name", "name"),
        ("app.provider", "name"),
        ("app.meta_launch_url", "launch_url"),
        ("app.meta_icon", "icon"),
        ("app.group", "group"),
        ("provider.name", "name"),
        ("provider.client_id", "client_id"),
        ("provider.client_secret", "client_secret"),
        ("provider.redirect_uris", "redirect_uris"),
        ("provider.authorization_flow", "authorization_flow"),
        ("provider.invalidation_flow", "invalidation_flow"),
        ("provider.signing_key", "signing_key"),
        ("provider.property_mappings", "scopes"),
        ("policy_bindings", "access.groups"),
    ]
    .into_iter()
    .map(|(path, field)| (path.to_owned(), field.to_owned()))
    .collect()
}

fn application(draft: &Draft, checked: &Checked) -> ApplicationRequest {
    ApplicationRequest {
        meta_launch_url: checked.launch_url.clone(),
        meta_icon: checked.icon.clone(),
        group: draft.group.trim().to_owned(),
        policy_engine_mode: checked.policy_engine_mode.clone(),
        ..ApplicationRequest::new(&checked.name, &checked.slug)
    }
}

fn provider(checked: &Checked, chosen: &Chosen) -> OAuth2ProviderRequest {
    OAuth2ProviderRequest {
        name: checked.name.clone(),
        authorization_flow: chosen.authorization_flow.pk,
        invalidation_flow: chosen.invalidation_flow.as_ref().map(|flow| flow.pk),
        property_mappings: chosen.mappings.iter().map(|(_, pk)| *pk).collect(),
        client_type: checked.client_type.clone(),
        client_id: checked.client_id.clone(),
        client_secret: None,
        redirect_uris: checked.redirect_uris.clone(),
        signing_key: chosen.signing_key.as_ref().map(|key| key.pk),
        sub_mode: checked.sub_mode.clone(),
        issuer_mode: checked.issuer_mode.clone(),
        further_grant_types: checked.further_grant_types.clone(),
        access_token_validity: checked.access_token_validity.clone(),
        access_code_validity: checked.access_code_validity.clone(),
        backchannel_logout: checked.backchannel_logout.clone(),
    }
}

fn transactional_bindings(groups: &[(String, Value)]) -> Value {
    groups
        .iter()
        .enumerate()
        .map(|(order, (_, group))| {
            json!({
                "group": group,
                "order": order,
                "enabled": true,
                "negate": false,
                "timeout": 30,
                "failure_result": false,
            })
        })
        .collect()
}

fn binding_step(checked: &Checked, order: usize, name: &str, group: &Value) -> Step {
    let id = format!("binding-{}", order + 1);
    Step {
        title: format!("Let the members of “{name}” in"),
        lines: vec![
            Line::new("Application", &checked.name),
            Line::new("Group", name),
            Line::new("Order", order.to_string()),
        ],
        request: PlannedRequest {
            operation: named("policies_bindings_create"),
            params: Vec::new(),
            body: Some(json!({
                "target": reference("application"),
                "policy": null,
                "group": group,
                "user": null,
                "order": order,
                "enabled": true,
                "negate": false,
                "timeout": 30,
                "failure_result": false,
            })),
        },
        fields: BTreeMap::from([(String::new(), "access.groups".to_owned())]),
        creates: vec![Creation {
            name: id.clone(),
            object: Object::PolicyBinding,
            label: format!("{name} → {}", checked.name),
            find: Find::Binding {
                target: reference("application"),
                group: group.clone(),
                user: Value::Null,
            },
            beside_others: false,
            shared: false,
        }],
        alters: None,
        tidies_up: false,
        id,
    }
}

fn lines(
    draft: &Draft,
    world: &World,
    checked: &Checked,
    chosen: &Chosen,
    groups: &[(String, Value)],
) -> Vec<Line> {
    let mut lines = vec![
        Line::new("Name", &checked.name),
        Line::new("Slug", &checked.slug),
        Line::new("Opens", &checked.launch_url),
        Line::new("Client type", checked.client_type.as_str()),
        Line::new(
            "Client id",
            checked
                .client_id
                .as_deref()
                .unwrap_or("generated by authentik"),
        ),
    ];
    if checked.client_type == authentik_api::models::ClientType::Confidential {
        let secret = if draft.secrets().is_empty() {
            "generated by authentik"
        } else {
            "as given"
        };
        lines.push(Line::new("Client secret", secret));
    }
    for uri in &checked.redirect_uris {
        lines.push(Line::new(
            format!("Redirect URI ({})", uri.matching_mode.as_str()),
            &uri.url,
        ));
    }
    let key = chosen
        .signing_key
        .as_ref()
        .map_or("none: HS256 with the client secret", |key| &key.name);
    lines.push(Line::new("Signing key", key));
    lines.push(Line::new("Scopes", scopes(checked, chosen).join(" ")));
    lines.push(Line::new("Subject", checked.sub_mode.as_str()));
    lines.push(Line::new("Issuer", checked.issuer_mode.as_str()));
    lines.push(Line::new(
        "Authorization flow",
        &chosen.authorization_flow.slug,
    ));
    if let Some(flow) = &chosen.invalidation_flow {
        lines.push(Line::new("Invalidation flow", &flow.slug));
    }
    if world.capabilities.backchannel_logout != BackchannelLogout::Unknown
        && let Some(uri) = &checked.backchannel_logout
    {
        lines.push(Line::new("Back-channel logout", uri));
    }
    if let Some(mut types) = world.capabilities.default_grant_types() {
        types.extend(checked.further_grant_types.iter().cloned());
        lines.push(Line::new("Grant types", types.join(" ")));
    }
    if checked.policy_engine_mode == PolicyEngineMode::All {
        lines.push(Line::new("Policy engine mode", "all"));
    }
    if !draft.group.trim().is_empty() {
        lines.push(Line::new("Listed under", draft.group.trim()));
    }
    for (name, _) in groups {
        lines.push(Line::new("Open to members of", name));
    }
    if draft.access.everyone {
        lines.push(Line::new("Open to", "everyone"));
    }
    lines
}

/// The scopes that the provider offers afterwards: those asked for, and those of mappings that the
/// preset brings along.
fn scopes(checked: &Checked, chosen: &Chosen) -> Vec<String> {
    let mut scopes = checked.scopes.clone();
    let existing = chosen.mappings.iter().map(|(scope, _)| scope);
    let new = chosen
        .new_mappings
        .iter()
        .map(|mapping| &mapping.scope_name);
    for scope in existing.chain(new) {
        if !scopes.contains(scope) {
            scopes.push(scope.clone());
        }
    }
    scopes.retain(|scope| !chosen.missing_scopes.contains(scope));
    scopes
}

/// An endpoint's request as part of a plan.
fn planned(endpoint: &impl Endpoint, world: &World) -> Result<PlannedRequest, BuildError> {
    let parts = endpoint.parts(&world.capabilities)?;
    Ok(PlannedRequest {
        operation: parts.operation,
        params: parts.params.into_iter().map(Value::String).collect(),
        body: parts.body,
    })
}
