//! The token appears nowhere: in no answer, no log line, no byte on disk.

use std::path::Path;

use http::Request;
use sandbox::{Fault, Version};
use serde_json::json;

use crate::common::{Upstream, change, gitea, process::Process};

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
            format!("/api/changes/{id}/app-side?reveal=true"),
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
