//! The JSON API for programs: what the wizard does, without the wizard.

mod access;
mod audit;
pub(crate) mod changes;
mod events;
mod presets;

use axum::{
    Json, Router,
    extract::{FromRequest, Request},
    middleware::{Next, from_fn},
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use http::{HeaderMap, StatusCode, header::CONTENT_TYPE};
use serde_json::Value;

use crate::{refusal::Refusal, state::AppState};

/// All of it but the event stream, which may go on for long.
pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/changes", get(changes::list).post(changes::create))
        .route("/api/changes/{id}", get(changes::retrieve))
        .route("/api/changes/{id}/apply", post(changes::apply))
        .route("/api/changes/{id}/undo", post(changes::undo))
        .route("/api/changes/{id}/checks", get(changes::checks))
        .route(
            "/api/changes/{id}/app-side",
            get(changes::app_side).post(changes::revealed_app_side),
        )
        .route("/api/access.csv", get(access::csv))
        .route("/api/access.json", get(access::json))
        .route("/api/audit.csv", get(audit::as_csv))
        .route("/api/audit.jsonl", get(audit::as_json_lines))
        .route("/api/presets", get(presets::list))
        .route("/api/presets/{id}", get(presets::retrieve))
        .route("/api", get(unknown))
        .route("/api/{*path}", get(unknown))
        .method_not_allowed_fallback(not_allowed)
        .layer(from_fn(only_json))
}

/// The event stream.
pub(crate) fn events() -> Router<AppState> {
    Router::new().route("/api/changes/{id}/events", get(events::stream))
}

async fn unknown() -> Refusal {
    Refusal::new(
        StatusCode::NOT_FOUND,
        "unknown_path",
        "The API has no such path.",
    )
}

async fn not_allowed() -> Refusal {
    Refusal::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method_not_allowed",
        "The API has no such method on this path.",
    )
}

/// Refuses a `POST` that is not declared as JSON: a form of a foreign page cannot declare that.
async fn only_json(request: Request, next: Next) -> Response {
    if request.method() == http::Method::POST && !is_json(request.headers()) {
        return Refusal::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "not_json",
            "Send Content-Type: application/json, also with an empty body.",
        )
        .into_response();
    }
    next.run(request).await
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

/// A body of JSON.
struct JsonBody(Value);

impl<S: Send + Sync> FromRequest<S> for JsonBody {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        match Json::<Value>::from_request(request, state).await {
            Ok(Json(value)) => Ok(Self(value)),
            // Too large: told apart from the rest by its status, as everywhere.
            Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(
                Refusal::new(rejection.status(), "too_large", "The body is too large."),
            ),
            Err(_) => Err(Refusal::new(
                StatusCode::BAD_REQUEST,
                "bad_json",
                "The body is no valid JSON document.",
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_told_by_the_media_type_alone() {
        for (kind, expected) in [
            ("application/json", true),
            ("Application/JSON; charset=utf-8", true),
            ("text/plain", false),
            ("application/x-www-form-urlencoded", false),
            ("application/jsonp", false),
            ("", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, kind.parse().unwrap());
            assert_eq!(is_json(&headers), expected, "{kind}");
        }
        assert!(!is_json(&HeaderMap::new()));
    }
}
