//! `/healthz` and `/readyz`, for whatever watches over the process. No session is needed.

use app::error::AppError;
use axum::{
    Json,
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::{HeaderValue, StatusCode, header::CACHE_CONTROL};
use serde_json::json;

use crate::state::AppState;

/// The process is up.
pub(crate) async fn live() -> &'static str {
    "ok\n"
}

/// authentik is there and accepts the token.
pub(crate) async fn ready(State(state): State<AppState>) -> Response {
    let mut response = match state.connector.get().await {
        Ok(connected) => {
            let connection = &connected.connection;
            Json(json!({
                "status": "ready",
                "authentik": { "version": connection.capabilities.version },
                "superuser": connection.me.is_superuser,
                "demo": connection.demo,
            }))
            .into_response()
        }
        Err(error) => {
            let problem = match error {
                AppError::NotConnected {
                    title,
                    detail,
                    way_out,
                }
                | AppError::TokenRefused {
                    title,
                    detail,
                    way_out,
                } => {
                    json!({ "title": title, "detail": detail, "way_out": way_out })
                }
                other => json!({ "title": other.to_string() }),
            };
            let body = json!({ "status": "not ready", "problem": problem });
            (StatusCode::SERVICE_UNAVAILABLE, Json(body)).into_response()
        }
    };
    response
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
