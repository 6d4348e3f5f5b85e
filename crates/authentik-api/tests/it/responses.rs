//! Every recorded answer, read by the client: into a model, or as an error that it understands.

use std::{collections::BTreeMap, convert::Infallible};

use authentik_api::{
    Capabilities, Client, Error, Page, Parts, Problem, Transport,
    models::{
        AccessResult, Application, CertificateKeyPair, Config, CurrentBrand, Event, Flow, Group,
        Me, OAuth2Provider, Outpost, Permission, PolicyBinding, PropertyMappingPreview, Provider,
        Role, ScopeMapping, ServerVersion, Settings, SetupUrls, TokenKey, TransactionResult,
        UsedBy, User,
    },
    operation::{Method, OperationId, match_path, named},
};
use bytes::Bytes;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::common::recordings::{self, Exchange};

/// Answers every request with one recorded answer.
#[derive(Clone)]
struct Recorded {
    status: u16,
    content_type: String,
    body: Bytes,
}

impl Transport for Recorded {
    type Error = Infallible;

    async fn execute(&self, _: http::Request<Bytes>) -> Result<http::Response<Bytes>, Infallible> {
        let response = http::Response::builder().status(self.status);
        let response = match self.content_type.as_str() {
            "" => response,
            kind => response.header(http::header::CONTENT_TYPE, kind),
        };
        Ok(response.body(self.body.clone()).unwrap())
    }
}

/// What became of one recorded answer.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Clone, Copy)]
enum Outcome {
    Model,
    UntypedJson,
    ErrorShape,
    WebPage,
}

fn read<M: DeserializeOwned + Serialize>(
    exchange: &Exchange,
    operation: OperationId,
    params: &[String],
    typed: bool,
) -> Result<Outcome, String> {
    let body = match &exchange.response {
        None => Bytes::new(),
        Some(Value::String(text)) if !exchange.content_type.contains("json") => {
            Bytes::from(text.clone())
        }
        Some(json) => Bytes::from(json.to_string()),
    };
    let recorded = Recorded {
        status: exchange.status,
        content_type: exchange.content_type.clone(),
        body,
    };
    let client = Client::new(recorded, Capabilities::oldest());
    let parts = Parts {
        params: params.to_vec(),
        ..Parts::new(operation)
    };
    let result = futures_util::FutureExt::now_or_never(client.execute::<M>(parts)).unwrap();
    match result {
        Ok(_) if typed => Ok(Outcome::Model),
        Ok(_) => Ok(Outcome::UntypedJson),
        Err(Error::Rejected { problem, .. }) => {
            assert!(!problem.summary().is_empty() || problem == Problem::Messages(vec![]));
            Ok(Outcome::ErrorShape)
        }
        Err(Error::Unexpected { .. }) if exchange.content_type.contains("html") => {
            Ok(Outcome::WebPage)
        }
        Err(error) => Err(format!("{}: {error}", exchange.label())),
    }
}

/// Reads an answer into the model of its operation.
fn read_typed(
    exchange: &Exchange,
    operation: OperationId,
    params: &[String],
) -> Result<Outcome, String> {
    macro_rules! typed {
        ($($($id:literal)|+ => $model:ty,)*) => {
            match operation.get().id {
                $($($id)|+ => read::<$model>(exchange, operation, params, true),)*
                _ => read::<Value>(exchange, operation, params, false),
            }
        };
    }
    typed! {
        "admin_version_retrieve" => ServerVersion,
        "admin_settings_retrieve" | "admin_settings_partial_update" | "admin_settings_update" => Settings,
        "root_config_retrieve" => Config,
        "core_users_me_retrieve" => Me,
        "core_users_list" => Page<User>,
        "core_users_retrieve" | "core_users_create" | "core_users_partial_update" | "core_users_update" => User,
        "core_groups_list" => Page<Group>,
        "core_groups_retrieve" | "core_groups_create" | "core_groups_partial_update" | "core_groups_update" => Group,
        "core_applications_list" => Page<Application>,
        "core_applications_retrieve" | "core_applications_create" | "core_applications_partial_update" | "core_applications_update" => Application,
        "core_applications_check_access_retrieve" => AccessResult,
        "core_applications_used_by_list" | "providers_oauth2_used_by_list" => Vec<UsedBy>,
        "core_transactional_applications_update" => TransactionResult,
        "core_brands_current_retrieve" | "core_tenants_current_retrieve" => CurrentBrand,
        "providers_all_list" => Page<Provider>,
        "providers_all_retrieve" => Provider,
        "providers_oauth2_list" => Page<OAuth2Provider>,
        "providers_oauth2_retrieve" | "providers_oauth2_create" | "providers_oauth2_partial_update" | "providers_oauth2_update" => OAuth2Provider,
        "providers_oauth2_setup_urls_retrieve" => SetupUrls,
        "providers_oauth2_preview_user_retrieve" => PropertyMappingPreview,
        "flows_instances_list" => Page<Flow>,
        "flows_instances_retrieve" | "flows_instances_create" | "flows_instances_partial_update" => Flow,
        "propertymappings_provider_scope_list" | "propertymappings_scope_list" => Page<ScopeMapping>,
        "propertymappings_provider_scope_retrieve" | "propertymappings_scope_retrieve"
            | "propertymappings_provider_scope_create" | "propertymappings_scope_create" => ScopeMapping,
        "core_tokens_view_key_retrieve" => TokenKey,
        "rbac_roles_list" => Page<Role>,
        "rbac_roles_retrieve" | "rbac_roles_create" => Role,
        "rbac_permissions_list" => Page<Permission>,
        "crypto_certificatekeypairs_list" => Page<CertificateKeyPair>,
        "crypto_certificatekeypairs_retrieve" | "crypto_certificatekeypairs_generate_create" => CertificateKeyPair,
        "policies_bindings_list" => Page<PolicyBinding>,
        "policies_bindings_retrieve" | "policies_bindings_create" | "policies_bindings_partial_update" | "policies_bindings_update" => PolicyBinding,
        "outposts_instances_list" => Page<Outpost>,
        "outposts_instances_retrieve" | "outposts_instances_create" | "outposts_instances_partial_update" => Outpost,
        "events_events_list" => Page<Event>,
    }
}

#[test]
fn every_recorded_answer_is_read() {
    let Some(exchanges) = recordings::load() else {
        return;
    };
    let mut counts: BTreeMap<Outcome, usize> = BTreeMap::new();
    let (mut outside, mut unknown_path, mut failures) = (0, 0, Vec::new());
    for exchange in &exchanges {
        let Some(path) = exchange.api_path() else {
            outside += 1;
            continue;
        };
        let method: http::Method = exchange.method.parse().unwrap();
        let matched = Method::try_from(&method)
            .ok()
            .and_then(|m| match_path(m, path).ok());
        let outcome = if let Some(matched) = matched {
            read_typed(exchange, matched.operation, &matched.params)
        } else {
            // A request that no operation has still gets an answer that must be read.
            unknown_path += 1;
            read::<Value>(exchange, named("root_config_retrieve"), &[], false)
        };
        match outcome {
            Ok(outcome) => *counts.entry(outcome).or_default() += 1,
            Err(message) => failures.push(message),
        }
    }
    println!(
        "counts: recordings: {} exchanges, {counts:?}, {unknown_path} to unknown paths, {outside} outside the API",
        exchanges.len()
    );
    assert!(
        failures.is_empty(),
        "{}\n{} failures",
        failures.join("\n"),
        failures.len()
    );
}
