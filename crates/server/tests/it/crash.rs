//! `kill -9` at every point of an apply and of an undo, with the real program: afterwards nothing
//! is there twice, and nothing is left over.

use std::time::Duration;

use sandbox::{Fault, Version};
use serde_json::json;
use tempfile::TempDir;

use crate::common::{Upstream, change, counts, gitea, process::Process};

/// What is done when the program is killed.
#[derive(Debug, Clone, Copy, PartialEq)]
enum During {
    Apply,
    Undo,
}

/// What a person does after the restart.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Then {
    Resume,
    Undo,
}

struct Scene {
    upstream: Upstream,
    folder: TempDir,
    before: Vec<(&'static str, usize)>,
}

impl Scene {
    async fn new(version: Version) -> Self {
        let upstream = Upstream::start(version).await;
        let before = counts(&upstream.sandbox);
        Self {
            upstream,
            folder: tempfile::tempdir().unwrap(),
            before,
        }
    }

    async fn start(&self) -> Process {
        let database = self.folder.path().join("ostiary.sqlite");
        Process::start(
            &database,
            &self.upstream.url(),
            &self.upstream.sandbox.admin_token(),
        )
        .await
    }

    /// Everything is there once.
    fn assert_applied(&self, what: &str) {
        let more = [
            ("application", 1),
            ("provider", 1),
            ("group", 1),
            ("scopemapping", 1),
            ("policybinding", 3),
        ];
        let wanted: Vec<_> = self
            .before
            .iter()
            .zip(more)
            .map(|((kind, count), (_, more))| (*kind, count + more))
            .collect();
        assert_eq!(counts(&self.upstream.sandbox), wanted, "{what}");
    }

    /// Nothing is left.
    fn assert_nothing_left(&self, what: &str) {
        assert_eq!(counts(&self.upstream.sandbox), self.before, "{what}");
    }
}

/// Kills the program while its `n`-th call to authentik hangs, before or after it was carried out.
/// Whether there was an `n`-th call.
async fn kill_at(version: Version, during: During, n: u32, fault: Fault, then: Then) -> bool {
    let what = format!("{version}, {during:?}, call {n}, {fault:?}, then {then:?}");
    let scene = Scene::new(version).await;
    let process = scene.start().await;
    let (status, planned) = process.post("/api/changes", &change(&gitea())).await;
    assert_eq!(status, 201, "{planned}");
    let id = planned["id"].as_str().unwrap().to_owned();
    if during == During::Undo {
        assert_eq!(process.work(&id, "apply").await["state"], "applied");
    }
    let faults = scene.upstream.sandbox.faults();
    if n > 1 {
        faults.set(Fault::Latency(Duration::ZERO), None, "/", Some(n - 1));
    }
    let hanging = faults.set(fault, None, "/", Some(1));
    let work = if during == During::Apply {
        "apply"
    } else {
        "undo"
    };
    let path = format!("/api/changes/{id}/{work}");
    assert_eq!(process.post(&path, &json!(null)).await.0, 202);
    let hit = tokio::select! {
        () = hanging.arrived() => true,
        done = process.finished(&id) => {
            assert!(["applied", "undone"].contains(&done["state"].as_str().unwrap()), "{what}: {done:#}");
            false
        }
    };
    process.kill().await;
    faults.clear();
    if !hit {
        return false;
    }

    let process = scene.start().await;
    let change = process.change(&id).await;
    assert_eq!(change["state"], "interrupted", "{what}");
    let work = if then == Then::Resume {
        "apply"
    } else {
        "undo"
    };
    let done = process.work(&id, work).await;
    match then {
        Then::Resume => {
            if during == During::Undo && done["state"] == "interrupted" {
                // What has begun to go cannot be brought back: it says so, and does nothing.
                assert!(
                    done.to_string().contains("can only be undone"),
                    "{what}: {done:#}"
                );
            } else {
                assert_eq!(done["state"], "applied", "{what}: {done:#}");
                scene.assert_applied(&what);
            }
            let undone = process.work(&id, "undo").await;
            assert_eq!(undone["state"], "undone", "{what}, undone: {undone:#}");
        }
        Then::Undo => assert_eq!(done["state"], "undone", "{what}: {done:#}"),
    }
    scene.assert_nothing_left(&what);
    process.kill().await;
    true
}

async fn kill_everywhere(version: Version, during: During, then: Then) {
    let mut points = 0;
    for fault in [Fault::HangBefore, Fault::HangAfter] {
        let mut n = 1;
        while kill_at(version, during, n, fault, then).await {
            points += 1;
            n += 1;
        }
    }
    println!("{version}, {during:?}, then {then:?}: killed at {points} points");
    assert!(points >= 8, "{points}");
}

macro_rules! crashes {
    ($($name:ident: $version:ident, $during:ident, $then:ident;)*) => {$(
        #[tokio::test]
        async fn $name() {
            kill_everywhere(Version::$version, During::$during, Then::$then).await;
        }
    )*};
}

crashes! {
    apply_2023_10_killed_then_resumed: V2023_10, Apply, Resume;
    apply_2023_10_killed_then_undone: V2023_10, Apply, Undo;
    apply_2025_10_killed_then_resumed: V2025_10, Apply, Resume;
    apply_2025_10_killed_then_undone: V2025_10, Apply, Undo;
    apply_2026_5_killed_then_resumed: V2026_5, Apply, Resume;
    apply_2026_5_killed_then_undone: V2026_5, Apply, Undo;
    undo_2023_10_killed_then_undone: V2023_10, Undo, Undo;
    undo_2026_5_killed_then_undone: V2026_5, Undo, Undo;
    undo_2026_5_killed_then_resumed: V2026_5, Undo, Resume;
}

#[tokio::test]
async fn shutdown_waits_for_work_under_way() {
    let scene = Scene::new(Version::V2026_5).await;
    let process = scene.start().await;
    let (_, planned) = process.post("/api/changes", &change(&gitea())).await;
    let id = planned["id"].as_str().unwrap().to_owned();
    let slow = scene.upstream.sandbox.faults().set(
        Fault::Latency(Duration::from_millis(300)),
        None,
        "/api/v3/core/transactional/",
        Some(1),
    );
    let path = format!("/api/changes/{id}/apply");
    assert_eq!(process.post(&path, &json!(null)).await.0, 202);
    slow.arrived().await;
    process.signal("TERM").await;
    let (success, log) = process.ended().await;
    assert!(success, "{log}");
    scene.assert_applied("after the shutdown");

    let process = scene.start().await;
    assert_eq!(process.change(&id).await["state"], "applied");
    process.kill().await;
}
