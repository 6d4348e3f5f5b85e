//! `/api/changes/{id}/events`: the journal while it is written, as server-sent events.

use std::{convert::Infallible, time::Duration};

use app::error::AppError;
use axum::{
    extract::{Path, State},
    response::{
        IntoResponse, Response, Sse,
        sse::{Event, KeepAlive},
    },
};
use http::{HeaderMap, HeaderValue, StatusCode, header::CACHE_CONTROL};
use setup::change::State as ChangeState;
use tokio::{
    sync::mpsc::{self, error::SendError},
    time::timeout,
};
use tokio_stream::wrappers::ReceiverStream;

use crate::{
    refusal::Refusal,
    state::{AppState, ServerChanges},
};

/// So long a stream lasts. An `EventSource` opens the next one by itself, and whether somebody may still see it is
/// decided anew: nobody whose session is over, or whose role is gone, follows on for longer.
const LIFE: Duration = Duration::from_mins(2);

type Sender = mpsc::Sender<Result<Event, Infallible>>;

/// One event for each entry of the journal, its number as id; at the end an event `end` with the
/// state. A client that comes back says by `Last-Event-ID` what it has; one that has everything of
/// a finished change set gets 204, which ends an `EventSource` for good.
pub(super) async fn stream(
    State(state): State<AppState>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let last = headers
        .get("last-event-id")
        .and_then(|id| id.to_str().ok()?.parse().ok());
    let change = state.changes.change(&id).await?;
    let newest = change.entries.last().map_or(0, |entry| entry.number);
    if is_finished(change.summary.state) && last.is_some_and(|last| last >= newest) {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let (sender, receiver) = mpsc::channel(16);
    let changes = state.changes.clone();
    tokio::spawn(async move {
        let fed = timeout(LIFE, feed(&changes, &id, last.unwrap_or(0), &sender)).await;
        if let Ok(Err(error)) = fed {
            tracing::warn!(change = id, %error, "event stream ended");
        }
    });
    let events = Sse::new(ReceiverStream::new(receiver)).keep_alive(KeepAlive::default());
    let mut response = events.into_response();
    response
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// Sends entries until the change set is finished, the client goes, or the server ends.
async fn feed(
    changes: &ServerChanges,
    id: &str,
    mut last: i64,
    sender: &Sender,
) -> Result<(), AppError> {
    let mut written = changes.watch();
    loop {
        written.mark_unchanged();
        // The state first: entries written between the two reads belong to it or come after it.
        let state = changes.state(id).await?;
        for entry in changes.entries(id, last).await? {
            last = entry.number;
            let event = Event::default().id(last.to_string()).json_data(&entry);
            let event = event.map_err(|error| AppError::Internal(error.to_string()))?;
            if sender.send(Ok(event)).await.is_err() {
                return Ok(());
            }
        }
        if is_finished(state) {
            let end = Event::default().event("end").data(state.as_str());
            let _gone: Result<(), SendError<_>> = sender.send(Ok(end)).await;
            return Ok(());
        }
        tokio::select! {
            woken = written.changed() => if woken.is_err() { return Ok(()) },
            () = sender.closed() => return Ok(()),
            () = changes.shutdown().cancelled() => return Ok(()),
        }
    }
}

/// Whether nothing happens until somebody asks for it. A planned one is about to be applied.
const fn is_finished(state: ChangeState) -> bool {
    !state.is_running() && !matches!(state, ChangeState::Planned)
}
