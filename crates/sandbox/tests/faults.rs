//! The fault switches, in process and over a real connection.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test ends where something is missing"
)]

mod common;

use axum::body::Body;
use common::Client;
use http::{Method, Request};
use http_body_util::BodyExt as _;
use sandbox::{Fault, Sandbox, Version};
use serde_json::json;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt as _;

fn client() -> Client {
    Client::new(Sandbox::new(Version::V2025_10, 3))
}

async fn listen(sandbox: &Sandbox) -> (SocketAddr, tokio::task::JoinHandle<std::io::Result<()>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    (
        listener.local_addr().unwrap(),
        tokio::spawn(sandbox.clone().serve(listener)),
    )
}

/// Sends a request over a connection of its own and reads until the server closes it.
async fn exchange(address: SocketAddr, sandbox: &Sandbox, head: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let length = body.len();
    let token = sandbox.admin_token();
    let request = format!(
        "{head} HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut text = Vec::new();
    // A reset ends the reading early; what came before it counts.
    let _ = stream.read_to_end(&mut text).await;
    String::from_utf8(text).unwrap()
}

#[tokio::test]
async fn server_errors_look_different_on_reads_and_writes() {
    let client = client();
    client
        .sandbox
        .faults()
        .set(Fault::ServerError, None, "/api/v3/core/groups", Some(2));
    let read = client.get("core/groups/").await;
    assert_eq!(
        (read.status, read.content_type.starts_with("text/html")),
        (500, true)
    );
    let write = client.post("core/groups/", &json!({ "name": "x" })).await;
    assert_eq!(write.status, 405);
    assert_eq!(client.sandbox.count("group"), 2, "nothing was done");
    assert_eq!(
        client.get("core/groups/").await.status,
        200,
        "two were asked for"
    );
}

#[tokio::test]
async fn switches_fit_by_method_and_prefix() {
    let client = client();
    let set =
        client
            .sandbox
            .faults()
            .set(Fault::BadGateway, Some(Method::POST), "/api/v3/core/", None);
    assert_eq!(client.get("core/groups/").await.status, 200);
    assert_eq!(client.get("flows/instances/").await.status, 200);
    for _ in 0..3 {
        assert_eq!(
            client
                .post("core/groups/", &json!({ "name": "x" }))
                .await
                .status,
            502
        );
    }
    assert_eq!(set.hits(), 3);
    set.remove();
    assert_eq!(
        client
            .post("core/groups/", &json!({ "name": "x" }))
            .await
            .status,
        201
    );
}

#[tokio::test]
async fn html_instead_of_json_comes_after_the_work() {
    let client = client();
    client
        .sandbox
        .faults()
        .set(Fault::Html, None, "/api/v3/core/groups/", Some(1));
    let answer = client
        .post("core/groups/", &json!({ "name": "made" }))
        .await;
    assert_eq!(
        (answer.status, answer.content_type.as_str()),
        (200, "text/html; charset=utf-8")
    );
    assert_eq!(
        client.get("core/groups/?name=made").await.body["pagination"]["count"],
        1
    );
}

#[tokio::test]
async fn latency_delays_and_answers() {
    let client = client();
    let wait = std::time::Duration::from_millis(1);
    let set = client
        .sandbox
        .faults()
        .set(Fault::Latency(wait), None, "/", None);
    assert_eq!(client.get("core/groups/").await.status, 200);
    assert_eq!(set.hits(), 1);
}

#[tokio::test]
async fn a_truncated_body_fails_halfway() {
    let client = client();
    client
        .sandbox
        .faults()
        .set(Fault::Truncate, None, "/api/v3/flows/", None);
    let request = Request::get("/api/v3/flows/instances/")
        .header(
            "authorization",
            format!("Bearer {}", client.sandbox.admin_token()),
        )
        .body(Body::empty())
        .unwrap();
    let response = client.sandbox.router().oneshot(request).await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(response.into_body().collect().await.is_err());
    let (address, server) = listen(&client.sandbox).await;
    let text = exchange(address, &client.sandbox, "GET /api/v3/flows/instances/", "").await;
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let promised: usize = head
        .to_lowercase()
        .split("content-length: ")
        .nth(1)
        .unwrap()
        .lines()
        .next()
        .unwrap()
        .parse()
        .unwrap();
    assert!(
        !body.is_empty() && body.len() < promised,
        "{} of {promised}",
        body.len()
    );
    server.abort();
}

#[tokio::test]
async fn a_reset_leaves_no_answer() {
    let client = client();
    let (address, server) = listen(&client.sandbox).await;
    client
        .sandbox
        .faults()
        .set(Fault::Reset, Some(Method::POST), "/", Some(1));
    let post = "POST /api/v3/core/groups/";
    assert_eq!(
        exchange(address, &client.sandbox, post, r#"{"name":"a"}"#).await,
        ""
    );
    assert_eq!(client.sandbox.count("group"), 2, "nothing was done");
    let text = exchange(address, &client.sandbox, post, r#"{"name":"a"}"#).await;
    assert!(text.starts_with("HTTP/1.1 201"), "{text}");
    assert_eq!(
        client
            .sandbox
            .requests()
            .iter()
            .map(|r| r.status)
            .collect::<Vec<_>>(),
        [0, 201]
    );
    server.abort();
}

#[tokio::test]
async fn a_client_may_die_before_and_after_the_work() {
    for (fault, groups) in [(Fault::HangBefore, 2), (Fault::HangAfter, 3)] {
        let client = client();
        let sandbox = client.sandbox.clone();
        let set = sandbox
            .faults()
            .set(fault, Some(Method::POST), "/api/v3/core/groups/", Some(1));
        let call = tokio::spawn(async move {
            client
                .post("core/groups/", &json!({ "name": "a" }))
                .await
                .status
        });
        set.arrived().await;
        call.abort();
        assert!(call.await.unwrap_err().is_cancelled());
        assert_eq!(sandbox.count("group"), groups, "{fault:?}");
    }
}

#[tokio::test]
async fn removing_the_switch_lets_the_call_go_on() {
    let client = client();
    let sandbox = client.sandbox.clone();
    let set = sandbox
        .faults()
        .set(Fault::HangAfter, None, "/api/v3/core/groups/", None);
    let call = tokio::spawn(async move {
        client
            .post("core/groups/", &json!({ "name": "a" }))
            .await
            .status
    });
    set.arrived().await;
    sandbox.faults().clear();
    assert_eq!(call.await.unwrap(), 201);
}

#[tokio::test]
async fn requests_are_noted_without_the_token() {
    let client = client();
    client.get("core/groups/?page_size=1").await;
    client.get("nowhere/").await;
    let noted = client.sandbox.requests();
    assert_eq!(noted[0].path, "/api/v3/core/groups/");
    assert_eq!(noted[0].query, "page_size=1");
    assert_eq!(
        noted
            .iter()
            .map(|request| request.status)
            .collect::<Vec<_>>(),
        [200, 404]
    );
    let text = format!("{noted:?}");
    assert!(!text.contains(&client.sandbox.admin_token()));
    client.sandbox.clear_requests();
    assert!(client.sandbox.requests().is_empty());
}

#[tokio::test]
async fn a_transaction_may_claim_success_and_do_nothing() {
    let client = client();
    let path = "core/transactional/applications/";
    client.sandbox.faults().set(
        Fault::NotApplied,
        Some(Method::PUT),
        &format!("/api/v3/{path}"),
        Some(1),
    );
    let body = json!({
        "app": { "name": "A", "slug": "a" },
        "provider_model": "authentik_providers_oauth2.oauth2provider",
        "provider": client.oauth2_body("A", "https://a.example.org/cb").await,
    });
    for (applied, applications) in [(false, 0), (true, 1)] {
        let answer = client.send("PUT", path, Some(&body)).await;
        assert_eq!(
            (answer.status, answer.body),
            (200, json!({ "applied": applied, "logs": [] }))
        );
        assert_eq!(client.sandbox.count("application"), applications);
    }
}
