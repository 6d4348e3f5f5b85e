//! `/api/presets`.

use axum::{
    Json,
    extract::{Path, Query},
};
use serde::Deserialize;
use serde_json::{Value, json};
use setup::preset::Preset;

use crate::{presets, refusal::Refusal};

/// The query of [`list`].
#[derive(Deserialize)]
pub(super) struct ListQuery {
    /// Words to look for.
    #[serde(default)]
    search: String,
}

/// `GET /api/presets`: all in short, or the fitting ones, best first.
pub(super) async fn list(Query(query): Query<ListQuery>) -> Result<Json<Value>, Refusal> {
    let library = presets::library()?;
    let found = if query.search.trim().is_empty() {
        library.summaries().iter().collect()
    } else {
        library.search(&query.search)
    };
    Ok(Json(json!({ "presets": found })))
}

/// `GET /api/presets/{id}`
pub(super) async fn retrieve(Path(id): Path<String>) -> Result<Json<&'static Preset>, Refusal> {
    Ok(Json(presets::preset(&id)?))
}
