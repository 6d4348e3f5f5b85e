//! A server that does not answer is left alone for a while.

use std::time::Duration;

use authentik_api::Transport as _;
use authentik_reqwest::{CircuitState, Error, Transport};
use tokio::{net::TcpListener, time::timeout};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

use crate::common::{builder, builder_at, request};

const USERS: &str = "/api/v3/core/users/";

async fn answering(status: u16) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(ResponseTemplate::new(status))
        .mount(&server)
        .await;
    server
}

async fn received(server: &MockServer) -> usize {
    server.received_requests().await.unwrap().len()
}

async fn refused(transport: &Transport, method: &str) -> bool {
    let answer = transport.execute(request(method, USERS)).await;
    match answer {
        Err(error @ Error::LeftAlone { .. }) => {
            assert!(<Transport as authentik_api::Transport>::never_sent(&error));
            assert!(error.to_string().contains("did not answer"), "{error}");
            true
        }
        _ => false,
    }
}

#[tokio::test]
async fn five_calls_without_an_answer_open_and_then_nothing_is_sent() {
    for status in [502, 503, 504] {
        let server = answering(status).await;
        let transport = builder(&server).retries(0).build().unwrap();
        for _ in 0..5 {
            assert!(transport.circuit().is_closed());
            assert!(!refused(&transport, "GET").await);
        }
        assert!(
            matches!(transport.circuit(), CircuitState::Open { retry_in, .. }
            if retry_in > Duration::from_secs(1) && retry_in <= Duration::from_secs(5))
        );
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            assert!(refused(&transport, method).await, "{method}");
        }
        assert!(transport.stream(request("GET", USERS)).await.is_err());
        assert_eq!(received(&server).await, 5, "status {status}");
    }
}

#[tokio::test]
async fn answers_of_authentik_itself_open_nothing() {
    for status in [200, 400, 401, 403, 404, 429, 500] {
        let server = answering(status).await;
        let transport = builder(&server).build().unwrap();
        for _ in 0..10 {
            assert!(!refused(&transport, "GET").await);
        }
        assert!(transport.circuit().is_closed(), "{status}");
    }
}

#[tokio::test]
async fn what_never_left_opens_nothing() {
    let server = answering(200).await;
    let transport = builder(&server).build().unwrap();
    for _ in 0..10 {
        let error = transport.execute(request("GET", "/api/v3/../x/")).await;
        assert!(matches!(error, Err(Error::Address { .. })));
    }
    assert!(transport.circuit().is_closed());
}

#[tokio::test]
async fn time_outs_and_refused_connections_open() {
    let deaf = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let deaf = format!("http://{}", deaf.local_addr().unwrap());
    for url in [deaf.as_str(), "http://127.0.0.1:1"] {
        let transport = builder_at(url).retries(0);
        let transport = transport.timeout(Duration::from_millis(30)).build();
        let transport = transport.unwrap();
        for _ in 0..5 {
            assert!(!refused(&transport, "GET").await, "{url}");
        }
        assert!(refused(&transport, "POST").await, "{url}");
    }
}

/// Answers 503 five times, then well, after `delay`.
async fn recovering(delay: Duration) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(ResponseTemplate::new(503))
        .up_to_n_times(5)
        .with_priority(1)
        .mount(&server)
        .await;
    Mock::given(any())
        .respond_with(ResponseTemplate::new(200).set_delay(delay))
        .with_priority(2)
        .mount(&server)
        .await;
    server
}

/// A transport that has just begun to leave the server alone.
async fn open(server: &MockServer) -> Transport {
    let transport = builder(server).retries(0).build().unwrap();
    for _ in 0..5 {
        transport.execute(request("GET", USERS)).await.unwrap();
    }
    assert!(refused(&transport, "GET").await);
    transport
}

#[tokio::test]
async fn clones_share_it_and_one_call_finds_out() {
    let server = recovering(Duration::from_millis(200)).await;
    let transport = open(&server).await;
    let clone = transport.clone();
    clone.try_now();
    let finds_out = tokio::spawn(async move { clone.execute(request("GET", USERS)).await });
    while !matches!(transport.circuit(), CircuitState::HalfOpen { .. }) {
        tokio::task::yield_now().await;
    }
    assert!(refused(&transport, "GET").await, "one is enough");
    assert_eq!(finds_out.await.unwrap().unwrap().status(), 200);
    assert!(transport.circuit().is_closed());
    assert!(!refused(&transport, "GET").await);
    assert_eq!(received(&server).await, 7);
}

#[tokio::test]
async fn call_that_is_given_up_keeps_nobody_out() {
    let server = recovering(Duration::from_mins(1)).await;
    let transport = open(&server).await;
    transport.try_now();
    let call = transport.execute(request("GET", USERS));
    let given_up = timeout(Duration::from_millis(50), call).await;
    assert!(given_up.is_err());
    let next = transport.execute(request("GET", USERS));
    let finds_out = timeout(Duration::from_millis(50), next).await;
    assert!(finds_out.is_err(), "it was let through, and is under way");
}
