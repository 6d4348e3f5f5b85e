//! The requests of access changes, and what a snapshot knows of the objects they are about.

use access::{Binding, Group};
use authentik_api::{Capabilities, OperationId, operation::named};
use serde_json::{Map, Value, json};

use crate::change::PlannedRequest;

pub(super) fn request(
    operation: OperationId,
    params: Vec<Value>,
    body: Option<Value>,
) -> PlannedRequest {
    PlannedRequest {
        operation,
        params,
        body,
    }
}

/// What a snapshot knows of a binding, as the API names it.
pub(super) fn binding_fields(binding: &Binding) -> Map<String, Value> {
    fields(json!({
        "target": binding.target(),
        "policy": binding.policy,
        "group": binding.group,
        "user": binding.user,
        "negate": binding.negate,
        "enabled": binding.enabled,
        "order": binding.order,
    }))
}

/// A PATCH of a binding. Target and all three subjects go along: without them it fails, or leaves two
/// subjects (trap T12; recordings, observation 6).
pub(super) fn patch_binding(binding: &Binding, changes: Map<String, Value>) -> PlannedRequest {
    let mut body = fields(json!({
        "target": binding.target(),
        "policy": binding.policy,
        "group": binding.group,
        "user": binding.user,
    }));
    body.extend(changes);
    request(
        named("policies_bindings_partial_update"),
        vec![json!(binding.pk)],
        Some(Value::Object(body)),
    )
}

/// The groups above a group: one up to 2025.10, several from 2025.12 on (trap T27).
pub(super) fn parents_field(
    capabilities: &Capabilities,
    parents: &[Value],
) -> (&'static str, Value) {
    if capabilities.group_parents {
        ("parents", json!(parents))
    } else {
        ("parent", parents.first().cloned().unwrap_or_default())
    }
}

/// What a snapshot knows of a group, as the API names it. Members excepted.
pub(super) fn group_fields(capabilities: &Capabilities, group: &Group) -> Map<String, Value> {
    let mut known = fields(json!({ "name": group.name, "is_superuser": group.is_superuser }));
    let parents: Vec<Value> = group.parents.iter().map(|pk| json!(pk)).collect();
    let (key, value) = parents_field(capabilities, &parents);
    known.insert(key.to_owned(), value);
    known
}

/// The fields of an object.
pub(super) fn fields(object: Value) -> Map<String, Value> {
    match object {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// Only some fields.
pub(super) fn only(known: &Map<String, Value>, wanted: &Map<String, Value>) -> Map<String, Value> {
    let known = known.iter().filter(|(key, _)| wanted.contains_key(*key));
    known
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}
