//! Names that are not ours: DNS rebinding.

use axum::body::Body;
use http::{Method, header};
use sandbox::Version;

use super::settled;
use crate::common::{Upstream, change, grafana};

const FOREIGN: &[&str] = &[
    "evil.example",
    "evil.example:3000",
    "localhost.evil.example:3000",
    "127.0.0.1.nip.io:3000",
    "localtest.me",
    "sub.localhost:3000",
    "localhost.",
    "0.0.0.0:3000",
    "128.0.0.1:3000",
    "127.1:3000",
    "2130706433",
    "[::]:3000",
    "[::ffff:127.0.0.1]:3000",
    "169.254.169.254",
    "localhost@evil.example",
    "evil.example@localhost",
    "localhost,evil.example",
    "localhost:3000:80",
];

#[tokio::test]
async fn foreign_names_are_misdirected() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let console = settled(&upstream).await;
    let mut cases = 0;
    for host in FOREIGN {
        for (method, path, accept) in [
            (Method::GET, "/", "text/html"),
            (Method::GET, "/enter", "text/html"),
            (Method::GET, "/healthz", "*/*"),
            (Method::GET, "/pkg/console.js", "*/*"),
            (Method::GET, "/api/changes", "application/json"),
            (Method::GET, "/api/v3/core/users/", "application/json"),
            (Method::POST, "/api/changes", "application/json"),
            (Method::POST, "/_fn/wizard/start", "application/json"),
        ] {
            let request = console
                .request(method, path)
                .header(header::HOST, *host)
                .header(header::ACCEPT, accept)
                .header("sec-fetch-site", "same-origin")
                .header(header::CONTENT_TYPE, "application/json");
            let body = Body::from(change(&grafana()).to_string());
            let answer = console.send(request.body(body).unwrap()).await;
            assert_eq!(answer.status, 421, "{host} {path}: {}", answer.text());
            if path.starts_with("/api/") {
                assert_eq!(answer.code(), "misdirected", "{host} {path}");
            }
            if path == "/" {
                assert!(answer.text().contains("does not go by this name"), "{host}");
            }
            assert_eq!(answer.header("x-content-type-options"), "nosniff");
            assert!(!answer.text().contains(host), "the name is not repeated");
            cases += 1;
        }
    }
    assert_eq!(
        upstream.sandbox.requests(),
        [],
        "nothing of it reached authentik"
    );
    println!("attacks: foreign names in Host: {cases} cases, all refused");
}
