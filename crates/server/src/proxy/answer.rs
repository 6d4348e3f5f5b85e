//! authentik's answer on its way back: read, limited, masked where that is needed.

use std::{pin::Pin, time::Duration};

use authentik_reqwest::Error as TransportError;
use axum::body::Body;
use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt as _, TryStreamExt as _, stream};
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{CONTENT_LENGTH, CONTENT_TYPE},
};
use tokio::{
    sync::mpsc,
    time::{Instant, timeout_at},
};

use super::mask;
use crate::{connection::no_answer, limits::Turn, refusal::Refusal};

/// Answers up to this size are read to the end before the first byte is passed on, so that a broken
/// one is an error and not half an answer.
const WHOLE: usize = 64 * 1024;
/// The largest answer that is passed on.
pub(super) const MAX_ANSWER: usize = 8 * 1024 * 1024;
/// How long an answer may take to be passed on, however slowly its reader reads.
const MAX_TIME: Duration = Duration::from_mins(1);
/// Pieces that wait for a slow reader.
const PIECES: usize = 4;

/// The body of an answer as it comes.
pub(super) type Chunks = Pin<Box<dyn Stream<Item = Result<Bytes, TransportError>> + Send>>;

/// What an answer is, by its media type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// JSON, or nothing at all.
    Data,
    /// Metadata in XML, the schema in YAML: to save, not to show.
    Document,
    /// No answer of the API's: a page of a proxy in front of it, a script, an image.
    Foreign,
}

impl Kind {
    pub(super) fn of(status: StatusCode, headers: &HeaderMap) -> Self {
        let Some(kind) = headers.get(CONTENT_TYPE) else {
            let none = headers
                .get(CONTENT_LENGTH)
                .is_some_and(|length| length == "0");
            return if none || status == StatusCode::NO_CONTENT {
                Self::Data
            } else {
                Self::Foreign
            };
        };
        let text = kind.to_str().unwrap_or("?").to_ascii_lowercase();
        match text.split(';').next().unwrap_or_default().trim() {
            "application/json" | "application/problem+json" => Self::Data,
            "application/vnd.oai.openapi"
            | "application/vnd.oai.openapi+json"
            | "application/xml"
            | "application/yaml" => Self::Document,
            _ => Self::Foreign,
        }
    }
}

/// A body to pass on.
pub(super) struct Passed {
    pub(super) body: Body,
    /// Where the body is streamed: how long authentik says that it is.
    pub(super) length: Option<HeaderValue>,
}

/// Reads the body, whole where it is small or has to be masked; else it is passed on as it comes,
/// and `turn` ends with it.
///
/// # Errors
/// When it is too large, breaks off, or cannot be masked.
pub(super) async fn collect(
    mut chunks: Chunks,
    masked: &[&str],
    headers: &HeaderMap,
    turn: Turn,
) -> Result<Passed, Refusal> {
    let announced = headers.get(CONTENT_LENGTH);
    let too_long = |length: usize| length > MAX_ANSWER;
    let length = announced.and_then(|length| length.to_str().ok()?.parse().ok());
    if length.is_some_and(too_long) {
        return Err(too_large());
    }
    let limit = if masked.is_empty() { WHOLE } else { MAX_ANSWER };
    let mut first: Vec<Bytes> = Vec::new();
    let mut size = 0;
    while let Some(chunk) = chunks.try_next().await.map_err(|error| silent(&error))? {
        size += chunk.len();
        first.push(chunk);
        if too_long(size) {
            return Err(too_large());
        }
        if size > limit {
            let chunks = stream::iter(first.into_iter().map(Ok)).chain(chunks);
            return Ok(Passed {
                body: streamed(chunks.boxed(), turn),
                length: announced.cloned(),
            });
        }
    }
    let whole = join(&first, size);
    let whole = if masked.is_empty() {
        whole
    } else {
        mask::mask(&whole, masked)?
    };
    Ok(Passed {
        body: Body::from(whole),
        length: None,
    })
}

fn join(pieces: &[Bytes], size: usize) -> Bytes {
    if let [only] = pieces {
        return only.clone();
    }
    let mut whole = BytesMut::with_capacity(size);
    for piece in pieces {
        whole.extend_from_slice(piece);
    }
    whole.freeze()
}

/// A body that a task of its own feeds, so that its time runs out also for a reader who does not
/// read. With the task end the turn and the connection to authentik.
fn streamed(mut chunks: Chunks, turn: Turn) -> Body {
    let (sender, receiver) = mpsc::channel::<Result<Bytes, Broken>>(PIECES);
    let deadline = Instant::now() + MAX_TIME;
    tokio::spawn(async move {
        let _turn = turn;
        let mut left = MAX_ANSWER;
        let feed = async {
            loop {
                let piece = match chunks.try_next().await {
                    Ok(None) => return,
                    Ok(Some(chunk)) if chunk.len() > left => Err(Broken::TooLarge),
                    Ok(Some(chunk)) => {
                        left -= chunk.len();
                        Ok(chunk)
                    }
                    Err(error) => Err(Broken::Upstream(error)),
                };
                let over = piece.is_err();
                if sender.send(piece).await.is_err() || over {
                    return;
                }
            }
        };
        if timeout_at(deadline, feed).await.is_err() {
            // Where there is no room the reader sees the stream end short of its length.
            drop(sender.try_send(Err(Broken::TooSlow)));
        }
    });
    let pieces = stream::unfold(receiver, |mut receiver| async {
        receiver.recv().await.map(|piece| (piece, receiver))
    });
    Body::from_stream(pieces)
}

/// Why a streamed answer breaks off.
#[derive(Debug, thiserror::Error)]
enum Broken {
    #[error(transparent)]
    Upstream(TransportError),
    #[error("the answer is too large to pass on")]
    TooLarge,
    #[error("the answer was not read in time")]
    TooSlow,
}

fn too_large() -> Refusal {
    Refusal::new(
        StatusCode::BAD_GATEWAY,
        "answer_too_large",
        "authentik's answer is larger than 8 MB. Ask for smaller pages with page_size.",
    )
}

/// No answer, or half of one.
pub(super) fn silent(error: &TransportError) -> Refusal {
    match error {
        TransportError::TooLarge { .. } => too_large(),
        TransportError::Timeout { .. } => {
            let mut refusal = Refusal::from(no_answer(error));
            refusal.status = StatusCode::GATEWAY_TIMEOUT;
            refusal
        }
        _ => {
            let mut refusal = Refusal::from(no_answer(error));
            refusal.status = StatusCode::BAD_GATEWAY;
            refusal
        }
    }
}
