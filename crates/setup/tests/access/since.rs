//! What others did between a change set and its undo.

use std::{
    collections::BTreeMap,
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use authentik_api::{
    Client, Transport,
    api::core::{
        applications::UpdateApplication,
        groups::{CreateGroup, DestroyGroup, ListGroups},
    },
    models::{BindingRequest, GroupRequest, PatchApplication, Subject},
};
use bytes::Bytes;
use sandbox::Version;
use setup::{
    access_change::{Door, NOBODY},
    change::{Entry, Progress, State, apply, undo},
};

use crate::{
    menu,
    support::{Direct, Stage, VERSIONS, difference, failures},
};

#[tokio::test]
async fn the_first_of_two_closed_doors_is_opened_again_and_the_group_of_nobody_stays() {
    for version in VERSIONS {
        let stage = Stage::new(version).await;
        let before = stage.world().await;
        let close = |slug| menu::door(&[slug], Door::Closed, &[]);
        let (first, _, mut one) = stage.apply(&close("jellyfin")).await;
        let (second, _, mut two) = stage.apply(&close("penpot")).await;
        let shut = stage.bindings("penpot").await;
        let state = stage.undo(&first, &mut one).await;
        assert_eq!(state, State::Undone, "{version}: {}", failures(&one));
        assert_eq!(shut, stage.bindings("penpot").await, "Penpot stays shut");
        assert_eq!(stage.undo(&second, &mut two).await, State::Undone);
        let left = difference(&before, &stage.world().await);
        assert_eq!(left.len(), 1, "{left:#?}");
        assert!(left[0].starts_with(&format!("group {NOBODY}")), "{left:#?}");
    }
}

#[tokio::test]
async fn the_group_of_nobody_goes_where_nobody_else_uses_it() {
    for version in VERSIONS {
        let stage = Stage::new(version).await;
        let before = stage.world().await;
        let close = menu::door(&["jellyfin"], Door::Closed, &[]);
        let (plan, _, mut entries) = stage.apply(&close).await;
        assert_eq!(stage.undo(&plan, &mut entries).await, State::Undone);
        assert_eq!(before, stage.world().await);
    }
}

/// Binds a group to an application as soon as a member has left it.
#[derive(Clone)]
struct Meddler {
    inner: Direct,
    binding: Bytes,
    done: Arc<AtomicBool>,
}

impl Transport for Meddler {
    type Error = io::Error;

    async fn execute(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, io::Error> {
        let leaves = request.uri().path().ends_with("/remove_user/");
        let answer = self.inner.execute(request).await?;
        if leaves && !self.done.swap(true, Ordering::SeqCst) {
            let bind = http::Request::post("/api/v3/policies/bindings/")
                .header("content-type", "application/json")
                .body(self.binding.clone())
                .map_err(io::Error::other)?;
            assert_eq!(self.inner.execute(bind).await?.status(), 201);
        }
        Ok(answer)
    }
}

#[tokio::test]
async fn a_new_group_that_is_bound_while_the_rest_is_taken_back_stays() {
    for version in VERSIONS {
        let stage = Stage::new(version).await;
        let draft = menu::create_group("gardeners", &[], &["jodie.marsh"]);
        let (plan, state, mut entries) = stage.apply(&draft).await;
        assert_eq!(state, State::Applied);
        let gardeners = Subject::Group(stage.group("gardeners").await.pk);
        let target = stage.application("status-page").await.target();
        let binding = BindingRequest::new(target, gardeners, 0);
        let meddler = Meddler {
            inner: stage.direct(),
            binding: serde_json::to_vec(&binding).unwrap().into(),
            done: Arc::default(),
        };
        let client = Client::connect(meddler).await.unwrap();
        let journal = entries.clone();
        let state = undo(&client, &plan, &journal, &mut entries).await.unwrap();
        assert_eq!(state, State::Interrupted, "{version}: {entries:#?}");
        let said = failures(&entries);
        assert!(said.contains("is bound to something else by now"), "{said}");
        assert_eq!(
            stage.bindings("status-page").await.len(),
            1,
            "it stays shut"
        );
    }
}

#[tokio::test]
async fn an_application_whose_slug_was_changed_is_not_taken_for_deleted() {
    for version in VERSIONS {
        let stage = Stage::new(version).await;
        let (plan, _, mut entries) = stage.apply(&menu::mode(&["jellyfin"], "all")).await;
        let rename = |from: &str, to: &str| UpdateApplication {
            slug: from.to_owned(),
            patch: PatchApplication {
                slug: to.to_owned().into(),
                ..PatchApplication::default()
            },
        };
        let renamed = rename("jellyfin", "films");
        stage.client.send(&renamed).await.unwrap();
        assert_eq!(stage.undo(&plan, &mut entries).await, State::Applied);
        let said = failures(&entries);
        assert!(said.contains("another slug by now (“films”)"), "{said}");
        stage
            .client
            .send(&rename("films", "jellyfin"))
            .await
            .unwrap();
        assert_eq!(stage.undo(&plan, &mut entries).await, State::Undone);
    }
}

#[tokio::test]
async fn one_of_two_groups_of_a_name_is_made_again() {
    let stage = Stage::new(Version::V2023_10).await;
    let group = GroupRequest::new("kids");
    let other = stage.client.send(&CreateGroup { group }).await.unwrap();
    // By members: the world tells groups apart by name.
    let members = async || {
        let groups = stage.client.all(ListGroups::default().name("kids")).await;
        let mut groups: Vec<_> = groups.unwrap().into_iter().map(|it| it.users).collect();
        groups.sort();
        groups
    };
    let before = members().await;
    assert_eq!(before.iter().map(Vec::len).collect::<Vec<_>>(), [0, 2]);
    for key in [other.pk, stage.group("kids").await.pk] {
        let draft = menu::delete_group(&key.to_string(), false);
        let (plan, state, mut entries) = stage.apply(&draft).await;
        assert_eq!(state, State::Applied, "{entries:#?}");
        let state = stage.undo(&plan, &mut entries).await;
        assert_eq!(state, State::Undone, "{}", failures(&entries));
        assert_eq!(before, members().await);
    }
}

#[tokio::test]
async fn a_change_of_unknown_outcome_needs_no_undo_where_its_object_is_gone() {
    for version in VERSIONS {
        let stage = Stage::new(version).await;
        let plan = stage
            .plan(&menu::change_group("kids", "children", None))
            .await;
        let (step, pk) = (plan.steps[0].id.clone(), stage.group("kids").await.pk);
        let mut entries = vec![
            Entry::Reached {
                state: State::Applying,
            },
            Entry::StepStarted { step },
            Entry::Reached {
                state: State::Interrupted,
            },
        ];
        stage.client.send(&DestroyGroup { pk }).await.unwrap();
        let state = stage.undo(&plan, &mut entries).await;
        assert_eq!(state, State::Undone, "{version}: {}", failures(&entries));
    }
}

#[tokio::test]
async fn a_key_that_the_server_passes_over_is_noticed() {
    // `parent` is no key from 2025.12 on, `parents` none before (T27).
    for (version, key) in [
        (Version::V2023_10, "parents"),
        (Version::V2025_10, "parents"),
        (Version::V2026_5, "parent"),
    ] {
        let stage = Stage::new(version).await;
        let staff = stage.group("staff").await.pk;
        let mut plan = stage
            .plan(&menu::change_group("kids", "children", None))
            .await;
        let sent = if key == "parent" {
            serde_json::json!(staff)
        } else {
            serde_json::json!([staff])
        };
        let body = plan.steps[0].request.body.as_mut().unwrap();
        body[key] = sent;
        let mut entries = Vec::new();
        let state = apply(&stage.client, &plan, BTreeMap::new(), &[], &mut entries).await;
        assert_eq!(state.unwrap(), State::Interrupted, "{entries:#?}");
        let said = failures(&entries);
        assert!(
            said.contains(&format!("not as it was sent ({key})")),
            "{said}"
        );
        // Nothing is left for ever.
        assert!(Progress::of(&entries).effects.is_empty());
    }
}
