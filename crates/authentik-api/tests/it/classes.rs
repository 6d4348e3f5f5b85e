//! The rules by which operations got their class.

use std::collections::{BTreeMap, BTreeSet};

use authentik_api::operation::{CATALOGUE, Class, Method, named};

use crate::common::schema::{Schema, Schemas};

/// Every `GET` that is not `Read`, and why. `X_{list,retrieve}` stands for two operations.
const NOT_READ: &[(&str, Class, &str)] = &[
    (
        "core_tokens_view_key_retrieve",
        Class::Secret,
        "shows a token's key",
    ),
    (
        "endpoints_agents_enrollment_tokens_view_key_retrieve",
        Class::Secret,
        "shows a token's key",
    ),
    (
        "crypto_certificatekeypairs_view_private_key_retrieve",
        Class::Secret,
        "shows a private key",
    ),
    (
        "core_users_recovery_retrieve",
        Class::Secret,
        "makes and shows a recovery link (until 2024.2)",
    ),
    (
        "admin_system_retrieve",
        Class::Secret,
        "mirrors the request's headers, the bearer token too",
    ),
    (
        "flows_instances_export_retrieve",
        Class::Secret,
        "a flow with the settings of its stages",
    ),
    (
        "flows_inspector_get",
        Class::Secret,
        "the data of a sign-in in progress",
    ),
    (
        "sources_ldap_debug_retrieve",
        Class::Secret,
        "raw directory entries, password hashes too",
    ),
    (
        "authenticators_static_{list,retrieve}",
        Class::Secret,
        "one-time codes",
    ),
    (
        "authenticators_admin_static_{list,retrieve}",
        Class::Secret,
        "one-time codes of everybody",
    ),
    (
        "outposts_proxy_{list,retrieve}",
        Class::Secret,
        "for outposts: client and cookie secrets",
    ),
    (
        "outposts_radius_{list,retrieve}",
        Class::Secret,
        "for outposts: shared secrets",
    ),
    (
        "outposts_service_connections_kubernetes_{list,retrieve}",
        Class::Secret,
        "a cluster's keys",
    ),
    (
        "oauth2_access_tokens_{list,retrieve}",
        Class::Secret,
        "has the provider's client secret",
    ),
    (
        "oauth2_authorization_codes_{list,retrieve}",
        Class::Secret,
        "has the provider's client secret",
    ),
    (
        "oauth2_refresh_tokens_{list,retrieve}",
        Class::Secret,
        "has the provider's client secret",
    ),
    (
        "providers_google_workspace_{list,retrieve}",
        Class::Secret,
        "a service account's key",
    ),
    (
        "providers_microsoft_entra_{list,retrieve}",
        Class::Secret,
        "a client secret",
    ),
    (
        "providers_radius_{list,retrieve}",
        Class::Secret,
        "the shared secret",
    ),
    (
        "providers_scim_{list,retrieve}",
        Class::Secret,
        "the token (until 2026.2.6)",
    ),
    (
        "providers_rac_{list,retrieve}",
        Class::Secret,
        "connection settings, passwords too",
    ),
    (
        "rac_endpoints_{list,retrieve}",
        Class::Secret,
        "connection settings, passwords too",
    ),
    (
        "rac_connection_tokens_{list,retrieve}",
        Class::Secret,
        "connection settings, passwords too",
    ),
    (
        "propertymappings_rac_{list,retrieve}",
        Class::Secret,
        "connection settings, passwords too",
    ),
    (
        "propertymappings_provider_rac_{list,retrieve}",
        Class::Secret,
        "connection settings too",
    ),
    (
        "sources_plex_{list,retrieve}",
        Class::Secret,
        "the server owner's token",
    ),
    (
        "sources_user_connections_plex_{list,retrieve}",
        Class::Secret,
        "people's tokens",
    ),
    (
        "stages_authenticator_sms_{list,retrieve}",
        Class::Secret,
        "the gateway's password",
    ),
    (
        "stages_authenticator_email_{list,retrieve}",
        Class::Secret,
        "the mail server's password",
    ),
    (
        "stages_authenticator_endpoint_gdtc_{list,retrieve}",
        Class::Secret,
        "a service account's key",
    ),
    (
        "endpoints_google_chrome_connectors_{list,retrieve}",
        Class::Secret,
        "a service account's key",
    ),
    (
        "events_transports_{list,retrieve}",
        Class::Secret,
        "addresses of chat hooks are credentials",
    ),
    (
        "enterprise_license_{list,retrieve}",
        Class::Secret,
        "the licence key",
    ),
    (
        "managed_blueprints_{list,retrieve}",
        Class::Secret,
        "a blueprint's text may set passwords",
    ),
    (
        "reports_exports_{list,retrieve}",
        Class::Secret,
        "links that download the exported data",
    ),
    (
        "flows_executor_get",
        Class::Write,
        "starts or advances a flow",
    ),
    (
        "flows_instances_execute_retrieve",
        Class::Write,
        "starts a flow",
    ),
    (
        "core_users_impersonate_end_retrieve",
        Class::Write,
        "changes the session",
    ),
    (
        "core_users_recovery_email_retrieve",
        Class::Write,
        "sends an e-mail (until 2024.2)",
    ),
];

#[test]
fn get_is_read_but_for_those_listed_with_their_reason() {
    let mut listed = BTreeMap::new();
    for (name, class, reason) in NOT_READ {
        assert!(!reason.is_empty());
        let names = match name.split_once("{list,retrieve}") {
            Some((base, "")) => vec![format!("{base}list"), format!("{base}retrieve")],
            _ => vec![(*name).to_owned()],
        };
        for name in names {
            assert_eq!(listed.insert(name, *class), None, "listed twice");
        }
    }
    let found: BTreeMap<_, _> = CATALOGUE
        .iter()
        .filter(|row| row.method == Method::Get && row.class != Class::Read)
        .map(|row| (row.id.to_owned(), row.class))
        .collect();
    assert_eq!(found, listed);
}

#[test]
fn read_is_always_a_get() {
    for row in CATALOGUE.iter().filter(|row| row.class == Class::Read) {
        assert_eq!(row.method, Method::Get, "{}", row.id);
    }
}

#[test]
fn dangerous_are_deletes_and_those_listed() {
    let everything_below = ["/tenants/", "/rbac/", "/managed/blueprints/"];
    let listed = [
        "core_users_account_lockdown_create",
        "core_users_impersonate_create",
        "core_users_set_password_create",
        "core_users_set_password_hash_create",
        "core_users_switch_create",
        "crypto_certificatekeypairs_partial_update",
        "crypto_certificatekeypairs_update",
        "flows_instances_import_create",
        "lifecycle_user_offboarding_create",
    ];
    for row in CATALOGUE {
        let below = everything_below
            .iter()
            .any(|start| row.template.starts_with(start));
        let expected = row.method != Method::Get
            && (row.method == Method::Delete || below || listed.contains(&row.id));
        assert_eq!(row.class == Class::Dangerous, expected, "{}", row.id);
    }
    for id in listed {
        assert_eq!(named(id).class(), Class::Dangerous);
    }
}

#[test]
fn secret_writes_are_those_listed() {
    let found: Vec<_> = CATALOGUE
        .iter()
        .filter(|row| row.method != Method::Get && row.class == Class::Secret)
        .map(|row| row.id)
        .collect();
    assert_eq!(
        found,
        [
            "admin_system_create",
            "agents_agents_create",
            "core_tokens_set_key_create",
            "core_users_recovery_create",
            "core_users_service_account_create",
            "endpoints_agents_connectors_auth_fed_create",
            "endpoints_agents_connectors_auth_ia_create",
            "endpoints_agents_connectors_enroll_create",
            "endpoints_agents_connectors_mdm_config_create",
        ]
    );
}

/// Fields of answers that have a credential in clear in some version.
const CREDENTIALS: &[&str] = &[
    "auth",
    "auth_oauth_params",
    "auth_password",
    "bind_password",
    "client_secret",
    "consumer_secret",
    "content",
    "cookie_secret",
    "credentials",
    "file_url",
    "http_headers",
    "key",
    "kubeconfig",
    "link",
    "password",
    "plex_token",
    "private_key",
    "secret_key",
    "settings",
    "shared_secret",
    "static_settings",
    "token",
    "token_set",
    "webhook_url",
];

#[test]
fn read_answers_have_no_credential_in_any_version() {
    let Some(schemas) = Schemas::load() else {
        return;
    };
    let (mut found, mut sounding) = (BTreeSet::new(), BTreeSet::new());
    let reads = CATALOGUE.iter().filter(|row| row.class == Class::Read);
    let reads: BTreeMap<_, _> = reads.map(|row| (row.template, row.id)).collect();
    for (_, schema) in &schemas {
        for (template, method, operation) in schema.operations() {
            let Some(id) = reads.get(template).filter(|_| method == "GET") else {
                continue;
            };
            if let Some(answer) = schema.success(operation) {
                let mut fields = BTreeSet::new();
                collect_fields(schema, answer, &mut Vec::new(), &mut fields);
                let listed = |field: &&str| CREDENTIALS.contains(field);
                let hits = fields.iter().copied().filter(listed);
                found.extend(hits.map(|field| format!("{id} {field}")));
                let sounds = |field: &&str| SOUNDS_SECRET.iter().any(|word| field.contains(word));
                sounding.extend(fields.into_iter().filter(sounds).map(str::to_owned));
            }
        }
    }
    let expected = [
        "core_object_attributes_list key", // an attribute's name
        "core_object_attributes_retrieve key",
        "core_users_me_retrieve settings", // of the user's own pages
        "providers_oauth2_list client_secret", // the exception of the rules
        "providers_oauth2_retrieve client_secret",
        "providers_oauth2_setup_urls_retrieve token", // an address
    ];
    assert_eq!(
        found.iter().map(String::as_str).collect::<Vec<_>>(),
        expected
    );
    let known: BTreeSet<_> = HARMLESS
        .iter()
        .map(|(field, _)| (*field).to_owned())
        .collect();
    assert_eq!(
        sounding, known,
        "every name that sounds secret was looked at"
    );
}

/// Parts of names that a new field with a credential is likely to have.
const SOUNDS_SECRET: &[&str] = &[
    "secret",
    "password",
    "passphrase",
    "private",
    "credential",
    "token",
    "keytab",
    "bearer",
];

/// Fields of `Read` answers that sound secret, and what they are.
const HARMLESS: &[(&str, &str)] = &[
    ("access_token_url", "an address"),
    ("access_token_validity", "a time"),
    ("allow_show_password", "a switch"),
    ("basic_auth_password_attribute", "an attribute's name"),
    (
        "client_secret",
        "masked by whoever passes it on: see the exception of the rules",
    ),
    ("default_token_duration", "a time"),
    ("default_token_length", "a number"),
    ("include_claims_in_id_token", "a switch"),
    ("num_historical_passwords", "a number"),
    ("password_change_date", "a date"),
    ("password_field", "a field's name"),
    ("password_login_update_internal_password", "a switch"),
    ("password_stage", "an id"),
    ("passwordless_flow", "an id"),
    ("private_key_available", "a switch"),
    (
        "private_key_download_url",
        "an address that asks for rights of its own",
    ),
    ("private_key_type", "a kind"),
    ("refresh_token_threshold", "a time"),
    ("refresh_token_validity", "a time"),
    ("request_token_url", "an address"),
    ("revoke_tokens", "a switch"),
    ("set_unusable_password", "a switch"),
    ("sync_users_password", "a switch"),
    ("token", "an address"),
    ("token_count", "a number"),
    ("token_expiry", "a time"),
    ("token_identifier", "a name"),
    ("token_length", "a number"),
    ("token_obj", "a token without its key"),
    ("token_uuid", "an id"),
];

/// Names of all fields anywhere in answers of `schema`.
fn collect_fields<'a>(
    document: &'a Schema,
    schema: &'a serde_json::Value,
    inside: &mut Vec<&'a str>,
    fields: &mut BTreeSet<&'a str>,
) {
    if let Some(reference) = schema["$ref"].as_str() {
        if !inside.contains(&reference) {
            inside.push(reference);
            collect_fields(document, document.resolve(schema), inside, fields);
            inside.pop();
        }
        return;
    }
    for keyword in ["allOf", "anyOf", "oneOf"] {
        for one in schema[keyword].as_array().into_iter().flatten() {
            collect_fields(document, one, inside, fields);
        }
    }
    if schema["items"].is_object() {
        collect_fields(document, &schema["items"], inside, fields);
    }
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        if field["writeOnly"] == true {
            continue;
        }
        fields.insert(name);
        collect_fields(document, field, inside, fields);
    }
}
