//! `/api/changes`.

use app::{
    model::{Change, ChangeDraft, Role},
    ports::Console as _,
};
use axum::{
    Json,
    extract::Path,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http::{StatusCode, header::LOCATION};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use setup::{FieldErrors, access_change::AccessDraft};

use super::JsonBody;
use crate::{console::ServerConsole, refusal::Refusal};

/// `GET /api/changes`
pub(super) async fn list(console: ServerConsole) -> Result<Json<Value>, Refusal> {
    Ok(Json(json!({ "changes": console.changes.changes().await? })))
}

/// `POST /api/changes` with `{"kind": "oidc-application", "draft": {…}}`, or a kind of
/// [`AccessDraft`]: plans.
pub(super) async fn create(
    console: ServerConsole,
    JsonBody(body): JsonBody,
) -> Result<Response, Refusal> {
    console.require(Role::Operator)?;
    let change = match draft(body).map_err(Refusal::invalid)? {
        ChangeDraft::OidcApplication(draft) => console.changes.plan(*draft).await?,
        ChangeDraft::Access(draft) => console.changes.plan_access(*draft).await?,
        ChangeDraft::ServiceAccount(draft) => {
            console.require(Role::Admin)?;
            console.changes.plan_service_account(draft).await?
        }
    };
    let location = format!("/api/changes/{}", change.summary.id);
    Ok((StatusCode::CREATED, [(LOCATION, location)], Json(change)).into_response())
}

/// `GET /api/changes/{id}`
pub(super) async fn retrieve(
    console: ServerConsole,
    Path(id): Path<String>,
) -> Result<Json<Change>, Refusal> {
    Ok(Json(console.changes.change(&id).await?))
}

/// The body of [`apply`], which may be left out where nothing is to be confirmed.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ApplyBody {
    /// The text that the plan's `confirm` asks for.
    confirm: String,
}

/// `POST /api/changes/{id}/apply`, with `{"confirm": "…"}` where the plan asks for it.
pub(super) async fn apply(
    console: ServerConsole,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<(StatusCode, Json<Change>), Refusal> {
    let body = if body.trim_ascii().is_empty() {
        ApplyBody::default()
    } else {
        let body = serde_json::from_slice::<Option<ApplyBody>>(&body).map_err(|error| {
            let mut errors = FieldErrors::default();
            errors.add("confirm", format!("The body is not as expected: {error}."));
            Refusal::invalid(errors)
        })?;
        body.unwrap_or_default()
    };
    let change = console.apply_change(&id, &body.confirm).await?;
    Ok((StatusCode::ACCEPTED, Json(change)))
}

/// `POST /api/changes/{id}/undo`
pub(super) async fn undo(
    console: ServerConsole,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<Change>), Refusal> {
    Ok((StatusCode::ACCEPTED, Json(console.undo_change(&id).await?)))
}

/// `GET /api/changes/{id}/checks`: runs the live checks of its application; of a change of who may open
/// what, asks about people on both sides of the line.
pub(super) async fn checks(
    console: ServerConsole,
    Path(id): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let checks = if let Some(checks) = console.changes.verify(&id).await? {
        checks
    } else {
        let slug = console.changes.change(&id).await?.summary.slug;
        console.checks(slug).await?
    };
    Ok(Json(json!({ "checks": checks })))
}

/// `GET /api/changes/{id}/app-side`: what the application's own side has to be told, without secrets.
pub(super) async fn app_side(
    console: ServerConsole,
    Path(id): Path<String>,
) -> Result<Json<Value>, Refusal> {
    side(&console, &id, false).await
}

/// `POST /api/changes/{id}/app-side`: the same with its secrets, which goes into the audit log.
pub(super) async fn revealed_app_side(
    console: ServerConsole,
    Path(id): Path<String>,
) -> Result<Json<Value>, Refusal> {
    side(&console, &id, true).await
}

async fn side(console: &ServerConsole, id: &str, reveal: bool) -> Result<Json<Value>, Refusal> {
    let summary = console.changes.change(id).await?.summary;
    let side = console.app_side(summary.slug, Some(summary.preset), reveal);
    Ok(Json(json!({ "app_side": side.await? })))
}

/// The draft in a body; what is wrong with it is named by field.
pub(crate) fn draft(mut body: Value) -> Result<ChangeDraft, FieldErrors> {
    let mut errors = FieldErrors::default();
    let kind = body
        .get("kind")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    let mut kinds = vec![ChangeDraft::OIDC_APPLICATION];
    kinds.extend(AccessDraft::KINDS);
    if !kinds.contains(&kind.as_str()) {
        let known: Vec<String> = kinds.iter().map(|kind| format!("“{kind}”")).collect();
        let known = known.join(", ");
        errors.add("kind", format!("Say which kind of change: one of {known}."));
    }
    let draft = match body.get_mut("draft").map(Value::take) {
        // A list would do as well, for serde.
        Some(draft @ Value::Object(_)) => draft,
        Some(_) => {
            errors.add("draft", "The draft must be an object.");
            return Err(errors);
        }
        None => {
            errors.add("draft", "The draft is missing.");
            return Err(errors);
        }
    };
    let read = if kind == ChangeDraft::OIDC_APPLICATION || !errors.is_empty() {
        parse(draft).map(|draft| ChangeDraft::OidcApplication(Box::new(draft)))
    } else {
        let mut draft = draft;
        if let Some(map) = draft.as_object_mut() {
            map.insert("kind".to_owned(), Value::String(kind));
        }
        parse(draft).map(|draft| ChangeDraft::Access(Box::new(draft)))
    };
    match read {
        Ok(draft) => errors.into_result(draft),
        Err((field, message)) => {
            errors.add(field, message);
            Err(errors)
        }
    }
}

/// A draft, or the field that cannot be read and why.
fn parse<D: DeserializeOwned>(draft: Value) -> Result<D, (String, String)> {
    serde_path_to_error::deserialize(draft).map_err(|error| {
        let path = error.path().to_string();
        let field = if path == "." {
            "draft".to_owned()
        } else {
            path
        };
        (field, error.into_inner().to_string())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draft_errors_name_the_field() {
        let of = |body: Value| {
            draft(body)
                .map(|draft| draft.preset())
                .map_err(|errors| errors.0)
        };
        let good = json!({ "kind": "oidc-application", "draft": { "preset": "grafana" } });
        assert_eq!(of(good), Ok("grafana".into()));
        let fields = |body| of(body).unwrap_err().into_keys().collect::<Vec<_>>();
        assert_eq!(fields(json!({})), ["draft", "kind"]);
        assert_eq!(fields(json!({ "kind": "saml", "draft": {} })), ["kind"]);
        assert_eq!(
            fields(json!({ "kind": "oidc-application", "draft": { "access": { "groups": 5 } } })),
            ["access.groups"]
        );
        assert_eq!(
            fields(json!({ "kind": "oidc-application", "draft": { "colour": "red" } })),
            ["colour"]
        );
        assert_eq!(
            fields(json!({ "kind": "oidc-application", "draft": [] })),
            ["draft"]
        );
    }
}
