//! What is sent, and what comes back.

use authentik_api::Transport as _;
use bytes::Bytes;
use futures_util::TryStreamExt;
use http::StatusCode;
use wiremock::{
    Mock, MockServer, Request, ResponseTemplate,
    matchers::{any, method, path},
};

use crate::common::{TOKEN, builder, builder_at, request};

/// A server that answers everything with 200.
async fn server() -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(ResponseTemplate::new(200))
        .mount(&server)
        .await;
    server
}

/// The only request that reached `server`.
async fn received(server: &MockServer) -> Request {
    let mut requests = server.received_requests().await.unwrap();
    assert_eq!(requests.len(), 1);
    requests.remove(0)
}

fn header(request: &Request, name: &str) -> Option<String> {
    request
        .headers
        .get(name)
        .map(|value| value.to_str().unwrap().to_owned())
}

#[tokio::test]
async fn execute_sends_method_path_query_headers_and_body() {
    let server = server().await;
    let transport = builder(&server).build().unwrap();
    let mut sent = request("PATCH", "/api/v3/core/applications/a%20b/?x=1%2F2&x=3");
    *sent.body_mut() = Bytes::from_static(b"{\"name\":\"A\"}");
    transport.execute(sent).await.unwrap();
    let got = received(&server).await;
    assert_eq!(got.method, "PATCH");
    assert_eq!(got.url.path(), "/api/v3/core/applications/a%20b/");
    assert_eq!(got.url.query(), Some("x=1%2F2&x=3"));
    assert_eq!(got.body, b"{\"name\":\"A\"}");
    assert_eq!(header(&got, "accept").as_deref(), Some("application/json"));
    assert_eq!(
        header(&got, "authorization"),
        Some(format!("Bearer {TOKEN}"))
    );
    assert!(header(&got, "user-agent").unwrap().starts_with("ostiary/"));
    assert_eq!(header(&got, "cookie"), None);
    assert_eq!(header(&got, "x-forwarded-host"), None);
}

#[tokio::test]
async fn token_goes_to_the_api_only() {
    for (uri, goes) in [
        ("/api/v3/core/users/me/", true),
        (
            "/application/o/grafana/.well-known/openid-configuration",
            false,
        ),
        ("/application/o/authorize/?next=/api/v3/", false),
        ("/api/v30/core/users/", false),
        ("//api/v3/core/users/", false),
    ] {
        let server = server().await;
        builder(&server)
            .build()
            .unwrap()
            .execute(request("GET", uri))
            .await
            .unwrap();
        assert_eq!(
            header(&received(&server).await, "authorization").is_some(),
            goes,
            "{uri}"
        );
    }
}

#[tokio::test]
async fn credential_of_the_caller_never_reaches_the_api() {
    for token in [Some(TOKEN), None] {
        let server = server().await;
        let mut builder = authentik_reqwest::Transport::builder(server.uri().parse().unwrap());
        if let Some(token) = token {
            builder = builder.token(token.into());
        }
        let mut sent = request("GET", "/api/v3/core/users/");
        sent.headers_mut()
            .insert("authorization", "Bearer other".parse().unwrap());
        builder.build().unwrap().execute(sent).await.unwrap();
        let expected = token.map(|token| format!("Bearer {token}"));
        assert_eq!(header(&received(&server).await, "authorization"), expected);
    }
}

#[tokio::test]
async fn base_below_a_path_is_kept() {
    let server = server().await;
    for base in ["/auth", "/auth/"] {
        let transport = builder_at(&format!("{}{base}", server.uri()))
            .build()
            .unwrap();
        transport
            .execute(request("GET", "/api/v3/core/users/?page=1"))
            .await
            .unwrap();
    }
    for got in server.received_requests().await.unwrap() {
        assert_eq!(got.url.path(), "/auth/api/v3/core/users/");
        assert!(header(&got, "authorization").is_some());
    }
}

#[tokio::test]
async fn public_name_travels_in_the_headers() {
    let server = server().await;
    let public = "https://auth.example.com:8443/".parse().unwrap();
    let transport = builder(&server).public_url(public).build().unwrap();
    transport
        .execute(request("GET", "/api/v3/core/users/"))
        .await
        .unwrap();
    let got = received(&server).await;
    assert_eq!(
        header(&got, "host").as_deref(),
        Some("auth.example.com:8443")
    );
    assert_eq!(
        header(&got, "x-forwarded-host").as_deref(),
        Some("auth.example.com:8443")
    );
    assert_eq!(header(&got, "x-forwarded-proto").as_deref(), Some("https"));
    assert_eq!(
        transport.public_url().as_str(),
        "https://auth.example.com:8443/"
    );
    assert_eq!(transport.base_url().as_str(), format!("{}/", server.uri()));
}

#[tokio::test]
async fn redirects_are_answers() {
    let server = MockServer::start().await;
    let elsewhere = MockServer::start().await;
    for (uri, status) in [
        ("/api/v3/a/", 301),
        ("/api/v3/b/", 302),
        ("/api/v3/c/", 307),
    ] {
        let answer = ResponseTemplate::new(status).insert_header("location", elsewhere.uri());
        Mock::given(path(uri))
            .respond_with(answer)
            .mount(&server)
            .await;
        let transport = builder(&server).build().unwrap();
        let answer = transport.execute(request("GET", uri)).await.unwrap();
        assert_eq!(answer.status().as_u16(), status);
        assert_eq!(answer.headers()["location"], elsewhere.uri());
    }
    assert_eq!(elsewhere.received_requests().await.unwrap().len(), 0);
}

#[tokio::test]
async fn answers_of_any_status_come_back_whole() {
    for status in [200, 201, 204, 400, 403, 404, 405, 500] {
        let server = MockServer::start().await;
        let body = if status == 204 {
            ""
        } else {
            "{\"detail\":\"x\"}"
        };
        let answer = ResponseTemplate::new(status).set_body_raw(body, "application/json");
        Mock::given(any()).respond_with(answer).mount(&server).await;
        let transport = builder(&server).build().unwrap();
        let answer = transport
            .execute(request("GET", "/api/v3/core/users/"))
            .await
            .unwrap();
        assert_eq!(answer.status(), StatusCode::from_u16(status).unwrap());
        assert_eq!(answer.headers()["content-type"], "application/json");
        assert_eq!(answer.body(), body);
        assert_eq!(
            server.received_requests().await.unwrap().len(),
            1,
            "{status} is not repeated"
        );
    }
}

#[tokio::test]
async fn stream_hands_on_head_and_body() {
    let server = MockServer::start().await;
    let large = "x".repeat(300_000);
    let answer = ResponseTemplate::new(200).set_body_raw(large.clone(), "text/plain");
    Mock::given(method("GET"))
        .respond_with(answer)
        .mount(&server)
        .await;
    let transport = builder(&server).build().unwrap();
    let answer = transport
        .stream(request("GET", "/api/v3/core/users/"))
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()["content-length"], "300000");
    let chunks: Vec<Bytes> = answer.into_body().try_collect().await.unwrap();
    assert_eq!(chunks.concat(), large.as_bytes());
    assert!(header(&received(&server).await, "authorization").is_some());
}
