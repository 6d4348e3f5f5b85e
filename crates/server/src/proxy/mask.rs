//! Secrets in answers are masked before they leave the server.
//!
//! The catalogue keeps operations whose answers hold a credential out of class `Read`; its tests go
//! through every field of every version. What is left is the client secret of OAuth2 providers.

use authentik_api::{
    OperationId,
    operation::{self, LADDER, Minor},
};
use bytes::Bytes;
use http::StatusCode;
use serde_json::Value;
use setup::Secret;

use crate::refusal::Refusal;

/// Fields to mask, by operation.
const MASKED: [(OperationId, &[&str]); 2] = [
    (
        operation::named("providers_oauth2_list"),
        &["client_secret"],
    ),
    (
        operation::named("providers_oauth2_retrieve"),
        &["client_secret"],
    ),
];

/// In versions that came after the catalogue any operation may have got a new field: those that are
/// called so are masked everywhere.
const SUSPICIOUS: &[&str] = &[
    "access_token",
    "auth_password",
    "bind_password",
    "bot_token",
    "client_secret",
    "consumer_secret",
    "cookie_secret",
    "credentials",
    "kubeconfig",
    "password",
    "plex_token",
    "private_key",
    "refresh_token",
    "secret",
    "secret_key",
    "shared_secret",
];

/// The fields to mask in answers of `operation` from an authentik of `line`.
pub(super) fn fields(operation: OperationId, line: Minor) -> &'static [&'static str] {
    if LADDER.last().is_none_or(|newest| line > *newest) {
        return SUSPICIOUS;
    }
    MASKED
        .iter()
        .find(|(masked, _)| *masked == operation)
        .map_or(&[], |(_, fields)| fields)
}

/// The same JSON with these fields masked, at any depth.
///
/// # Errors
/// When it is no JSON: then nothing can be masked, and nothing is passed on.
pub(super) fn mask(body: &Bytes, fields: &[&str]) -> Result<Bytes, Refusal> {
    if body.is_empty() {
        return Ok(Bytes::new());
    }
    let mut value: Value = serde_json::from_slice(body).map_err(|_| {
        Refusal::new(
            StatusCode::BAD_GATEWAY,
            "unexpected_answer",
            "The answer is no JSON, so its secrets cannot be masked.",
        )
    })?;
    walk(&mut value, fields);
    Ok(Bytes::from(value.to_string()))
}

fn walk(value: &mut Value, fields: &[&str]) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                if fields.contains(&key.as_str()) && !value.is_null() && !value.is_boolean() {
                    *value = Value::from(Secret::MASK);
                } else {
                    walk(value, fields);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| walk(item, fields)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn masked(body: &Value, fields: &[&str]) -> Value {
        let masked = mask(&Bytes::from(body.to_string()), fields).unwrap();
        serde_json::from_slice(&masked).unwrap()
    }

    #[test]
    fn mask_hides_client_secrets_at_any_depth() {
        let body = json!({
            "results": [{ "client_secret": "hush", "client_id": "x" }],
            "client_secret": null,
        });
        let masked = masked(&body, &["client_secret"]);
        assert_eq!(masked["results"][0]["client_secret"], Secret::MASK);
        assert_eq!(masked["results"][0]["client_id"], "x");
        assert_eq!(masked["client_secret"], Value::Null);
        assert!(mask(&Bytes::from_static(b"<html>"), &["x"]).is_err());
    }

    #[test]
    fn fields_of_versions_after_the_catalogue_are_masked_by_name() {
        let users = operation::named("core_users_list");
        let newest = *LADDER.last().unwrap();
        assert_eq!(fields(users, newest), &[] as &[&str]);
        let provider = operation::named("providers_oauth2_list");
        assert_eq!(fields(provider, newest), ["client_secret"]);
        let later = fields(users, Minor::new(2031, 2));
        assert!(
            MASKED
                .iter()
                .all(|(_, fields)| fields.iter().all(|field| later.contains(field)))
        );
        let body = json!({ "bind_password": "x", "credentials": { "key": "y" }, "name": "z" });
        assert_eq!(
            masked(&body, later),
            json!({ "bind_password": Secret::MASK, "credentials": Secret::MASK, "name": "z" })
        );
    }
}
