//! Things that go wrong between the plan and the receipt.

use authentik_api::{
    api::core::{
        applications::CreateApplication,
        groups::{CreateGroup, DestroyGroup},
    },
    models::{ApplicationRequest, GroupRequest},
};
use http::Method;
use sandbox::{Fault, Version};
use setup::change::{Entry, Progress, State, apply};

use crate::support::{Stage, VERSIONS, gitea, grafana};

const TRANSACTION: &str = "/api/v3/core/transactional/";

fn failure(entries: &[Entry]) -> (String, Option<String>) {
    let progress = Progress::of(entries);
    (progress.failures.join(" / "), progress.failed_field)
}

#[tokio::test]
async fn a_slug_taken_meanwhile_is_named_and_nothing_is_left() {
    for version in VERSIONS {
        let stage = Stage::new(version).await;
        let plan = stage.plan(&gitea()).await;
        let application = ApplicationRequest::new("Somebody else's", "gitea");
        stage
            .client
            .send(&CreateApplication { application })
            .await
            .unwrap();
        let before = stage.counts();
        let mut journal = Vec::new();
        let secrets = gitea().secrets();
        let state = apply(&stage.client, &plan, secrets, &[], &mut journal)
            .await
            .unwrap();
        assert_eq!(state, State::FailedAndUndone, "{version}: {journal:#?}");
        let (message, field) = failure(&journal);
        assert!(message.contains("already exists"), "{message}");
        assert_eq!(field.as_deref(), Some("slug"));
        assert_eq!(
            stage.counts(),
            before,
            "{version}: the group and the mapping are gone again"
        );
    }
}

#[tokio::test]
async fn a_group_deleted_meanwhile_is_named_and_nothing_is_left() {
    for version in VERSIONS {
        let stage = Stage::new(version).await;
        let create = CreateGroup {
            group: GroupRequest::new("Passing by"),
        };
        let group = stage.client.send(&create).await.unwrap();
        let before = stage.counts();
        let mut draft = grafana();
        draft.access.everyone = false;
        draft.access.groups = vec!["Passing by".into()];
        let plan = stage.plan(&draft).await;
        stage
            .client
            .send(&DestroyGroup { pk: group.pk })
            .await
            .unwrap();
        let mut journal = Vec::new();
        let state = apply(&stage.client, &plan, draft.secrets(), &[], &mut journal)
            .await
            .unwrap();
        assert_eq!(state, State::FailedAndUndone, "{version}: {journal:#?}");
        let (message, field) = failure(&journal);
        assert!(message.contains("object does not exist"), "{message}");
        assert_eq!(field.as_deref(), Some("access.groups"));
        let mut after = stage.counts();
        after[2] += 1;
        assert_eq!(after, before, "{version}");
    }
}

#[tokio::test]
async fn an_internal_error_writes_nothing_and_says_so() {
    let stage = Stage::new(Version::V2026_5).await;
    let before = stage.counts();
    stage
        .sandbox
        .faults()
        .set(Fault::ServerError, Some(Method::PUT), TRANSACTION, None);
    let (_, state, entries) = stage.apply(&gitea()).await;
    assert_eq!(state, State::FailedAndUndone, "{entries:#?}");
    assert!(failure(&entries).0.contains("internal error"));
    assert_eq!(stage.counts(), before);
}

#[tokio::test]
async fn an_answer_that_is_lost_is_looked_for_and_found() {
    for fault in [Fault::Html, Fault::Truncate] {
        let stage = Stage::new(Version::V2026_5).await;
        stage
            .sandbox
            .faults()
            .set(fault, Some(Method::PUT), TRANSACTION, Some(1));
        let (_, state, entries) = stage.apply(&grafana()).await;
        assert_eq!(state, State::Applied, "{fault:?}: {entries:#?}");
        let found = entries
            .iter()
            .any(|e| matches!(e, Entry::StepDone { found: true, .. }));
        assert!(found, "{fault:?}: it was found, not sent again");
        assert_eq!(
            stage.sandbox.count("application"),
            Stage::new(Version::V2026_5)
                .await
                .sandbox
                .count("application")
                + 1
        );
    }
}

#[tokio::test]
async fn a_broken_connection_leaves_the_decision_to_a_person_and_resumes() {
    let stage = Stage::new(Version::V2026_5).await;
    stage
        .sandbox
        .faults()
        .set(Fault::Reset, Some(Method::PUT), TRANSACTION, Some(1));
    let draft = gitea();
    let (plan, state, mut entries) = stage.apply(&draft).await;
    assert_eq!(state, State::Interrupted, "{entries:#?}");
    assert!(failure(&entries).0.contains("may still be under way"));
    let before = entries.clone();
    let state = apply(&stage.client, &plan, draft.secrets(), &before, &mut entries)
        .await
        .unwrap();
    assert_eq!(state, State::Applied, "{entries:#?}");
}

#[tokio::test]
async fn a_binding_that_fails_takes_the_application_back_on_2023_10() {
    let stage = Stage::new(Version::V2023_10).await;
    let before = stage.counts();
    stage.sandbox.faults().set(
        Fault::ServerError,
        Some(Method::POST),
        "/api/v3/policies/bindings/",
        None,
    );
    let (_, state, entries) = stage.apply(&gitea()).await;
    assert_eq!(state, State::FailedAndUndone, "{entries:#?}");
    assert_eq!(
        stage.counts(),
        before,
        "no application without its binding is left open"
    );
}
