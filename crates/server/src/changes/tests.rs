//! What the wizard does with drafts, against a sandbox.

use app::{error::AppError, model::ConnectionSource};
use sandbox::{Sandbox, Version};
use setup::{
    Secret,
    change::State,
    oidc_application::{Access, Draft},
};
use tokio::{net::TcpListener, task::AbortHandle};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::Changes;
use crate::{
    audit::{Actor, Audit},
    config::Authentik,
    connection::{Connector, Target},
    store::{SqliteStore, Store as _},
    world::Worlds,
};

struct Fixture {
    changes: Changes<SqliteStore>,
    sandbox: Sandbox,
    store: SqliteStore,
    upstream: AbortHandle,
}

impl Drop for Fixture {
    fn drop(&mut self) {
        self.upstream.abort();
    }
}

impl Fixture {
    async fn new() -> Self {
        let sandbox = Sandbox::with_sample_data(Version::V2026_5, 3);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let upstream = tokio::spawn(sandbox.clone().serve(listener)).abort_handle();
        let authentik = Authentik {
            url: Some(url.parse().unwrap()),
            token: Some(sandbox.admin_token().into()),
            ..Authentik::default()
        };
        let given = authentik.given().unwrap().unwrap();
        let transport = authentik.transport(&given).unwrap();
        let connector = Connector::new(Target::new(transport, &given, ConnectionSource::Demo));
        let worlds = Worlds::new(connector.clone());
        let store = SqliteStore::in_memory().await.unwrap();
        let audit = Audit::new(store.clone());
        let (tasks, shutdown) = (TaskTracker::new(), CancellationToken::new());
        let changes = Changes::new(store.clone(), connector, worlds, tasks, shutdown, audit);
        Self {
            changes,
            sandbox,
            store,
            upstream,
        }
    }

    async fn finished(&self, id: &str) -> State {
        let mut written = self.changes.watch();
        loop {
            written.mark_unchanged();
            let state = self.changes.change(id).await.unwrap().summary.state;
            if !state.is_running() {
                return state;
            }
            written.changed().await.unwrap();
        }
    }
}

fn draft() -> Draft {
    Draft {
        preset: "grafana".into(),
        name: "Grafana".into(),
        base_url: "https://grafana.example.org".into(),
        client_secret: Some(Secret::new("hunter2-hunter2-hunter2")),
        access: Access {
            groups: vec!["staff".into()],
            ..Access::default()
        },
        ..Draft::default()
    }
}

#[tokio::test]
async fn draft_is_edited_planned_applied_and_gone() {
    let fixture = Fixture::new().await;
    let changes = &fixture.changes;
    let record = changes.create_draft(draft()).await.unwrap();
    assert!(record.has_client_secret);
    assert_eq!(record.draft.client_secret, None);
    let edit = Box::new(|draft: &mut Draft| draft.slug = "graphs".into());
    changes.edit_draft(&record.id, edit).await.unwrap();
    let change = changes.plan_draft(&record.id).await.unwrap();
    assert_eq!(change.summary.slug, "graphs");
    assert_eq!(change.draft_id.as_ref(), Some(&record.id));
    assert_eq!(
        changes.draft(&record.id).await.unwrap().change,
        Some(change.summary.id.clone())
    );

    changes
        .apply(&change.summary.id, "", &Actor::process())
        .await
        .unwrap();
    assert_eq!(fixture.finished(&change.summary.id).await, State::Applied);
    let gone = changes.draft(&record.id).await.unwrap_err();
    assert!(matches!(gone, AppError::NotFound(_)), "{gone:?}");
    assert_eq!(changes.drafts().await.unwrap(), []);
    let stored = fixture
        .store
        .change(&change.summary.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        stored.draft.oidc().unwrap().client_secret,
        None,
        "its work is done"
    );
    let (maker, made_from) = changes.maker_of("graphs").await.unwrap().unwrap();
    assert_eq!(
        (maker, made_from.preset.as_str()),
        (change.summary.id, "grafana")
    );
}

#[tokio::test]
async fn plan_of_another_tab_cannot_be_applied_after_an_edit() {
    let fixture = Fixture::new().await;
    let changes = &fixture.changes;
    let record = changes.create_draft(draft()).await.unwrap();
    let first = changes.plan_draft(&record.id).await.unwrap();
    let edit = Box::new(|draft: &mut Draft| draft.name = "Graphs".into());
    changes.edit_draft(&record.id, edit).await.unwrap();
    let refused = changes
        .apply(&first.summary.id, "", &Actor::process())
        .await
        .unwrap_err();
    assert!(
        matches!(&refused, AppError::Conflict(text) if text.contains("Nothing was written")),
        "{refused:?}"
    );
    let second = changes.plan_draft(&record.id).await.unwrap();
    assert_eq!(changes.changes().await.unwrap().len(), 1);
    changes
        .apply(&second.summary.id, "", &Actor::process())
        .await
        .unwrap();
    assert_eq!(fixture.finished(&second.summary.id).await, State::Applied);
    assert_eq!(fixture.sandbox.count("application"), 14);
}

#[tokio::test]
async fn failed_change_set_leaves_the_draft_to_be_mended() {
    let fixture = Fixture::new().await;
    let changes = &fixture.changes;
    let mine = changes.create_draft(draft()).await.unwrap();
    let theirs = changes
        .create_draft(Draft {
            name: "Other".into(),
            slug: "grafana".into(),
            ..draft()
        })
        .await
        .unwrap();
    let mine_planned = changes.plan_draft(&mine.id).await.unwrap();
    let theirs_planned = changes.plan_draft(&theirs.id).await.unwrap();
    changes
        .apply(&theirs_planned.summary.id, "", &Actor::process())
        .await
        .unwrap();
    assert_eq!(
        fixture.finished(&theirs_planned.summary.id).await,
        State::Applied
    );

    changes
        .apply(&mine_planned.summary.id, "", &Actor::process())
        .await
        .unwrap();
    assert_eq!(
        fixture.finished(&mine_planned.summary.id).await,
        State::FailedAndUndone
    );
    let failed = changes.change(&mine_planned.summary.id).await.unwrap();
    assert_eq!(failed.progress().failed_field.as_deref(), Some("slug"));
    let kept = changes.draft(&mine.id).await.unwrap();
    assert!(kept.has_client_secret, "nothing that was typed is lost");
    let again = changes.plan_draft(&mine.id).await.unwrap_err();
    assert!(
        matches!(&again, AppError::Invalid(errors) if !errors.of("slug").is_empty()),
        "{again:?}"
    );
    let edit = Box::new(|draft: &mut Draft| {
        draft.slug = "grafana-2".into();
        draft.name = "Grafana 2".into();
    });
    changes.edit_draft(&mine.id, edit).await.unwrap();
    let mended = changes.plan_draft(&mine.id).await.unwrap();
    changes
        .apply(&mended.summary.id, "", &Actor::process())
        .await
        .unwrap();
    assert_eq!(fixture.finished(&mended.summary.id).await, State::Applied);
}

#[tokio::test]
async fn discarded_draft_takes_its_plan_along() {
    let fixture = Fixture::new().await;
    let changes = &fixture.changes;
    let record = changes.create_draft(draft()).await.unwrap();
    let change = changes.plan_draft(&record.id).await.unwrap();
    changes.discard_draft(&record.id).await.unwrap();
    assert!(changes.discard_draft(&record.id).await.is_err());
    assert_eq!(changes.changes().await.unwrap(), []);
    assert!(matches!(
        changes
            .apply(&change.summary.id, "", &Actor::process())
            .await,
        Err(AppError::Conflict(_))
    ));
}

#[tokio::test]
async fn reviewing_again_gives_the_same_plan_until_the_draft_changes() {
    let fixture = Fixture::new().await;
    let changes = &fixture.changes;
    let record = changes.create_draft(draft()).await.unwrap();
    let first = changes.plan_draft(&record.id).await.unwrap();
    let again = changes.plan_draft(&record.id).await.unwrap();
    assert_eq!(again.summary.id, first.summary.id);
    let edit = Box::new(|draft: &mut Draft| draft.group = "Tools".into());
    changes.edit_draft(&record.id, edit).await.unwrap();
    let other = changes.plan_draft(&record.id).await.unwrap();
    assert_ne!(other.summary.id, first.summary.id);
    assert!(matches!(
        changes
            .apply(&first.summary.id, "", &Actor::process())
            .await,
        Err(AppError::Conflict(_))
    ));
}

#[tokio::test]
async fn no_work_begins_during_a_shutdown() {
    let fixture = Fixture::new().await;
    let change = fixture.changes.plan(draft()).await.unwrap();
    fixture.changes.shutdown().cancel();
    let refused = fixture
        .changes
        .apply(&change.summary.id, "", &Actor::process())
        .await
        .unwrap_err();
    assert!(matches!(&refused, AppError::Conflict(text) if text.contains("nothing was begun")));
    let state = fixture
        .changes
        .change(&change.summary.id)
        .await
        .unwrap()
        .summary
        .state;
    assert_eq!(state, State::Planned);
}

#[tokio::test]
async fn random_secret_belongs_to_the_change_set() {
    let fixture = Fixture::new().await;
    let of = async |id| fixture.changes.random_secret(id).await.unwrap();
    assert_eq!(of("a").await, of("a").await);
    assert_ne!(of("a").await, of("b").await);
    assert_eq!(of("a").await.len(), 64);
}
