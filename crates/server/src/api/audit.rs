//! `/api/audit.csv` and `/api/audit.jsonl`: the audit log as a file, narrowed down as the page is.

use app::model::{AuditEntry, AuditQuery, Audited, Role};
use axum::{
    extract::Query,
    response::{IntoResponse as _, Response},
};
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use serde::Deserialize;

use crate::{
    audit::{csv, json_lines},
    console::ServerConsole,
    refusal::Refusal,
};

/// The query of the page.
#[derive(Deserialize)]
pub(super) struct LogQuery {
    /// A text anywhere in the entries.
    #[serde(default)]
    q: String,
    /// One kind of action.
    #[serde(default)]
    action: String,
}

/// `GET /api/audit.csv`
pub(super) async fn as_csv(
    console: ServerConsole,
    query: Query<LogQuery>,
) -> Result<Response, Refusal> {
    let text = csv(&all(&console, query).await?);
    Ok(file("text/csv; charset=utf-8", "audit.csv", text))
}

/// `GET /api/audit.jsonl`
pub(super) async fn as_json_lines(
    console: ServerConsole,
    query: Query<LogQuery>,
) -> Result<Response, Refusal> {
    let text = json_lines(&all(&console, query).await?);
    Ok(file("application/jsonl", "audit.jsonl", text))
}

async fn all(
    console: &ServerConsole,
    Query(query): Query<LogQuery>,
) -> Result<Vec<AuditEntry>, Refusal> {
    console.require(Role::Admin)?;
    let wanted = AuditQuery {
        action: Audited::parse(&query.action),
        text: query.q,
        page: 1,
    };
    Ok(console.state.audit.all(&wanted).await?)
}

fn file(kind: &'static str, name: &str, text: String) -> Response {
    let headers = [
        (CONTENT_TYPE, kind.to_owned()),
        (
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, text).into_response()
}
