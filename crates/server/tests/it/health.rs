//! `/healthz` and `/readyz`.

use std::time::Duration;

use http::StatusCode;
use sandbox::{Fault, Version};
use server::config::{Config, Entry};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

use crate::common::{Console, Upstream, process::Process};

async fn problem(console: &Console) -> (u16, String, String) {
    assert_eq!(
        console.get("/healthz").await.status,
        200,
        "the process itself is well"
    );
    let answer = console.get("/readyz").await;
    let problem = &answer.json()["problem"];
    let text = |key: &str| problem[key].as_str().unwrap().to_owned();
    (answer.status, text("title"), text("way_out"))
}

#[tokio::test]
async fn ready_tells_the_version() {
    for version in Version::ALL {
        let upstream = Upstream::start(version).await;
        let console = Console::before(&upstream).await;
        let answer = console.get("/readyz").await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.json()["authentik"]["version"], version.to_string());
        assert_eq!(answer.json()["superuser"], true);
    }
}

#[tokio::test]
async fn token_of_somebody_else_is_ready_but_no_superuser() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let console = Console::at(&upstream.url(), &upstream.sandbox.add_token("mina.koch")).await;
    let answer = console.get("/readyz").await;
    assert_eq!(
        (answer.status, answer.json()["superuser"].clone()),
        (200, false.into())
    );
}

#[tokio::test]
async fn not_ready_says_what_to_do() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let console = Console::at(&upstream.url(), "wrong").await;
    let (status, title, way_out) = problem(&console).await;
    assert_eq!(
        (status, title.as_str()),
        (503, "authentik refuses the token")
    );
    assert!(way_out.contains("OSTIARY_AUTHENTIK__TOKEN"));

    let console = Console::at("http://127.0.0.1:1", "x").await;
    let (status, title, _) = problem(&console).await;
    assert_eq!((status, title.as_str()), (503, "authentik does not answer"));

    let console = Console::at("http://no-such-host.invalid", "x").await;
    assert_eq!(
        problem(&console).await.1,
        "The host of authentik is not found"
    );

    let console = Console::at(&format!("https://{}", upstream.address), "x").await;
    assert_eq!(
        problem(&console).await.1,
        "authentik does not speak TLS at this port"
    );

    let folder = tempfile::tempdir().unwrap();
    let database = Some(folder.path().join("ostiary.sqlite"));
    let console = Console::start(
        Config {
            database,
            entry: Some(Entry::Link),
            ..Config::default()
        },
        folder,
    )
    .await;
    let (status, title, way_out) = problem(&console).await;
    assert_eq!(
        (status, title.as_str()),
        (503, "No authentik is connected yet")
    );
    for variable in [
        "OSTIARY_AUTHENTIK__URL",
        "OSTIARY_AUTHENTIK__TOKEN ",
        "OSTIARY_AUTHENTIK__TOKEN_FILE",
    ] {
        assert!(way_out.contains(variable), "{way_out}");
    }
}

#[tokio::test]
async fn something_else_is_not_taken_for_authentik() {
    for (template, title) in [
        (
            ResponseTemplate::new(200).set_body_string("<html><title>Router</title>"),
            "This does not look like authentik",
        ),
        (
            ResponseTemplate::new(200).set_body_string("{}"),
            "This does not look like authentik",
        ),
        (
            ResponseTemplate::new(404),
            "This does not look like authentik",
        ),
        (
            ResponseTemplate::new(302).insert_header("location", "https://x"),
            "The address of authentik leads elsewhere",
        ),
        (
            ResponseTemplate::new(502).set_body_string("<html>Bad Gateway"),
            "authentik is there, but fails",
        ),
    ] {
        let other = MockServer::start().await;
        Mock::given(any())
            .respond_with(template)
            .mount(&other)
            .await;
        let console = Console::at(&other.uri(), "x").await;
        assert_eq!(problem(&console).await.1, title);
    }
}

#[tokio::test]
async fn failure_is_not_remembered_and_success_is() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let down =
        upstream
            .sandbox
            .faults()
            .set(Fault::ServerError, None, "/api/v3/admin/version/", None);
    let console = Console::before(&upstream).await;
    assert_eq!(console.get("/readyz").await.status, 503);
    down.remove();
    assert_eq!(console.get("/readyz").await.status, 200);
    let asked = || {
        upstream
            .sandbox
            .requests()
            .iter()
            .filter(|r| r.path.ends_with("/admin/version/"))
            .count()
    };
    let before = asked();
    for _ in 0..5 {
        assert_eq!(console.get("/readyz").await.status, 200);
    }
    assert_eq!(asked(), before);
}

#[tokio::test]
async fn callers_share_one_attempt() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let hanging =
        upstream
            .sandbox
            .faults()
            .set(Fault::HangAfter, None, "/api/v3/admin/version/", None);
    let console = Console::before(&upstream).await;
    let callers = futures_util::future::join_all((0..10).map(|_| console.get("/readyz")));
    let (answers, ()) = tokio::join!(callers, async {
        hanging.arrived().await;
        // Whoever asks twice would have arrived by now.
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert_eq!(hanging.hits(), 1);
        hanging.remove();
    });
    assert!(answers.iter().all(|answer| answer.status == StatusCode::OK));
}

#[tokio::test]
async fn process_prints_links_and_ends_when_told() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let folder = tempfile::tempdir().unwrap();
    let token = upstream.sandbox.admin_token();
    let mut process =
        Process::start(&folder.path().join("db.sqlite"), &upstream.url(), &token).await;
    process.signal("HUP").await;
    let (_, link) = process.read_link().await;
    let request = http::Request::get(link).body(bytes::Bytes::new()).unwrap();
    assert_eq!(process.send(request).await.status(), 200);
    process.signal("TERM").await;
    let (success, log) = process.ended().await;
    assert!(success, "{log}");
    assert!(log.contains("shutting down"));
}
