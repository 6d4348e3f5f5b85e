//! `admin/version`, `admin/settings`, `root/config` and the schema document.
#![expect(clippy::unnecessary_wraps, reason = "all handlers have one signature")]

use crate::call::Call;
use crate::fields::{Field, Kind, Mode, NAME, clean};
use crate::reply::{Outcome, Reply};
use crate::routes;
use crate::rows::Row;
use crate::state::{State, Table};
use crate::version::Version;
use http::Method;
use serde_json::{Value, json};

/// The version text that this sandbox reports.
pub(crate) fn version_text(state: &State) -> String {
    if state.recorded {
        state.version.recorded().to_owned()
    } else {
        state.version.to_string()
    }
}

pub(crate) fn version(state: &mut State, _: &Call, _: &[&str]) -> Outcome {
    let current = version_text(state);
    // The recorded 2025.10 had found out about the latest release, the two others had no Internet.
    let latest = if state.version == Version::V2025_10 {
        current.clone()
    } else {
        "0.0.0".to_owned()
    };
    let mut body = json!({
        "version_current": current,
        "version_latest": latest,
        "build_hash": "",
        "outdated": false,
    });
    if state.since(Version::V2025_10)
        && let Some(object) = body.as_object_mut()
    {
        object.insert("version_latest_valid".to_owned(), json!(latest != "0.0.0"));
        object.insert("outpost_outdated".to_owned(), json!(false));
    }
    Ok(Reply::ok(body))
}

pub(crate) fn config(state: &mut State, _: &Call, _: &[&str]) -> Outcome {
    let mut body = json!({
        "error_reporting": {
            "enabled": false,
            "sentry_dsn": "https://sandbox@error-reporting.example.org/1",
            "environment": "customer",
            "send_pii": false,
            "traces_sample_rate": 0.1,
        },
        "capabilities": ["can_impersonate", "is_enterprise"],
        "cache_timeout": 300,
        "cache_timeout_flows": 300,
        "cache_timeout_policies": 300,
    });
    if let Some(object) = body
        .as_object_mut()
        .filter(|_| !state.since(Version::V2026_5))
    {
        let reputation = if state.version == Version::V2023_10 {
            300
        } else {
            0
        };
        object.insert("cache_timeout_reputation".to_owned(), json!(reputation));
    }
    Ok(Reply::ok(body))
}

/// The settings and their defaults (from 2024.2).
pub(crate) fn settings_fields(state: &State) -> Vec<Field> {
    let mut fields = vec![
        Field::optional("avatars", NAME, json!("initials")),
        Field::optional("default_user_change_name", Kind::Bool, json!(true)),
        Field::optional("default_user_change_email", Kind::Bool, json!(false)),
        Field::optional("default_user_change_username", Kind::Bool, json!(false)),
        Field::optional("event_retention", Kind::Duration, json!("days=365")),
        Field::optional("reputation_lower_limit", Kind::Int { min: None }, json!(-5)),
        Field::optional("reputation_upper_limit", Kind::Int { min: None }, json!(5)),
        Field::optional("footer_links", Kind::Any, json!([])),
        Field::optional("gdpr_compliance", Kind::Bool, json!(true)),
        Field::optional("impersonation", Kind::Bool, json!(true)),
        Field::optional("impersonation_require_reason", Kind::Bool, json!(true)),
        Field::optional(
            "default_token_duration",
            Kind::Duration,
            json!("minutes=30"),
        ),
        Field::optional(
            "default_token_length",
            Kind::Int { min: Some(1) },
            json!(60),
        ),
        Field::required("flags", Kind::Object),
    ];
    if state.since(Version::V2026_5) {
        fields.push(Field::optional(
            "pagination_default_page_size",
            Kind::Int { min: Some(1) },
            json!(20),
        ));
        fields.push(Field::optional(
            "pagination_max_page_size",
            Kind::Int { min: Some(1) },
            json!(100),
        ));
    }
    fields
}

pub(crate) fn settings(state: &mut State, call: &Call, _: &[&str]) -> Outcome {
    if call.method != Method::GET {
        let mode = if call.method == Method::PUT {
            Mode::Put
        } else {
            Mode::Patch
        };
        let body = call.json(state.version)?;
        let new = clean(
            state,
            Table::Brands,
            &settings_fields(state),
            &body,
            mode,
            None,
        )
        .map_err(|errors| Reply::bad(Value::Object(errors)))?;
        state.mint.tick();
        state.settings.extend(new);
    }
    Ok(Reply::ok(Value::Object(state.settings.clone())))
}

/// A small document: enough to probe the version and which paths exist.
pub(crate) fn schema(state: &mut State, _: &Call, _: &[&str]) -> Outcome {
    let paths: Row = routes::api()
        .filter(|route| route.offered(state.version))
        .map(|route| {
            let verbs: Row = route
                .methods()
                .map(|verb| (verb.name().to_ascii_lowercase(), json!({ "responses": {} })))
                .collect();
            (format!("/{}/", route.pattern), Value::Object(verbs))
        })
        .collect();
    Ok(Reply::ok(json!({
        "openapi": "3.0.3",
        "info": { "title": "authentik", "version": version_text(state) },
        "paths": paths,
    })))
}

/// The API browser's page.
pub(crate) fn browser(_: &mut State, _: &Call, _: &[&str]) -> Outcome {
    Ok(Reply::page(
        http::StatusCode::OK,
        "API Browser",
        "The API of a simulated server.",
    ))
}
