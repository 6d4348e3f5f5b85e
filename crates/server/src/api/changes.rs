//! `/api/changes`.

use app::model::Change;
use axum::{
    Json,
    extract::{Path, Query, State},
    response::{IntoResponse, Response},
};
use http::{StatusCode, header::LOCATION};
use serde::Deserialize;
use serde_json::{Value, json};
use setup::{FieldErrors, oidc_application::Draft};

use super::JsonBody;
use crate::{changes::OIDC_APPLICATION, refusal::Refusal, state::AppState};

/// `GET /api/changes`
pub(super) async fn list(State(state): State<AppState>) -> Result<Json<Value>, Refusal> {
    Ok(Json(json!({ "changes": state.changes.changes().await? })))
}

/// `POST /api/changes` with `{"kind": "oidc-application", "draft": {…}}`: plans.
pub(super) async fn create(
    State(state): State<AppState>,
    JsonBody(body): JsonBody,
) -> Result<Response, Refusal> {
    let draft = draft(body).map_err(Refusal::invalid)?;
    let change = state.changes.plan(draft).await?;
    let location = format!("/api/changes/{}", change.summary.id);
    Ok((StatusCode::CREATED, [(LOCATION, location)], Json(change)).into_response())
}

/// `GET /api/changes/{id}`
pub(super) async fn retrieve(
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> Result<Json<Change>, Refusal> {
    Ok(Json(state.changes.change(&id).await?))
}

/// `POST /api/changes/{id}/apply`
pub(super) async fn apply(
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<Change>), Refusal> {
    Ok((StatusCode::ACCEPTED, Json(state.changes.apply(&id).await?)))
}

/// `POST /api/changes/{id}/undo`
pub(super) async fn undo(
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<Change>), Refusal> {
    Ok((StatusCode::ACCEPTED, Json(state.changes.undo(&id).await?)))
}

/// `GET /api/changes/{id}/checks`: runs the live checks of its application.
pub(super) async fn checks(
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let slug = state.changes.change(&id).await?.summary.slug;
    Ok(Json(json!({ "checks": state.console.checks(slug).await? })))
}

/// The query of [`app_side`].
#[derive(Deserialize)]
pub(super) struct AppSideQuery {
    /// `true`: with secrets.
    #[serde(default)]
    reveal: String,
}

/// `GET /api/changes/{id}/app-side`: what the application's own side has to be told.
pub(super) async fn app_side(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Query(query): Query<AppSideQuery>,
) -> Result<Json<Value>, Refusal> {
    let summary = state.changes.change(&id).await?.summary;
    let side = state
        .console
        .app_side(summary.slug, Some(summary.preset), query.reveal == "true")
        .await?;
    Ok(Json(json!({ "app_side": side })))
}

/// The draft in a body; what is wrong with it is named by field.
fn draft(mut body: Value) -> Result<Draft, FieldErrors> {
    let mut errors = FieldErrors::default();
    match body.get("kind").and_then(Value::as_str) {
        Some(OIDC_APPLICATION) => {}
        Some(other) => errors.add(
            "kind",
            format!("There is no kind “{other}”: so far it is “{OIDC_APPLICATION}”."),
        ),
        None => errors.add(
            "kind",
            format!("Say which kind of set-up: “{OIDC_APPLICATION}”."),
        ),
    }
    let draft = body.get_mut("draft").map(Value::take);
    let draft = match draft {
        None => {
            errors.add("draft", "The draft is missing.");
            None
        }
        // A list would do as well, for serde.
        Some(draft) if !draft.is_object() => {
            errors.add("draft", "The draft must be an object.");
            None
        }
        Some(draft) => match serde_path_to_error::deserialize(draft) {
            Ok(draft) => Some(draft),
            Err(error) => {
                let path = error.path().to_string();
                let field = if path == "." {
                    "draft".to_owned()
                } else {
                    path
                };
                errors.add(field, error.into_inner().to_string());
                None
            }
        },
    };
    match draft {
        Some(draft) => errors.into_result(draft),
        None => Err(errors),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draft_errors_name_the_field() {
        let of = |body: Value| {
            draft(body)
                .map(|draft| draft.preset)
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
