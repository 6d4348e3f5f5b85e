//! `/api/access.csv` and `/api/access.json`: the access map as a file, narrowed down as the page is.

use std::sync::Arc;

use app::state::access_map::{By, Export, Filter, Mark, export};
use axum::{
    Json,
    extract::{Query, State},
    response::{IntoResponse as _, Response},
};
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use serde::Deserialize;
use serde_json::Value;

use crate::{refusal::Refusal, state::AppState};

/// The query of the access map; where it stands in the pages does not matter here.
#[derive(Deserialize)]
pub(super) struct MapQuery {
    /// `people` for one row per person.
    #[serde(default)]
    by: String,
    /// Words in the names of groups or people.
    #[serde(default)]
    q: String,
    /// Words in the names of applications.
    #[serde(default)]
    app: String,
    /// One answer.
    #[serde(default)]
    verdict: String,
}

/// `GET /api/access.csv`
pub(super) async fn csv(
    state: State<AppState>,
    query: Query<MapQuery>,
) -> Result<Response, Refusal> {
    let csv = whole(state, query, Export::csv).await?;
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"access.csv\""),
        (CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, csv).into_response())
}

/// `GET /api/access.json`
pub(super) async fn json(
    state: State<AppState>,
    query: Query<MapQuery>,
) -> Result<Json<Value>, Refusal> {
    Ok(Json(whole(state, query, Export::json).await?))
}

/// The whole matrix, written out on a thread where that keeps nobody waiting.
async fn whole<T: Send + 'static>(
    State(state): State<AppState>,
    Query(query): Query<MapQuery>,
    write: fn(&Export) -> T,
) -> Result<T, Refusal> {
    let snapshot = state.worlds.access(false).await?;
    let filter = Filter {
        by: By::named(&query.by),
        q: query.q,
        app: query.app,
        verdict: Mark::named(&query.verdict),
        ..Filter::default()
    };
    let snapshot = Arc::clone(&snapshot);
    let written = tokio::task::spawn_blocking(move || write(&export(&snapshot, &filter))).await;
    written.map_err(|error| app::error::AppError::Internal(error.to_string()).into())
}
