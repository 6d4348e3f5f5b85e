//! What Ostiary asks can be found in authentik's own log, and the other way round.

use axum::body::Body;
use http::{Method, header};
use sandbox::Version;

use crate::common::{Console, Upstream, gitea};

/// Who authentik was asked by since `before`.
fn agents(upstream: &Upstream, before: usize) -> Vec<String> {
    let requests = upstream.sandbox.requests().into_iter().skip(before);
    requests.map(|request| request.user_agent).collect()
}

#[tokio::test]
async fn reads_of_pages_programs_and_the_proxy_carry_the_id_of_the_request() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let console = Console::before(&upstream).await;
    for (number, path) in [
        "/",
        "/applications",
        "/applications/outline",
        "/access",
        "/people?q=mina",
        "/api/access.json",
        "/api/v3/core/groups/",
        "/_fn/nothing",
    ]
    .into_iter()
    .enumerate()
    {
        let before = upstream.sandbox.requests().len();
        let id = format!("weather-{number}");
        let request = console
            .request(Method::GET, path)
            .header(header::ACCEPT, "text/html, application/json")
            .header("x-request-id", &id);
        let answer = console.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.header("x-request-id"), id, "{path}");
        let agents = agents(&upstream, before);
        let wanted = format!("({id})");
        // What is remembered is asked for once, and the schema by nobody in particular.
        let ours = agents.iter().filter(|agent| agent.ends_with(&wanted));
        let others = agents
            .iter()
            .filter(|agent| agent.contains('(') && !agent.ends_with(&wanted));
        assert_eq!(others.count(), 0, "{path}: {agents:?}");
        if ["/", "/applications", "/api/v3/core/groups/"].contains(&path) {
            assert!(ours.count() > 0, "{path}: {agents:?}");
        }
    }
}

#[tokio::test]
async fn id_that_would_be_a_header_of_its_own_is_cut_down() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let console = Console::before(&upstream).await;
    let before = upstream.sandbox.requests().len();
    let request = console
        .request(Method::GET, "/api/v3/core/groups/")
        .header("x-request-id", "a)(b; c=<d>");
    let answer = console.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, 200);
    let agents = agents(&upstream, before);
    assert!(
        agents.iter().any(|agent| agent.ends_with(" (abcd)")),
        "{agents:?}"
    );
}

#[tokio::test]
async fn change_set_is_found_in_both_logs() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let console = Console::before(&upstream).await;
    let (id, _) = console.plan(&gitea()).await;
    for (work, goal) in [("apply", "applied"), ("undo", "undone")] {
        let before = upstream.sandbox.requests().len();
        assert_eq!(console.work(&id, work).await["state"], goal);
        let writes: Vec<_> = upstream
            .sandbox
            .requests()
            .into_iter()
            .skip(before)
            .collect();
        let writes: Vec<_> = writes
            .iter()
            .filter(|it| it.method != Method::GET)
            .collect();
        assert!(writes.len() > 1);
        for write in &writes {
            let agent = &write.user_agent;
            assert!(agent.starts_with("ostiary/"), "{agent}");
            assert!(agent.ends_with(&format!(" (change-{id})")), "{agent}");
        }
        let detail = loop {
            // The entry comes after the state.
            let log = console.get("/api/audit.jsonl").await.text();
            let entries = log.lines().map(|line| serde_json::from_str(line).unwrap());
            let done =
                |entry: &serde_json::Value| entry["action"] == work && entry["outcome"] == "done";
            if let Some(entry) = entries.into_iter().find(done) {
                break entry["detail"].as_str().unwrap().to_owned();
            }
            tokio::task::yield_now().await;
        };
        for write in &writes {
            assert!(detail.contains(&write.id), "{} in {detail}", write.id);
        }
    }
}
