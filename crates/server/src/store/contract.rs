//! What every store must do, run against each of them.

use setup::{
    Secret,
    change::{AccessSummary, Entry, Plan, State},
    oidc_application::Draft,
};

use app::model::ChangeDraft;

use super::{NewChange, SqliteStore, Store, StoreError, StoredChange, Work};

fn draft(slug: &str) -> Draft {
    Draft {
        preset: "grafana".into(),
        slug: slug.into(),
        client_secret: Some(Secret::new("hunter2")),
        ..Draft::default()
    }
}

fn oidc(change: &StoredChange) -> &Draft {
    change.draft.oidc().unwrap()
}

fn planned(id: &str, draft_id: Option<&str>, slug: &str) -> NewChange {
    NewChange {
        id: id.into(),
        draft_id: draft_id.map(str::to_owned),
        draft: ChangeDraft::OidcApplication(Box::new(draft(slug))),
        plan: Plan {
            title: format!("Plan of {slug}"),
            steps: Vec::new(),
            findings: Vec::new(),
            access: AccessSummary {
                everyone: true,
                groups: Vec::new(),
                people: None,
                sentence: String::new(),
            },
            diff: None,
            confirm: None,
        },
    }
}

async fn contract(store: &impl Store) {
    drafts(store).await;
    planning_sets_older_plans_aside(store).await;
    work_begins_once(store).await;
    journal_leads_the_state(store).await;
    keys_stay(store).await;
}

async fn drafts(store: &impl Store) {
    store.create_draft("d1", &draft("a"), 1).await.unwrap();
    store.create_draft("d2", &draft("b"), 2).await.unwrap();
    let ids =
        |drafts: Vec<super::StoredDraft>| drafts.into_iter().map(|d| d.id).collect::<Vec<_>>();
    assert_eq!(ids(store.drafts().await.unwrap()), ["d2", "d1"]);
    let edited = store
        .edit_draft("d1", Box::new(|draft| draft.name = "Älter".into()), 3)
        .await
        .unwrap();
    assert_eq!(edited.as_ref().unwrap().draft.name, "Älter");
    assert_eq!(store.draft("d1").await.unwrap(), edited);
    assert_eq!(
        edited.unwrap().draft.client_secret,
        Some(Secret::new("hunter2"))
    );
    assert_eq!(ids(store.drafts().await.unwrap()), ["d1", "d2"]);
    assert_eq!(
        store.edit_draft("none", Box::new(|_| ()), 3).await.unwrap(),
        None
    );
    assert!(store.delete_draft("d2").await.unwrap());
    assert!(!store.delete_draft("d2").await.unwrap());
    assert_eq!(store.draft("d2").await.unwrap(), None);
}

async fn planning_sets_older_plans_aside(store: &impl Store) {
    let listed = async || {
        store
            .changes()
            .await
            .unwrap()
            .into_iter()
            .map(|c| c.id)
            .collect::<Vec<_>>()
    };
    store
        .create_change(&planned("c1", Some("d1"), "a"), 10)
        .await
        .unwrap();
    let change = store.change("c1").await.unwrap().unwrap();
    assert_eq!(
        (change.head.state, change.draft_id.as_deref()),
        (State::Planned, Some("d1"))
    );
    assert_eq!(change.head.title, "Plan of a");
    assert_eq!(oidc(&change).client_secret, Some(Secret::new("hunter2")));
    assert_eq!(
        store.draft("d1").await.unwrap().unwrap().change.as_deref(),
        Some("c1")
    );

    store
        .create_change(&planned("c2", Some("d1"), "a"), 11)
        .await
        .unwrap();
    assert_eq!(listed().await, ["c2"]);
    let aside = store.change("c1").await.unwrap().unwrap();
    assert!(aside.superseded);
    assert_eq!(oidc(&aside).client_secret, None);
    assert!(!store.begin("c1", Work::Apply, 12).await.unwrap());

    store.edit_draft("d1", Box::new(|_| ()), 12).await.unwrap();
    assert_eq!(listed().await, Vec::<String>::new());
    assert_eq!(store.draft("d1").await.unwrap().unwrap().change, None);
}

async fn work_begins_once(store: &impl Store) {
    store
        .create_change(&planned("c3", Some("d1"), "a"), 20)
        .await
        .unwrap();
    assert!(
        !store.begin("c3", Work::Undo, 21).await.unwrap(),
        "nothing to undo yet"
    );
    let begun =
        futures_util::future::join_all((0..20).map(|_| store.begin("c3", Work::Apply, 21))).await;
    assert_eq!(
        begun
            .into_iter()
            .filter(|begun| *begun.as_ref().unwrap())
            .count(),
        1
    );
    assert_eq!(store.running().await.unwrap(), ["c3"]);
    assert_eq!(store.state("c3").await.unwrap(), Some(State::Applying));
    assert_eq!(store.state("none").await.unwrap(), None);
    assert!(!store.begin("none", Work::Apply, 21).await.unwrap());
}

async fn journal_leads_the_state(store: &impl Store) {
    let started = Entry::StepStarted {
        step: "application".into(),
    };
    let reached = |state| Entry::Reached { state };
    assert_eq!(store.record("c3", &started, 30).await.unwrap().number, 1);
    assert_eq!(store.latest_applied("a").await.unwrap(), None);
    store
        .record("c3", &reached(State::Interrupted), 31)
        .await
        .unwrap();
    let change = store.change("c3").await.unwrap().unwrap();
    assert_eq!(change.head.state, State::Interrupted);
    assert!(oidc(&change).client_secret.is_some(), "resuming needs it");
    assert!(store.begin("c3", Work::Apply, 32).await.unwrap());
    assert_eq!(
        store
            .record("c3", &reached(State::Applied), 33)
            .await
            .unwrap()
            .number,
        3
    );

    let change = store.change("c3").await.unwrap().unwrap();
    assert_eq!(
        (change.head.state, change.head.updated_ms),
        (State::Applied, 33)
    );
    assert_eq!(
        (oidc(&change).client_secret.clone(), change.draft_id.clone()),
        (None, None)
    );
    assert_eq!(store.draft("d1").await.unwrap(), None, "its work is done");
    assert_eq!(store.latest_applied("a").await.unwrap(), Some(change));
    assert_eq!(store.running().await.unwrap(), Vec::<String>::new());

    let entries = store.entries("c3", 1).await.unwrap();
    assert_eq!(
        entries.iter().map(|entry| entry.number).collect::<Vec<_>>(),
        [2, 3]
    );
    assert_eq!(entries[0].entry, reached(State::Interrupted));
    assert_eq!(store.entries("c3", 0).await.unwrap()[0].entry, started);

    assert!(store.begin("c3", Work::Undo, 34).await.unwrap());
    store
        .record("c3", &reached(State::Undone), 35)
        .await
        .unwrap();
    assert_eq!(store.latest_applied("a").await.unwrap(), None);
}

async fn keys_stay(store: &impl Store) {
    let key = store.key("random").await.unwrap();
    assert_eq!(store.key("random").await.unwrap(), key);
    assert_ne!(store.key("other").await.unwrap(), key);
}

#[tokio::test]
async fn sqlite_in_memory_keeps_the_contract() {
    contract(&SqliteStore::in_memory().await.unwrap()).await;
}

#[tokio::test]
async fn sqlite_file_keeps_the_contract_and_its_content() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("below/ostiary.sqlite");
    let store = SqliteStore::open(&path).await.unwrap();
    contract(&store).await;
    assert!(matches!(
        SqliteStore::open(&path).await,
        Err(StoreError::InUse(_))
    ));
    store.close().await;
    drop(store);
    let store = SqliteStore::open(&path).await.unwrap();
    assert_eq!(
        store.change("c3").await.unwrap().unwrap().head.state,
        State::Undone
    );
    for file in std::fs::read_dir(path.parent().unwrap()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(
            !bytes.windows(7).any(|window| window == b"hunter2"),
            "secrets are erased"
        );
    }
}

#[cfg(unix)]
#[tokio::test]
async fn sqlite_file_is_private() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ostiary.sqlite");
    let _store = SqliteStore::open(&path).await.unwrap();
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap();
        let mode = file.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{:?}", file.file_name());
    }
}

#[tokio::test]
async fn draft_of_another_version_is_named_and_left_alone() {
    let store = SqliteStore::in_memory().await.unwrap();
    store.create_draft("d1", &draft("a"), 1).await.unwrap();
    store
        .execute_raw("UPDATE drafts SET draft = '{\"colour\":\"red\"}'")
        .await;
    let error = store.draft("d1").await.unwrap_err();
    assert!(matches!(&error, StoreError::Unreadable { what, .. } if what == "draft d1"));
    assert_eq!(store.drafts().await.unwrap(), []);
    assert!(store.edit_draft("d1", Box::new(|_| ()), 2).await.is_err());
}
