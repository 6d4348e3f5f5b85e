//! An authentik that does not answer is left alone, and what is known of it is shown with its age.

use axum::body::Body;
use http::{Method, header};
use sandbox::{Fault, FaultHandle, Version};

use crate::common::{
    Answer, Console, Upstream, change,
    gate::{Gate, to},
    grafana,
};

async fn page(console: &Console, path: &str) -> Answer {
    let request = console
        .request(Method::GET, path)
        .header(header::ACCEPT, "text/html");
    console.send(request.body(Body::empty()).unwrap()).await
}

/// From now on every connection breaks.
fn down(upstream: &Upstream) -> FaultHandle {
    upstream.sandbox.faults().set(Fault::Reset, None, "/", None)
}

/// A console that knows authentik, and has noticed that it does not answer any more.
async fn left_alone(upstream: &Upstream) -> (Console, FaultHandle) {
    let console = Console::before(upstream).await;
    for path in ["/", "/access", "/groups"] {
        assert_eq!(page(&console, path).await.status, 200);
    }
    let down = down(upstream);
    // Calls that fail together count once.
    for _ in 0..6 {
        let answer = page(&console, "/applications").await;
        assert_eq!(answer.status, 503);
        assert!(answer.text().contains("authentik does not answer"));
    }
    (console, down)
}

#[tokio::test]
async fn pages_show_what_was_known_with_its_age_and_ask_nothing() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let (console, _down) = left_alone(&upstream).await;
    let before = upstream.sandbox.requests().len();
    let overview = page(&console, "/").await;
    assert_eq!(overview.status, 200);
    let overview = overview.text();
    for words in [
        "What is shown of it was read at",
        "less than a minute ago",
        "Has not answered since",
        "Ostiary asks again in",
        "Try again",
        "Token of",
    ] {
        assert!(overview.contains(words), "{words}: {overview}");
    }
    assert!(!overview.contains(">Connected<") && !overview.contains(">Answers<"));
    for (path, known) in [
        ("/access", "Outline"),
        ("/groups", "staff"),
        ("/access/doors", "As of"),
    ] {
        let answer = page(&console, path).await;
        let html = answer.text();
        assert_eq!(answer.status, 200, "{path}: {html}");
        assert!(html.contains(known), "{path}");
        assert!(
            html.contains("It could not be read again"),
            "{path}: {html}"
        );
    }
    assert_eq!(
        upstream.sandbox.requests().len(),
        before,
        "it is left alone"
    );
}

#[tokio::test]
async fn plans_are_made_with_nothing_less_than_fresh_facts() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let (console, _down) = left_alone(&upstream).await;
    for path in [
        "/access/bind?step=people",
        "/access/change?action=group-create",
        "/api/access.json",
    ] {
        let answer = page(&console, path).await;
        let html = answer.text();
        assert!(!html.contains("Review the plan"), "{path}");
        if path != "/access/change?action=group-create" {
            assert_eq!(answer.status, 503, "{path}: {html}");
        }
    }
    let planned = console.post("/api/changes", &change(&grafana())).await;
    assert_eq!(
        (planned.status, planned.code().as_str()),
        (503, "not_connected")
    );
    let group = serde_json::json!({ "kind": "group", "draft": { "action": "create", "name": "night-owls" } });
    let planned = console.post("/api/changes", &group).await;
    assert_eq!(
        (planned.status, planned.code().as_str()),
        (503, "not_connected")
    );
}

#[tokio::test]
async fn trying_again_asks_at_once() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let (console, down) = left_alone(&upstream).await;
    down.remove();
    let before = upstream.sandbox.requests().len();
    assert!(
        page(&console, "/")
            .await
            .text()
            .contains("Has not answered since")
    );
    assert_eq!(
        upstream.sandbox.requests().len(),
        before,
        "the time is not up"
    );
    let stranger = http::Request::get("/sign-in?fresh=1").body(Body::empty());
    console.send(stranger.unwrap()).await;
    page(&console, "/").await;
    assert_eq!(
        upstream.sandbox.requests().len(),
        before,
        "not for a stranger"
    );
    let again = page(&console, "/?fresh=1").await;
    assert!(again.text().contains(">Answers<"), "{}", again.text());
    let access = page(&console, "/access").await.text();
    assert!(!access.contains("could not be read again"), "{access}");
    assert_eq!(page(&console, "/applications").await.status, 200);
}

#[tokio::test]
async fn applying_asks_at_once_and_writes_nothing_where_nobody_answers() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let console = Console::before(&upstream).await;
    let (id, _) = console.plan(&grafana()).await;
    let down = down(&upstream);
    for _ in 0..6 {
        page(&console, "/applications").await;
    }
    let path = format!("/api/changes/{id}/apply");
    let refused = console.post(&path, &serde_json::json!({})).await;
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (503, "not_connected")
    );
    let state = console.get(&format!("/api/changes/{id}")).await.json();
    assert_eq!(state["state"], "planned");
    down.remove();
    assert_eq!(console.work(&id, "apply").await["state"], "applied");
}

#[tokio::test]
async fn what_nobody_knew_before_stays_an_error() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let _down = down(&upstream);
    let console = Console::before(&upstream).await;
    for _ in 0..3 {
        for path in ["/access", "/groups", "/applications"] {
            let answer = page(&console, path).await;
            assert_eq!(answer.status, 503, "{path}");
            assert!(!answer.text().contains("was read at"), "{path}");
        }
    }
}

#[tokio::test]
async fn another_connection_can_be_entered_while_the_old_one_is_left_alone() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let gone = Upstream::start(Version::V2026_5).await;
    let mut gate = Gate::start().await;
    gate.set_up().await;
    gate.connect(&gone).await;
    assert_eq!(gate.get("/access").await.status, 200);
    let _down = down(&gone);
    for _ in 0..5 {
        gate.get("/applications").await;
    }
    assert!(
        gate.get("/")
            .await
            .text()
            .contains("Has not answered since")
    );
    assert_eq!(
        to(&gate.connect(&upstream).await),
        (303, "/settings/connection?saved=1")
    );
    assert!(gate.get("/").await.text().contains(">Answers<"));
}
