//! The journal as server-sent events.

use axum::body::Body;
use http::{Method, header};
use http_body_util::BodyExt as _;
use sandbox::{Fault, Version};
use serde_json::Value;

use crate::common::{Console, Upstream, gitea};

/// Ids and data of the events in a text, and the state at the end.
fn events(text: &str) -> (Vec<(i64, Value)>, Option<String>) {
    let mut entries = Vec::new();
    let mut end = None;
    for block in text.split("\n\n").filter(|block| !block.is_empty()) {
        let field = |name: &str| {
            block
                .lines()
                .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
        };
        if field("event") == Some("end") {
            end = field("data").map(str::to_owned);
        } else if let Some(id) = field("id") {
            let data = serde_json::from_str(field("data").unwrap()).unwrap();
            entries.push((id.parse().unwrap(), data));
        }
    }
    (entries, end)
}

#[tokio::test]
async fn events_follow_the_journal_to_its_end() {
    let upstream = Upstream::start(Version::V2023_10).await;
    let console = Console::before(&upstream).await;
    let (id, _) = console.plan(&gitea()).await;
    let path = format!("/api/changes/{id}/events");
    // Opened before anything happens: waits.
    let early = console.get(&path);
    let (early, _) = tokio::join!(early, console.work(&id, "apply"));
    assert_eq!(early.header(header::CONTENT_TYPE), "text/event-stream");
    assert_eq!(early.header(header::CONTENT_ENCODING), "");
    let (entries, end) = events(&early.text());
    assert_eq!(end.as_deref(), Some("applied"));
    let journal = console.finished(&id).await["entries"].clone();
    assert_eq!(
        Value::from(
            entries
                .iter()
                .map(|(_, data)| data.clone())
                .collect::<Vec<_>>()
        ),
        journal
    );
    assert!(
        entries
            .iter()
            .map(|(id, _)| *id)
            .eq(1..=i64::try_from(entries.len()).unwrap())
    );
    assert!(entries.len() > 10, "{}", entries.len());

    let again = async |last: i64| {
        let request = console
            .request(Method::GET, &path)
            .header("last-event-id", last.to_string());
        console.send(request.body(Body::empty()).unwrap()).await
    };
    let (rest, end) = events(&again(3).await.text());
    assert_eq!(
        (rest.first().map(|(id, _)| *id), end.as_deref()),
        (Some(4), Some("applied"))
    );
    let newest = entries.len().try_into().unwrap();
    assert_eq!(again(newest).await.status, 204, "nothing more will come");
}

#[tokio::test]
async fn events_come_while_the_work_goes_on() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let console = Console::before(&upstream).await;
    let (id, _) = console.plan(&gitea()).await;
    let hanging = upstream.sandbox.faults().set(
        Fault::HangBefore,
        Some(Method::PUT),
        "/api/v3/core/transactional/",
        Some(1),
    );
    let path = format!("/api/changes/{id}/apply");
    assert_eq!(console.post(&path, &Value::Null).await.status, 202);
    hanging.arrived().await;
    let request = console.request(Method::GET, &format!("/api/changes/{id}/events"));
    let mut body = console
        .raw(request.body(Body::empty()).unwrap())
        .await
        .into_body();
    let mut text = String::new();
    while !text.contains(r#""step":"application""#) {
        let frame = body.frame().await.unwrap().unwrap();
        text.push_str(std::str::from_utf8(frame.data_ref().unwrap()).unwrap());
    }
    let (entries, end) = events(&text);
    assert_eq!(end, None, "it is still going on");
    assert!(entries.iter().any(|(_, data)| data["entry"] == "step_done"));
    hanging.remove();
    let rest = body.collect().await.unwrap().to_bytes();
    let (_, end) = events(std::str::from_utf8(&rest).unwrap());
    assert!(end.is_some());
}
