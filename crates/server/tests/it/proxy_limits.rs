//! How much of a read the proxy passes on, and how many at once.

use std::{net::SocketAddr, time::Duration};

use axum::body::Body;
use futures_util::future::join_all;
use http::{Method, Request, header};
use http_body_util::BodyExt as _;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};
use wiremock::{MockServer, ResponseTemplate};

use crate::common::{Answer, Console, answers, impostor};

const LIMIT: usize = 8 * 1024 * 1024;
const PATH: &str = "/api/v3/core/groups/";

/// An authentik that connects, and answers [`PATH`] with this.
async fn answering(answer: ResponseTemplate) -> MockServer {
    let server = impostor().await;
    answers(&server, PATH, answer).await;
    server
}

#[tokio::test]
async fn announced_answer_that_is_too_large_is_refused() {
    for (length, status) in [(LIMIT, 200), (LIMIT + 1, 502)] {
        let body = "x".repeat(length);
        let server =
            answering(ResponseTemplate::new(200).set_body_raw(body, "application/json")).await;
        let console = Console::at(&server.uri(), "x").await;
        let answer = console.get(PATH).await;
        assert_eq!(answer.status, status);
        if status == 502 {
            assert_eq!(answer.code(), "answer_too_large");
            assert!(answer.text().contains("page_size"));
        }
    }
}

/// A server that never ends its list of groups.
async fn endless() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut head = vec![0; 4096];
                let read = stream.read(&mut head).await.unwrap();
                let head = String::from_utf8_lossy(&head[..read]).into_owned();
                let start = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
                if head.contains(PATH) {
                    let start = format!("{start}transfer-encoding: chunked\r\n\r\n");
                    stream.write_all(start.as_bytes()).await.unwrap();
                    let piece = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
                    while stream.write_all(piece.as_bytes()).await.is_ok() {}
                    return;
                }
                let body = if head.contains("/admin/version/") {
                    r#"{"version_current":"2025.10.0"}"#
                } else {
                    r#"{"user":{"pk":1,"username":"akadmin"}}"#
                };
                let length = body.len();
                let answer =
                    format!("{start}content-length: {length}\r\nconnection: close\r\n\r\n{body}");
                // Whoever is not interested any more is none of ours.
                let _gone: std::io::Result<()> = stream.write_all(answer.as_bytes()).await;
            });
        }
    });
    address
}

#[tokio::test]
async fn endless_answer_breaks_off_at_the_limit() {
    let console = Console::at(&format!("http://{}", endless().await), "x").await;
    let request = console
        .request(Method::GET, PATH)
        .body(Body::empty())
        .unwrap();
    let response = console.raw(request).await;
    assert_eq!(response.status(), 200, "it began well");
    let mut body = response.into_body();
    let mut size = 0;
    let error = loop {
        match body.frame().await.expect("it does not end well") {
            Ok(frame) => size += frame.data_ref().map_or(0, axum::body::Bytes::len),
            Err(error) => break error,
        }
    };
    assert!(error.to_string().contains("too large"), "{error}");
    assert!(size > LIMIT / 2 && size <= LIMIT, "{size}");
}

#[tokio::test]
async fn reads_of_one_session_are_limited_and_do_not_keep_others_out() {
    let slow = ResponseTemplate::new(200).set_body_json(json!({ "results": [] }));
    let server = answering(slow.set_delay(Duration::from_millis(400))).await;
    let console = Console::at(&server.uri(), "x").await;
    console.get("/readyz").await;
    let other = console.enter(&console.link()).await.unwrap();
    let many = join_all((0..100).map(|_| console.get(PATH)));
    let another = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        let request = Request::get(PATH).header(header::COOKIE, &other);
        console.send(request.body(Body::empty()).unwrap()).await
    };
    let (answers, another) = tokio::join!(many, another);
    assert_eq!(another.status, 200);
    let passed = |answer: &&Answer| answer.status == 200;
    assert_eq!(
        answers.iter().filter(passed).count(),
        80,
        "16 at once, 64 that wait"
    );
    for refused in answers.iter().filter(|answer| !passed(answer)) {
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (429, "too_many_requests")
        );
        assert_eq!(refused.header(header::RETRY_AFTER), "1");
        assert_eq!(refused.json()["error"]["operation"], "core_groups_list");
    }
    assert_eq!(console.get(PATH).await.status, 200, "turns come back");
}

#[tokio::test]
async fn answer_that_is_being_read_keeps_its_turn() {
    let console = Console::at(&format!("http://{}", endless().await), "x").await;
    console.get("/readyz").await;
    let ask = async || {
        let request = console.request(Method::GET, PATH);
        console.raw(request.body(Body::empty()).unwrap()).await
    };
    let begun = join_all((0..16).map(|_| ask())).await;
    assert!(begun.iter().all(|response| response.status() == 200));
    // Nobody reads on: their turns are taken, and 64 more wait.
    let waiting = join_all((0..64).map(|_| ask()));
    let one_more = async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        ask().await.status()
    };
    tokio::select! {
        waited = waiting => panic!("turns were given twice: {}", waited.len()),
        status = one_more => assert_eq!(status, 429),
    }
    drop(begun);
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(
        ask().await.status(),
        200,
        "whoever goes away gives the turn back"
    );
}
