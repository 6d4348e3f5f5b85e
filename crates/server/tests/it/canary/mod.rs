//! Secrets appear nowhere: in no answer, no log line, no byte on disk.

pub(crate) mod addresses;
mod needles;
mod roles;

use std::path::Path;

use http::Request;
use sandbox::{Fault, Version};
use serde_json::json;

use self::needles::Canaries;
use crate::common::{Upstream, change, gitea, grafana, process::Process, read};

fn assert_absent(what: &str, bytes: &[u8], canary: &str) {
    let found = bytes
        .windows(canary.len())
        .any(|window| window == canary.as_bytes());
    assert!(!found, "the token is in {what}");
}

fn files(folder: &Path, visit: &mut impl FnMut(&Path)) {
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, visit);
        } else {
            visit(&path);
        }
    }
}

#[tokio::test]
async fn token_appears_nowhere() {
    for version in [Version::V2023_10, Version::V2026_5] {
        let upstream = Upstream::start(version).await;
        let canary = upstream.sandbox.admin_token();
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("ostiary.sqlite");
        let process = Process::start(&database, &upstream.url(), &canary).await;
        let (_, planned) = process.post("/api/changes", &change(&gitea())).await;
        assert_absent("the plan", planned.to_string().as_bytes(), &canary);
        let id = planned["id"].as_str().unwrap();
        process.work(id, "apply").await;
        upstream
            .sandbox
            .faults()
            .set(Fault::Html, None, "/api/v3/flows/", None);
        upstream
            .sandbox
            .faults()
            .set(Fault::Reset, None, "/api/v3/events/", None);
        for path in [
            "/".to_owned(),
            "/applications".into(),
            "/applications/gitea".into(),
            "/new".into(),
            "/presets".into(),
            "/presets/gitea".into(),
            "/changes".into(),
            format!("/changes/{id}"),
            "/nothing".into(),
            "/readyz".into(),
            "/healthz".into(),
            "/api/changes".into(),
            format!("/api/changes/{id}"),
            format!("/api/changes/{id}/events"),
            format!("/api/changes/{id}/checks"),
            format!("/api/changes/{id}/app-side"),
            "/api/presets".into(),
            "/api/v3/core/users/".into(),
            "/api/v3/core/tokens/".into(),
            "/api/v3/admin/system/".into(),
            "/api/v3/flows/instances/".into(),
            "/api/v3/events/events/".into(),
            "/api/v3/outposts/instances/".into(),
        ] {
            let request = Request::get(&path).body(bytes::Bytes::new()).unwrap();
            let response = process.send(request).await;
            assert_absent(
                &path,
                format!("{:?}", response.headers()).as_bytes(),
                &canary,
            );
            assert_absent(&path, response.body(), &canary);
        }
        let revealed = format!("/api/changes/{id}/app-side");
        let (_, revealed) = process.post(&revealed, &json!({})).await;
        assert_absent(
            "the client secret",
            revealed.to_string().as_bytes(),
            &canary,
        );
        let undone = process.work(id, "undo").await;
        assert_absent("the journal", undone.to_string().as_bytes(), &canary);
        let (_, wrong) = process
            .post("/api/changes", &json!({ "kind": canary.len() }))
            .await;
        assert_absent("an error", wrong.to_string().as_bytes(), &canary);

        let mut kept = 0;
        files(folder.path(), &mut |path| {
            kept += 1;
            assert_absent(
                &path.display().to_string(),
                &std::fs::read(path).unwrap(),
                &canary,
            );
        });
        assert!(kept >= 2, "database and journal");
        process.signal("TERM").await;
        let (_, log) = process.ended().await;
        assert!(log.lines().count() > 50, "everything is logged: {log}");
        assert_absent("the log", log.as_bytes(), &canary);
    }
}

/// Everything is logged, and everything that is secret is used.
#[tokio::test]
async fn log_at_its_loudest_tells_no_secret() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("ostiary.sqlite");
    let token = upstream.sandbox.admin_token();
    let process = Process::start(&database, &upstream.url(), &token).await;
    let mut canaries = Canaries::default();
    canaries.add("the admin token", &token);
    canaries.add("the cookie", process.cookie());
    let session = process.cookie().split_once('=').unwrap().1;
    canaries.add("the session", session);

    let mut typed = grafana();
    typed["client_secret"] = "typed-by-ada/7%\"<&>-0123456789".into();
    canaries.add(
        "a typed client secret",
        typed["client_secret"].as_str().unwrap(),
    );
    for draft in [typed, gitea()] {
        let (status, planned) = process.post("/api/changes", &change(&draft)).await;
        assert_eq!(status, 201, "{planned}");
        process.work(planned["id"].as_str().unwrap(), "apply").await;
    }
    let providers = read(&upstream, "providers/oauth2/?page_size=100").await;
    for provider in providers["results"].as_array().unwrap() {
        let secret = provider["client_secret"].as_str().unwrap();
        if !secret.is_empty() {
            canaries.add(format!("the client secret of {}", provider["name"]), secret);
        }
    }
    let page = process
        .form("/settings/keys", "name=x&role=viewer&days=1")
        .await;
    let at = page.find("ostiary_").unwrap();
    let key = &page[at..at + "ostiary_".len() + 64];
    canaries.add("the key of a program", key);
    let answer = process.with_key(key, "/api/v3/providers/oauth2/").await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    process.get("/api/v3/providers/oauth2/").await;
    process.form("/reveal", "page=/applications/gitea").await;

    process.signal("TERM").await;
    let (_, log) = process.ended().await;
    assert!(log.contains("TRACE") && log.lines().count() > 200, "{log}");
    canaries.assert_absent("the log", log.as_bytes());
    println!(
        "canary: {} lines of log, looked through for {} secrets",
        log.lines().count(),
        canaries.count()
    );
}

/// What browsers get is built without any token; should one have got in, it would be this shape.
#[test]
fn sandbox_tokens_are_in_no_file_of_the_site() {
    let site = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/site");
    if !site.is_dir() {
        println!("skipped: no target/site");
        return;
    }
    for version in Version::ALL {
        let canary = sandbox::Sandbox::with_sample_data(version, 7).admin_token();
        files(&site, &mut |path| {
            // A build that goes on beside the tests takes files away.
            let bytes = std::fs::read(path).unwrap_or_default();
            assert_absent(&path.display().to_string(), &bytes, &canary);
        });
    }
}
