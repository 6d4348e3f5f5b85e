//! Undo takes back exactly what was created, and refuses where somebody has changed it since.

use authentik_api::{
    Field,
    api::{
        core::{
            applications::{DestroyApplication, RetrieveApplication, UpdateApplication},
            groups::{AddUser, ListGroups},
        },
        policies::CreateBinding,
    },
    models::{BindingRequest, PatchApplication, Subject},
};
use sandbox::Version;
use setup::change::{Entry, Plan, Progress, State, undo};

use crate::support::{Stage, VERSIONS, gitea, grafana};

async fn applied(version: Version) -> (Stage, [usize; 5], Plan, Vec<Entry>) {
    let stage = Stage::new(version).await;
    let before = stage.counts();
    let (plan, state, entries) = stage.apply(&gitea()).await;
    assert_eq!(state, State::Applied);
    (stage, before, plan, entries)
}

async fn take_back(stage: &Stage, plan: &Plan, entries: &[Entry]) -> (State, Vec<String>) {
    let mut journal = Vec::new();
    let state = undo(&stage.client, plan, entries, &mut journal)
        .await
        .unwrap();
    (state, Progress::of(&journal).failures)
}

#[tokio::test]
async fn undo_leaves_nothing_behind_on_every_version() {
    for version in VERSIONS {
        let (stage, before, plan, entries) = applied(version).await;
        assert_ne!(stage.counts(), before);
        let (state, failures) = take_back(&stage, &plan, &entries).await;
        assert_eq!((state, failures.len()), (State::Undone, 0), "{failures:?}");
        assert_eq!(stage.counts(), before, "{version}");
    }
}

#[tokio::test]
async fn undo_refuses_when_the_application_was_changed() {
    let (stage, _, plan, entries) = applied(Version::V2026_5).await;
    let patch = PatchApplication {
        group: Field::Set("Tools".into()),
        ..PatchApplication::default()
    };
    stage
        .client
        .send(&UpdateApplication {
            slug: "gitea".into(),
            patch,
        })
        .await
        .unwrap();
    let counts = stage.counts();
    let (state, failures) = take_back(&stage, &plan, &entries).await;
    assert_eq!(state, State::Applied);
    assert!(
        failures[0].contains("was changed since (group)"),
        "{failures:?}"
    );
    assert_eq!(stage.counts(), counts, "nothing was deleted");
}

#[tokio::test]
async fn undo_refuses_when_somebody_joined_the_new_group() {
    let (stage, _, plan, entries) = applied(Version::V2026_5).await;
    let groups = stage
        .client
        .all(ListGroups::default().name("Gitea users"))
        .await
        .unwrap();
    let user = stage
        .client
        .send(&authentik_api::api::core::users::RetrieveMe)
        .await
        .unwrap();
    let add = AddUser {
        group: groups[0].pk,
        user: user.user.pk,
    };
    stage.client.send(&add).await.unwrap();
    let (state, failures) = take_back(&stage, &plan, &entries).await;
    assert_eq!(state, State::Applied);
    assert!(
        failures[0].contains("“Gitea users” was changed since (users)"),
        "{failures:?}"
    );
}

#[tokio::test]
async fn undo_refuses_when_another_group_was_bound() {
    let (stage, _, plan, entries) = applied(Version::V2026_5).await;
    let retrieve = RetrieveApplication {
        slug: "gitea".into(),
    };
    let application = stage.client.send(&retrieve).await.unwrap();
    let groups = stage.client.all(ListGroups::default()).await.unwrap();
    let other = groups
        .iter()
        .find(|group| group.name != "Gitea users")
        .unwrap();
    let binding = BindingRequest::new(application.target(), Subject::Group(other.pk), 9);
    stage.client.send(&CreateBinding { binding }).await.unwrap();
    let (state, failures) = take_back(&stage, &plan, &entries).await;
    assert_eq!(state, State::Applied);
    assert!(
        failures[0].contains(&format!("the group “{}”", other.name)),
        "{failures:?}"
    );
}

#[tokio::test]
async fn undo_goes_on_where_somebody_deleted_a_part() {
    let (stage, before, plan, entries) = applied(Version::V2026_5).await;
    stage
        .client
        .send(&DestroyApplication {
            slug: "gitea".into(),
        })
        .await
        .unwrap();
    let (state, failures) = take_back(&stage, &plan, &entries).await;
    assert_eq!(state, State::Undone, "{failures:?}");
    assert_eq!(stage.counts(), before);
}

#[tokio::test]
async fn the_same_draft_can_be_applied_again_after_undo() {
    let stage = Stage::new(Version::V2025_10).await;
    let (plan, _, entries) = stage.apply(&grafana()).await;
    assert_eq!(take_back(&stage, &plan, &entries).await.0, State::Undone);
    let (_, state, _) = stage.apply(&grafana()).await;
    assert_eq!(state, State::Applied);
}
