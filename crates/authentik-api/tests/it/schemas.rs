//! The checks against the API schemas accept what is right and find what is wrong.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::common::{
    recordings,
    schema::{Schema, Schemas},
};

/// Mistakes in recorded requests that a server accepted all the same: part of the message, reason.
const ACCEPTED_MISTAKES: &[(&str, &str)] = &[
    ("'bogus' was unexpected", "unknown keys are ignored (T22)"),
    ("'nope' was unexpected", "unknown flags are stored"),
    (
        "'is_superuser' was unexpected",
        "read-only keys are ignored",
    ),
    ("'pk', 'uuid' were unexpected", "read-only keys are ignored"),
    (
        "'meta_icon' was unexpected",
        "read-only until 2025.10 (T28)",
    ),
    ("'parent' was unexpected", "the key until 2025.10 (T27)"),
    ("'parents' was unexpected", "the key from 2025.12 on (T27)"),
    ("'alg' was unexpected", "from 2024.6 on"),
    ("'default_application' was unexpected", "from 2024.8 on"),
    ("'jwt_federation_sources' was unexpected", "from 2024.12 on"),
    ("'policy_bindings' was unexpected", "from 2024.12 on"),
    (
        "'grant_types' was unexpected",
        "from 2026.5.0 on, the recorded candidate ignores it",
    ),
    (
        "any of the schemas listed in the 'anyOf'",
        "the same, within a transaction",
    ),
    (
        "'component', 'flow_set'",
        "a body sent back as it was read (T16)",
    ),
    (
        "'pk', 'prompt_stages_obj' were unexpected",
        "a body sent back as it was read (T16)",
    ),
    (
        "/flags: \"",
        "the documents call every flag required, servers take some",
    ),
    (
        "\"password\" is a required property",
        "2023.10 accepts a call without password",
    ),
    (
        "the operation takes no JSON body",
        "impersonation has a reason from 2024.12 on",
    ),
    ("query parameter actions is", "from 2025.8 on"),
    ("query parameter for_user is", "from 2024.2 on"),
    ("query parameter group is", "no filter in any version (T22)"),
    ("query parameter user is", "no filter in any version (T22)"),
    ("query parameter include_children is", "from 2025.8 on"),
    ("query parameter include_details is", "until 2025.12"),
    ("query parameter include_groups is", "from 2024.4 on"),
    ("query parameter include_users is", "from 2024.4 on"),
    (
        "query parameter nonsense is",
        "unknown parameters are ignored (T22)",
    ),
    ("query parameter only_with_launch_url is", "from 2024.8 on"),
    (
        "query parameter page_size is not declared",
        "sent to what is no list",
    ),
    (
        "query parameter page must not be \"last\"",
        "understood, not declared",
    ),
    (
        "query parameter page_size must not be \"x\"",
        "falls back to the default",
    ),
    ("there is no GET /", "the root is not in the documents"),
    ("there is no OPTIONS", "not in the documents"),
];

#[test]
fn recorded_requests_that_succeeded_validate() {
    let (Some(schemas), Some(exchanges)) = (Schemas::load(), recordings::load()) else {
        return;
    };
    let document = |version: &str| {
        let (_, schema) = schemas
            .iter()
            .find(|(name, _)| {
                matches!(
                    (version, name.as_str()),
                    ("2023.10", "2023.10.7")
                        | ("2025.10", "2025.10.0-rc1")
                        | ("2026.5", "2026.5.0-rc1")
                )
            })
            .unwrap();
        schema
    };
    let (mut good, mut met) = (0, BTreeSet::new());
    for exchange in &exchanges {
        let Some(path) = exchange.api_path() else {
            continue;
        };
        if !(200..300).contains(&exchange.status) || exchange.request_type.is_some() {
            continue;
        }
        let body = exchange.body.as_ref();
        let schema = document(&exchange.version);
        match schema.validate_request(&exchange.method, path, &exchange.query, body) {
            Ok(()) => good += 1,
            Err(errors) => {
                for error in errors {
                    let known = ACCEPTED_MISTAKES
                        .iter()
                        .find(|(part, _)| error.contains(part));
                    let (part, _) =
                        known.unwrap_or_else(|| panic!("{}: {error}", exchange.label()));
                    met.insert(*part);
                }
            }
        }
    }
    println!("{good} recorded requests validate");
    assert_eq!(good, 3081);
    let listed: BTreeSet<_> = ACCEPTED_MISTAKES.iter().map(|(part, _)| *part).collect();
    assert_eq!(met, listed, "every listed mistake was met");
}

/// The document of one version.
fn document(version: &str) -> Option<Schema> {
    let (_, schema) = Schemas::load()?
        .into_iter()
        .find(|(name, _)| name == version)
        .unwrap();
    Some(schema)
}

/// The messages of a refused request.
fn mistakes(result: Result<(), Vec<String>>) -> String {
    result.unwrap_err().join("; ")
}

#[test]
fn validate_request_finds_mistakes_in_bodies() {
    let Some(schema) = document("2025.10.4") else {
        return;
    };
    let uuid = "0f7f44a9-6a4a-4d29-9d2c-3b5b7a3b1f7e";
    let good = json!({
        "name": "Grafana",
        "authorization_flow": uuid,
        "invalidation_flow": uuid,
        "redirect_uris": [{ "matching_mode": "strict", "url": "https://grafana.example.com/" }],
        "signing_key": null,
        "client_type": "confidential",
    });
    let check =
        |body: &Value| schema.validate_request("POST", "/providers/oauth2/", &[], Some(body));
    assert_eq!(check(&good), Ok(()));
    let broken = |key: &str, value: Value| {
        let mut body = good.clone();
        match value {
            Value::String(text) if text == "(absent)" => {
                drop(body.as_object_mut().unwrap().remove(key));
            }
            value => body[key] = value,
        }
        mistakes(check(&body))
    };
    assert!(broken("colour", json!("red")).contains("'colour' was unexpected"));
    assert!(broken("invalidation_flow", json!("(absent)")).contains("required property"));
    assert!(broken("invalidation_flow", Value::Null).contains("/invalidation_flow"));
    assert!(broken("authorization_flow", json!("default")).contains("uuid"));
    assert!(broken("client_type", json!("secret")).contains("/client_type"));
    assert!(broken("redirect_uris", json!("https://grafana.example.com/")).contains("array"));
    let nested = json!([{ "matching_mode": "strict", "url": "", "note": 1 }]);
    assert!(broken("redirect_uris", nested).contains("/redirect_uris/0"));
    let without_body = schema.validate_request("POST", "/providers/oauth2/", &[], None);
    assert_eq!(mistakes(without_body), "the body is missing");
    let unasked = schema.validate_request("GET", "/providers/oauth2/", &[], Some(&good));
    assert_eq!(mistakes(unasked), "the operation takes no JSON body");
}

#[test]
fn validate_request_checks_a_transaction_by_its_provider_model() {
    let Some(schema) = document("2025.10.4") else {
        return;
    };
    let uuid = "0f7f44a9-6a4a-4d29-9d2c-3b5b7a3b1f7e";
    let body = |provider: Value| {
        json!({
            "app": { "name": "Grafana", "slug": "grafana" },
            "provider_model": "authentik_providers_oauth2.oauth2provider",
            "provider": provider,
        })
    };
    let path = "/core/transactional/applications/";
    let check = |body: &Value| schema.validate_request("PUT", path, &[], Some(body));
    let provider = json!({
        "name": "Grafana", "authorization_flow": uuid, "invalidation_flow": uuid, "redirect_uris": [],
    });
    assert_eq!(check(&body(provider)), Ok(()));
    // a complete LDAP provider is not an OAuth2 provider
    let other = json!({ "name": "L", "authorization_flow": uuid, "invalidation_flow": uuid });
    assert!(mistakes(check(&body(other))).contains("\"redirect_uris\" is a required property"));
}

#[test]
fn validate_request_finds_mistakes_in_paths_and_queries() {
    let Some(schema) = document("2026.8.5") else {
        return;
    };
    let check = |method, path, query: &[(&str, &str)]| {
        let query: Vec<_> = query
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        schema.validate_request(method, path, &query, None)
    };
    let users = "/core/users/";
    assert_eq!(
        check("GET", users, &[("page", "2"), ("is_active", "true")]),
        Ok(())
    );
    assert_eq!(
        check("GET", users, &[("type", "internal"), ("type", "external")]),
        Ok(())
    );
    for query in [
        ("pages", "2"),
        ("page", "two"),
        ("is_active", "yes"),
        ("type", "robot"),
    ] {
        assert!(mistakes(check("GET", users, &[query])).contains(query.0));
    }
    assert_eq!(
        mistakes(check("GET", "/core/user/", &[])),
        "there is no GET /core/user/"
    );
    assert_eq!(
        mistakes(check("GET", "/core/users", &[])),
        "there is no GET /core/users"
    );
    let recovery = "/core/users/7/recovery/";
    assert_eq!(
        mistakes(check("GET", recovery, &[])),
        format!("there is no GET {recovery}")
    );
}

#[test]
fn offers_tells_versions_apart() {
    let (Some(old), Some(new)) = (document("2023.10.7"), document("2026.8.5")) else {
        return;
    };
    assert!(old.offers("GET", "/core/tenants/current/"));
    assert!(!new.offers("GET", "/core/tenants/current/"));
    assert!(
        old.offers("GET", "/core/users/{id}/recovery/"),
        "a template will do"
    );
    assert!(!new.offers("GET", "/core/users/7/recovery/"));
    assert!(new.offers("POST", "/core/users/7/recovery/"));
}

#[test]
fn validate_response_finds_mistakes() {
    let Some(schema) = document("2025.10.4") else {
        return;
    };
    let check =
        |status, body: &Value| schema.validate_response("GET", "/admin/version/", status, body);
    let good = json!({
        "version_current": "2025.10.4", "version_latest": "2025.10.4",
        "version_latest_valid": true, "build_hash": "", "outdated": false,
        "outpost_outdated": false, "more": "keys beyond the declared ones are fine",
    });
    assert_eq!(check(200, &good), Ok(()));
    let mut broken = good.clone();
    broken["outdated"] = json!("no");
    assert!(mistakes(check(200, &broken)).contains("/outdated"));
    assert_eq!(mistakes(check(418, &good)), "status 418 is not declared");
    let nothing = schema.validate_response("DELETE", "/core/users/7/", 204, &Value::Null);
    assert_eq!(nothing, Ok(()));
    let something = schema.validate_response("DELETE", "/core/users/7/", 204, &good);
    assert_eq!(
        mistakes(something),
        "the answer has a body that is not declared"
    );
}
