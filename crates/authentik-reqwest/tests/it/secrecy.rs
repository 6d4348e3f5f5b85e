//! The token turns up nowhere.

use std::{
    io,
    sync::{Arc, Mutex},
};

use authentik_api::Transport as _;
use tracing::{Level, subscriber::DefaultGuard};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

use crate::common::{TOKEN, builder, builder_at, request};

/// Everything that is traced, as text.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Traces everything on this thread, from the finest level on, until the guard goes. The tests
/// run on one thread, so that the tasks of connections are traced too.
fn trace() -> (Log, DefaultGuard) {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(Level::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    (log, tracing::subscriber::set_default(subscriber))
}

#[tokio::test]
async fn a_call_traces_operation_method_status_and_time_only() {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(ResponseTemplate::new(404))
        .mount(&server)
        .await;
    let transport = builder(&server).build().unwrap();
    let (log, guard) = trace();
    let uri = "/api/v3/core/users/?search=jodie-secret-name";
    transport.execute(request("GET", uri)).await.unwrap();
    drop(guard);
    let log = log.text();
    let line = log
        .lines()
        .find(|line| line.contains("authentik answered"))
        .unwrap();
    assert!(line.contains("operation=\"core_users_list\""), "{line}");
    assert!(line.contains("method=\"GET\""), "{line}");
    assert!(line.contains("status=404"), "{line}");
    assert!(line.contains("elapsed_ms="), "{line}");
    let ours: Vec<_> = log
        .lines()
        .filter(|line| line.contains("authentik"))
        .collect();
    for line in ours {
        for hidden in [
            "jodie",
            "/core/users",
            "accept",
            "application/json",
            "earer",
        ] {
            assert!(!line.contains(hidden), "{hidden} in {line}");
        }
    }
    assert!(
        log.contains("hyper"),
        "the layers underneath are traced too"
    );
    assert!(!log.contains(TOKEN), "{log}");
}

#[tokio::test]
async fn a_failed_call_traces_no_address_below_the_host() {
    let transport = builder_at("http://127.0.0.1:1/")
        .retries(0)
        .build()
        .unwrap();
    let (log, guard) = trace();
    let uri = "/api/v3/core/users/?search=jodie";
    let error = transport.execute(request("GET", uri)).await.unwrap_err();
    drop(guard);
    let log = log.text();
    for text in [
        format!("{error}"),
        format!("{error:?}"),
        format!("{error:#?}"),
    ] {
        assert!(!text.contains("jodie") && !text.contains(TOKEN), "{text}");
    }
    assert!(log.contains("no answer from authentik"), "{log}");
    let ours = log.lines().filter(|line| line.contains("authentik"));
    assert!(
        ours.into_iter().all(|line| !line.contains("jodie")),
        "{log}"
    );
    assert!(!log.contains(TOKEN), "{log}");
}

#[tokio::test]
async fn debug_has_no_token() {
    let server = MockServer::start().await;
    let builder = builder(&server);
    assert!(!format!("{builder:?} {builder:#?}").contains(TOKEN));
    let transport = builder.build().unwrap();
    let text = format!("{transport:?} {transport:#?}");
    assert!(!text.contains(TOKEN), "{text}");
    assert!(text.contains("has_token: true"), "{text}");
    let bad = authentik_reqwest::Transport::builder("http://localhost/".parse().unwrap())
        .token(format!("{TOKEN} x").into())
        .build()
        .unwrap_err();
    assert!(!format!("{bad} {bad:?}").contains(TOKEN));
}
