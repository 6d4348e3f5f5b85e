//! Bad weather.

use std::time::Duration;

use authentik_api::Transport as _;
use authentik_reqwest::{BuildError, ConnectProblem, Error, Transport};
use futures_util::{StreamExt, TryStreamExt};
use http::StatusCode;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

use crate::common::{builder, builder_at, request};

const USERS: &str = "/api/v3/core/users/";

/// What a server does with the connection once it has sent its bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Then {
    Close,
    Stall,
}

/// A server that answers each request with these bytes.
async fn raw(answer: &'static [u8], then: Then) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let mut stalled = Vec::new();
        loop {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut request = [0; 4096];
            let _read = socket.read(&mut request).await.unwrap();
            socket.write_all(answer).await.unwrap();
            if then == Then::Stall {
                stalled.push(socket);
            }
        }
    });
    address
}

/// A server that answers with this status once, then with 200.
async fn recovering(status: u16) -> MockServer {
    let server = MockServer::start().await;
    let failing = Mock::given(any()).respond_with(ResponseTemplate::new(status));
    failing
        .up_to_n_times(1)
        .with_priority(1)
        .mount(&server)
        .await;
    Mock::given(any())
        .respond_with(ResponseTemplate::new(200))
        .with_priority(2)
        .mount(&server)
        .await;
    server
}

#[tokio::test]
async fn reads_are_sent_again_after_a_gateway_error() {
    for status in [502, 503, 504] {
        let server = recovering(status).await;
        let transport = builder(&server).build().unwrap();
        let answer = transport.execute(request("GET", USERS)).await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(server.received_requests().await.unwrap().len(), 2);
        let server = recovering(status).await;
        let transport = builder(&server).build().unwrap();
        assert_eq!(
            transport
                .stream(request("GET", USERS))
                .await
                .unwrap()
                .status(),
            StatusCode::OK
        );
    }
}

#[tokio::test]
async fn reads_are_sent_again_as_often_as_set() {
    for retries in [0, 1, 2] {
        let server = MockServer::start().await;
        Mock::given(any())
            .respond_with(ResponseTemplate::new(503))
            .mount(&server)
            .await;
        let transport = builder(&server).retries(retries).build().unwrap();
        let answer = transport.execute(request("GET", USERS)).await.unwrap();
        assert_eq!(
            answer.status(),
            StatusCode::SERVICE_UNAVAILABLE,
            "the last answer"
        );
        let sent = server.received_requests().await.unwrap().len();
        assert_eq!(sent, usize::try_from(retries).unwrap() + 1);
    }
}

#[tokio::test]
async fn writes_are_sent_once() {
    for method in ["POST", "PUT", "PATCH", "DELETE"] {
        let server = recovering(503).await;
        let transport = builder(&server).build().unwrap();
        let answer = transport.execute(request(method, USERS)).await.unwrap();
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(
            server.received_requests().await.unwrap().len(),
            1,
            "{method}"
        );
    }
}

#[tokio::test]
async fn refused_connections_are_told() {
    let transport = builder_at("http://127.0.0.1:1/").build().unwrap();
    let error = transport.execute(request("GET", USERS)).await.unwrap_err();
    assert!(
        matches!(
            error,
            Error::Connect {
                problem: ConnectProblem::Refused,
                ..
            }
        ),
        "{error:?}"
    );
    assert!(
        error
            .to_string()
            .starts_with("cannot connect to 127.0.0.1:1:"),
        "{error}"
    );
    assert!(error.to_string().contains("refused"), "{error}");
}

#[tokio::test]
async fn unknown_names_are_told() {
    // refused by the resolver itself, without a network: a label longer than DNS has
    let transport = builder_at(&format!("http://{}.example/", "a".repeat(70)))
        .build()
        .unwrap();
    let error = transport.execute(request("GET", USERS)).await.unwrap_err();
    let problem = ConnectProblem::NameNotFound;
    assert!(
        matches!(&error, Error::Connect { problem: p, .. } if *p == problem),
        "{error:?}"
    );
}

#[tokio::test]
async fn stalling_servers_end_at_the_limit_for_the_whole_call() {
    let limit = Duration::from_millis(150);
    let answers: [&[u8]; 3] = [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"pagination\"",
    ];
    for answer in answers {
        let server = raw(answer, Then::Stall).await;
        let transport = builder_at(&server).timeout(limit).build().unwrap();
        let error = transport.execute(request("GET", USERS)).await.unwrap_err();
        assert!(
            matches!(error, Error::Timeout { limit: told } if told == limit),
            "{error:?}"
        );
    }
    let server = raw(answers[2], Then::Stall).await;
    let transport = builder_at(&server).timeout(limit).build().unwrap();
    let stream = transport
        .stream(request("GET", USERS))
        .await
        .unwrap()
        .into_body();
    let items: Vec<_> = stream.collect().await;
    assert!(
        matches!(items.last(), Some(Err(Error::Timeout { .. }))),
        "{items:?}"
    );
}

#[tokio::test]
async fn large_answers_end_at_the_cap() {
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(200).set_body_string("x".repeat(1000));
    Mock::given(any()).respond_with(answer).mount(&server).await;
    for (cap, fits) in [(1000, true), (999, false), (0, false)] {
        let transport = builder(&server).max_response_bytes(cap).build().unwrap();
        let whole = transport.execute(request("GET", USERS)).await;
        assert_eq!(whole.is_ok(), fits, "{cap}");
        assert!(fits || matches!(whole, Err(Error::TooLarge { limit }) if limit == cap));
        let stream = transport
            .stream(request("GET", USERS))
            .await
            .unwrap()
            .into_body();
        assert_eq!(stream.try_collect::<Vec<_>>().await.is_ok(), fits, "{cap}");
    }
}

#[tokio::test]
async fn large_answers_of_unknown_length_end_at_the_cap() {
    let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\
        4\r\nfour\r\n4\r\nfour\r\n4\r\nfour\r\n0\r\n\r\n";
    let transport = builder_at(&raw(chunked, Then::Close).await)
        .max_response_bytes(10)
        .build()
        .unwrap();
    let error = transport.execute(request("GET", USERS)).await.unwrap_err();
    assert!(matches!(error, Error::TooLarge { limit: 10 }), "{error:?}");
    let stream = transport
        .stream(request("GET", USERS))
        .await
        .unwrap()
        .into_body();
    let items: Vec<_> = stream.collect().await;
    let bytes: usize = items.iter().flatten().map(bytes::Bytes::len).sum();
    assert!(bytes <= 10);
    assert!(
        matches!(items.last(), Some(Err(Error::TooLarge { .. }))),
        "the error ends the stream"
    );
}

#[tokio::test]
async fn truncated_answers_are_told() {
    let truncated = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"pagination\"";
    let transport = builder_at(&raw(truncated, Then::Close).await)
        .build()
        .unwrap();
    let error = transport.execute(request("GET", USERS)).await.unwrap_err();
    assert!(matches!(error, Error::Interrupted(_)), "{error:?}");
    let nothing = builder_at(&raw(b"", Then::Close).await).build().unwrap();
    let error = nothing.execute(request("GET", USERS)).await.unwrap_err();
    assert!(matches!(error, Error::Interrupted(_)), "{error:?}");
}

#[tokio::test]
async fn addresses_beside_the_base_are_refused() {
    let server = MockServer::start().await;
    let transport = builder(&server).build().unwrap();
    for uri in [
        "https://elsewhere.example/api/v3/core/users/",
        "/api/v3/../x/",
        "/api/v3/%2e%2e/x/",
    ] {
        let error = transport.execute(request("GET", uri)).await.unwrap_err();
        assert!(matches!(error, Error::Address { .. }), "{uri}: {error:?}");
    }
    assert_eq!(server.received_requests().await.unwrap().len(), 0);
}

#[test]
fn build_refuses_what_cannot_work() {
    let at = |url: &str| Transport::builder(url.parse().unwrap());
    let good = || at("https://auth.example.com/");
    for token in ["", "two words", "line\nbreak", "\u{fc}"] {
        assert!(
            matches!(good().token(token.into()).build(), Err(BuildError::Token)),
            "{token:?}"
        );
    }
    assert!(matches!(
        at("ftp://auth.example.com/").build(),
        Err(BuildError::BaseUrl(_))
    ));
    let public = good().public_url("https://u:p@auth.example.com/".parse().unwrap());
    assert!(matches!(public.build(), Err(BuildError::PublicUrl(_))));
    for pem in [
        "",
        "no certificate",
        "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----",
    ] {
        let built = good().ca_file_pem(pem).build();
        assert!(
            matches!(built, Err(BuildError::NoCertificate)),
            "{pem:?}: {built:?}"
        );
    }
}
