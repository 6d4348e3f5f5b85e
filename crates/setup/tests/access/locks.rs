//! Undo opens no door that was shut before.

use authentik_api::{
    api::{core::groups::DestroyGroup, policies::DestroyBinding},
    models::Subject,
};
use setup::{
    access_change::{AccessDraft, Door},
    change::{Entry, Plan, State},
};

use crate::{
    menu,
    support::{Stage, VERSIONS, difference, failures},
};

async fn delete_group(stage: &Stage, name: &str) {
    let pk = stage.group(name).await.pk;
    stage.client.send(&DestroyGroup { pk }).await.unwrap();
}

async fn unbind(stage: &Stage, slug: &str, group: &str) {
    let group = stage.group(group).await.pk;
    let bindings = stage.bindings(slug).await;
    let binding = bindings.iter().find(|it| it.group == Some(group)).unwrap();
    let pk = binding.pk;
    stage.client.send(&DestroyBinding { pk }).await.unwrap();
}

/// Undo refuses whole, and the application is as it was.
async fn stays_shut(stage: &Stage, slug: &str, plan: &Plan, entries: &mut Vec<Entry>) {
    let before = stage.world().await;
    let state = stage.undo(plan, entries).await;
    assert_eq!(state, State::Applied, "{entries:#?}");
    let said = failures(entries);
    assert!(said.contains("open the application to everyone"), "{said}");
    let difference = difference(&before, &stage.world().await);
    assert!(difference.is_empty(), "{difference:#?}");
    assert!(stage.bindings(slug).await.iter().any(|it| it.enabled));
}

async fn applied(stage: &Stage, draft: &AccessDraft) -> (Plan, Vec<Entry>) {
    let (plan, state, entries) = stage.apply(draft).await;
    assert_eq!(state, State::Applied, "{entries:#?}");
    (plan, entries)
}

#[tokio::test]
async fn a_disabled_binding_that_is_gone_does_not_come_back_as_a_lock() {
    for version in VERSIONS {
        let stage = Stage::new(version).await;
        let draft = menu::door(&["penpot"], Door::Restricted, &["family"]);
        let (plan, mut entries) = applied(&stage, &draft).await;
        delete_group(&stage, "design").await;
        stays_shut(&stage, "penpot", &plan, &mut entries).await;
    }
}

#[tokio::test]
async fn a_deny_stays_where_the_group_that_it_replaces_is_gone() {
    for version in VERSIONS {
        let stage = Stage::new(version).await;
        let draft = menu::unbind("jellyfin", "family", true);
        let (plan, mut entries) = applied(&stage, &draft).await;
        delete_group(&stage, "family").await;
        stays_shut(&stage, "jellyfin", &plan, &mut entries).await;
    }
}

#[tokio::test]
async fn of_two_locks_both_stay_where_the_old_one_is_gone() {
    for version in VERSIONS {
        let stage = Stage::new(version).await;
        let family = Subject::Group(stage.group("family").await.pk);
        stage.bind("penpot", family, 3, false, false).await;
        let draft = menu::bind(&["penpot"], &["family", "kids"], &[]);
        let (plan, mut entries) = applied(&stage, &draft).await;
        unbind(&stage, "penpot", "design").await;
        stays_shut(&stage, "penpot", &plan, &mut entries).await;
    }
}

#[tokio::test]
async fn a_binding_that_was_enabled_is_not_disabled_as_the_last() {
    for version in VERSIONS {
        let stage = Stage::new(version).await;
        let family = Subject::Group(stage.group("family").await.pk);
        stage.bind("penpot", family, 3, false, false).await;
        let draft = menu::bind(&["penpot"], &["family"], &[]);
        let (plan, mut entries) = applied(&stage, &draft).await;
        unbind(&stage, "penpot", "design").await;
        stays_shut(&stage, "penpot", &plan, &mut entries).await;
    }
}

#[tokio::test]
async fn what_was_open_before_is_opened_again() {
    for version in VERSIONS {
        let stage = Stage::new(version).await;
        let before = stage.world().await;
        let draft = menu::bind(&["status-page"], &["family", "kids"], &[]);
        let (plan, mut entries) = applied(&stage, &draft).await;
        let state = stage.undo(&plan, &mut entries).await;
        assert_eq!(state, State::Undone, "{version}: {entries:#?}");
        assert_eq!(before, stage.world().await);
    }
}
