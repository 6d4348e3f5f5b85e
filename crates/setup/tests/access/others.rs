//! Other people are at work too, between the plan and its end.

use authentik_api::{
    api::{
        core::{
            applications::UpdateApplication,
            groups::{AddUser, DestroyGroup, RemoveUser},
        },
        policies::{DestroyBinding, UpdateBinding},
    },
    models::{BindingRequest, PatchApplication, PatchGroup, PolicyBinding, Subject},
    operation::named,
};
use setup::{
    access_change::{AccessDraft, Door, GroupBinding, UserAction},
    change::{Progress, State},
};

use crate::{
    menu,
    support::{Stage, VERSIONS, difference, failed_field, failures, texts},
};

async fn delete_group(stage: &Stage, name: &str) {
    let pk = stage.group(name).await.pk;
    stage.client.send(&DestroyGroup { pk }).await.unwrap();
}

async fn delete_user(stage: &Stage, username: &str) {
    let pk = stage.user(username).await.pk.to_string();
    let delete = named("core_users_destroy");
    stage.client.call(delete, &[&pk], &[], None).await.unwrap();
}

async fn binding(stage: &Stage, slug: &str, group: &str) -> PolicyBinding {
    let pk = stage.group(group).await.pk;
    let bindings = stage.bindings(slug).await;
    bindings
        .into_iter()
        .find(|it| it.group == Some(pk))
        .unwrap()
}

async fn move_binding(stage: &Stage, binding: &PolicyBinding, order: i64) {
    let subject = Subject::Group(binding.group.unwrap());
    let request = BindingRequest {
        negate: binding.negate,
        enabled: binding.enabled,
        ..BindingRequest::new(binding.target, subject, order)
    };
    let update = UpdateBinding {
        pk: binding.pk,
        binding: request,
    };
    stage.client.send(&update).await.unwrap();
}

#[tokio::test]
async fn a_group_deleted_meanwhile_fails_the_set_and_nothing_is_left() {
    for version in VERSIONS {
        for (draft, field) in [
            (menu::bind(&["penpot", "outline"], &["kids"], &[]), "groups"),
            (menu::membership(&["kids"], &["kofi.mensah"], &[]), "add"),
            (menu::change_group("kids", "children", None), "group"),
        ] {
            let stage = Stage::new(version).await;
            let plan = stage.plan(&draft).await;
            delete_group(&stage, "kids").await;
            let before = stage.world().await;
            let (state, entries) = stage.apply_plan(&plan).await;
            assert_eq!(state, State::FailedAndUndone, "{version}: {entries:#?}");
            assert!(!failures(&entries).is_empty());
            assert_eq!(failed_field(&entries).as_deref(), Some(field), "{version}");
            let difference = difference(&before, &stage.world().await);
            assert!(difference.is_empty(), "{difference:#?}");
        }
    }
}

#[tokio::test]
async fn a_user_deleted_meanwhile_fails_the_set_and_nothing_is_left() {
    for version in VERSIONS {
        for draft in [
            menu::bind(&["penpot"], &["staff"], &["sara.lopes"]),
            menu::membership(&["design"], &["kofi.mensah", "sara.lopes"], &[]),
            menu::user(UserAction::Deactivate, "sara.lopes"),
        ] {
            let stage = Stage::new(version).await;
            let plan = stage.plan(&draft).await;
            delete_user(&stage, "sara.lopes").await;
            let before = stage.world().await;
            let (state, entries) = stage.apply_plan(&plan).await;
            assert_eq!(state, State::FailedAndUndone, "{version}: {entries:#?}");
            let difference = difference(&before, &stage.world().await);
            assert!(difference.is_empty(), "{difference:#?}");
        }
    }
}

#[tokio::test]
async fn what_is_gone_already_needs_no_deletion_and_undo_leaves_it_gone() {
    for version in VERSIONS {
        let stage = Stage::new(version).await;
        let draft = menu::delete_group("kids", false);
        let plan = stage.plan(&draft).await;
        delete_group(&stage, "kids").await;
        let before = stage.world().await;
        let (state, mut entries) = stage.apply_plan(&plan).await;
        assert_eq!(state, State::Applied, "{entries:#?}");
        assert!(Progress::of(&entries).effects.is_empty());
        assert_eq!(stage.undo(&plan, &mut entries).await, State::Undone);
        assert_eq!(before, stage.world().await);

        let plan = stage.plan(&menu::unbind("jellyfin", "family", false)).await;
        let family = binding(&stage, "jellyfin", "family").await;
        stage
            .client
            .send(&DestroyBinding { pk: family.pk })
            .await
            .unwrap();
        let before = stage.world().await;
        let (state, mut entries) = stage.apply_plan(&plan).await;
        assert_eq!(state, State::Applied, "{entries:#?}");
        assert_eq!(stage.undo(&plan, &mut entries).await, State::Undone);
        assert_eq!(before, stage.world().await);
    }
}

#[tokio::test]
async fn the_same_binding_made_meanwhile_is_found_and_stays_after_undo() {
    for version in VERSIONS {
        let stage = Stage::new(version).await;
        let draft = menu::bind(&["penpot", "outline"], &["family"], &[]);
        let plan = stage.plan(&draft).await;
        let family = Subject::Group(stage.group("family").await.pk);
        stage.bind("penpot", family, 3, false, true).await;
        let before = stage.world().await;
        let (state, mut entries) = stage.apply_plan(&plan).await;
        assert_eq!(state, State::Applied, "{entries:#?}");
        assert_eq!(Progress::of(&entries).effects.len(), 1, "that of Outline");
        assert_eq!(stage.bindings("penpot").await.len(), 2, "not bound twice");
        assert_eq!(stage.undo(&plan, &mut entries).await, State::Undone);
        assert_eq!(before, stage.world().await, "somebody else's binding stays");
    }
}

#[tokio::test]
async fn another_binding_of_the_group_made_meanwhile_fails_the_set() {
    for version in VERSIONS {
        let stage = Stage::new(version).await;
        let plan = stage.plan(&menu::bind(&["penpot"], &["family"], &[])).await;
        let family = Subject::Group(stage.group("family").await.pk);
        stage.bind("penpot", family, 3, true, true).await;
        let (state, entries) = stage.apply_plan(&plan).await;
        assert_eq!(state, State::FailedAndUndone);
        assert!(
            failures(&entries).contains("set in another way"),
            "{entries:#?}"
        );
        assert_eq!(stage.bindings("penpot").await.len(), 2);
    }
}

#[tokio::test]
async fn a_binding_that_moved_is_not_deleted_and_not_moved_again() {
    for version in VERSIONS {
        let stage = Stage::new(version).await;
        let unbind = menu::unbind("handbook", "contractors", false);
        let unbind = stage.plan(&unbind).await;
        let order = AccessDraft::GroupBinding(GroupBinding {
            applications: texts(&["handbook"]),
            groups: texts(&["contractors"]),
            order: Some(2),
            negate: true,
            ..GroupBinding::default()
        });
        let order = stage.plan(&order).await;
        let enable = menu::bind(&["handbook"], &["contractors"], &[]);
        let enable = stage.plan(&enable).await;
        let moved = binding(&stage, "handbook", "contractors").await;
        move_binding(&stage, &moved, 12).await;
        let before = stage.world().await;
        for plan in [&unbind, &order] {
            let (state, entries) = stage.apply_plan(plan).await;
            assert_eq!(state, State::FailedAndUndone, "{version}: {entries:#?}");
            let said = failures(&entries);
            assert!(
                said.contains("since the plan (order: 9 then, 12 now)"),
                "{said}"
            );
        }
        assert_eq!(before, stage.world().await);
        // What does not send the position keeps somebody else's.
        let (state, mut entries) = stage.apply_plan(&enable).await;
        assert_eq!(state, State::Applied);
        let changed = binding(&stage, "handbook", "contractors").await;
        assert_eq!((changed.order, changed.negate), (12, false));
        assert_eq!(stage.undo(&enable, &mut entries).await, State::Undone);
        assert_eq!(before, stage.world().await);
    }
}

#[tokio::test]
async fn a_binding_that_names_another_group_by_now_is_not_changed() {
    for version in VERSIONS {
        let stage = Stage::new(version).await;
        let enable = menu::bind(&["handbook"], &["contractors"], &[]);
        let enable = stage.plan(&enable).await;
        let mut other = binding(&stage, "handbook", "contractors").await;
        other.group = Some(stage.group("kids").await.pk);
        move_binding(&stage, &other, 9).await;
        let before = stage.world().await;
        let (state, entries) = stage.apply_plan(&enable).await;
        assert_eq!(state, State::FailedAndUndone);
        assert!(
            failures(&entries).contains("since the plan (group"),
            "{entries:#?}"
        );
        assert_eq!(failed_field(&entries).as_deref(), Some("groups"));
        assert_eq!(before, stage.world().await);
    }
}

#[tokio::test]
async fn a_group_that_is_bound_meanwhile_is_not_deleted() {
    for version in VERSIONS {
        let stage = Stage::new(version).await;
        let plan = stage.plan(&menu::delete_group("kids", false)).await;
        let kids = Subject::Group(stage.group("kids").await.pk);
        stage.bind("status-page", kids, 0, false, true).await;
        let before = stage.world().await;
        let (state, entries) = stage.apply_plan(&plan).await;
        assert_eq!(state, State::FailedAndUndone, "{version}: {entries:#?}");
        assert!(failures(&entries).contains("is bound to “Status page” since the plan"));
        assert_eq!(
            before,
            stage.world().await,
            "Status page is not opened again"
        );
    }
}

#[tokio::test]
async fn a_door_that_the_plan_saw_shut_is_not_opened() {
    for version in VERSIONS {
        for draft in [
            menu::unbind("miniflux", "family", false),
            menu::delete_group("family", true),
            menu::door(&["miniflux"], Door::Restricted, &["staff"]),
        ] {
            let stage = Stage::new(version).await;
            let plan = stage.plan(&draft).await;
            // The other binding that counts goes away.
            let other = binding(&stage, "miniflux", "staff").await;
            stage
                .client
                .send(&DestroyBinding { pk: other.pk })
                .await
                .unwrap();
            let before = stage.world().await;
            let (state, entries) = stage.apply_plan(&plan).await;
            assert_eq!(state, State::FailedAndUndone, "{version}: {entries:#?}");
            assert!(
                failures(&entries).contains("open to everyone"),
                "{entries:#?}"
            );
            let difference = difference(&before, &stage.world().await);
            assert!(difference.is_empty(), "{version}: {difference:#?}");
        }
    }
}

#[tokio::test]
async fn a_group_that_got_a_member_meanwhile_is_not_deleted() {
    for version in VERSIONS {
        let stage = Stage::new(version).await;
        let plan = stage.plan(&menu::delete_group("kids", false)).await;
        let (group, user) = (
            stage.group("kids").await.pk,
            stage.user("kofi.mensah").await.pk,
        );
        stage.client.send(&AddUser { group, user }).await.unwrap();
        let (state, entries) = stage.apply_plan(&plan).await;
        assert_eq!(state, State::FailedAndUndone);
        assert!(
            failures(&entries).contains("since the plan (users)"),
            "{entries:#?}"
        );
    }
}

#[tokio::test]
async fn a_name_changed_meanwhile_is_named() {
    for version in VERSIONS {
        let stage = Stage::new(version).await;
        let plan = stage
            .plan(&menu::change_group("kids", "children", None))
            .await;
        let patch = PatchGroup {
            name: "little ones".to_owned().into(),
            ..PatchGroup::default()
        };
        let pk = stage.group("kids").await.pk;
        let update = authentik_api::api::core::groups::UpdateGroup { pk, patch };
        stage.client.send(&update).await.unwrap();
        let (state, entries) = stage.apply_plan(&plan).await;
        assert_eq!(state, State::FailedAndUndone);
        let said = failures(&entries);
        assert!(
            said.contains("(name: \"kids\" then, \"little ones\" now)"),
            "{said}"
        );
    }
}

#[tokio::test]
async fn a_mode_set_meanwhile_is_found_and_stays_after_undo() {
    let stage = Stage::new(VERSIONS[2]).await;
    let plan = stage.plan(&menu::mode(&["jellyfin"], "all")).await;
    let patch = PatchApplication {
        policy_engine_mode: authentik_api::models::PolicyEngineMode::All.into(),
        ..PatchApplication::default()
    };
    let slug = "jellyfin".to_owned();
    let update = UpdateApplication { slug, patch };
    stage.client.send(&update).await.unwrap();
    let before = stage.world().await;
    let (state, mut entries) = stage.apply_plan(&plan).await;
    assert_eq!(state, State::Applied);
    assert_eq!(stage.undo(&plan, &mut entries).await, State::Undone);
    assert_eq!(before, stage.world().await);
}

#[tokio::test]
async fn a_member_added_or_removed_meanwhile_is_found_and_undo_leaves_it() {
    for version in VERSIONS {
        let stage = Stage::new(version).await;
        let draft = menu::membership(
            &["design"],
            &["kofi.mensah", "sara.lopes"],
            &["zofia.wozniak", "leo.fontaine"],
        );
        let plan = stage.plan(&draft).await;
        let group = stage.group("design").await.pk;
        let user = stage.user("kofi.mensah").await.pk;
        stage.client.send(&AddUser { group, user }).await.unwrap();
        let user = stage.user("zofia.wozniak").await.pk;
        stage
            .client
            .send(&RemoveUser { group, user })
            .await
            .unwrap();
        let before = stage.world().await;
        let (state, mut entries) = stage.apply_plan(&plan).await;
        assert_eq!(state, State::Applied, "{entries:#?}");
        assert_eq!(Progress::of(&entries).effects.len(), 2);
        assert_eq!(stage.undo(&plan, &mut entries).await, State::Undone);
        assert_eq!(before, stage.world().await);
    }
}

#[tokio::test]
async fn two_change_sets_on_one_group_keep_each_others_members() {
    for version in VERSIONS {
        let stage = Stage::new(version).await;
        let one = stage
            .plan(&menu::membership(&["design"], &["kofi.mensah"], &[]))
            .await;
        let two = stage
            .plan(&menu::membership(&["design"], &["sara.lopes"], &[]))
            .await;
        let (first, _) = stage.apply_plan(&one).await;
        let (second, mut entries) = stage.apply_plan(&two).await;
        assert_eq!((first, second), (State::Applied, State::Applied));
        let group = stage.group("design").await;
        for username in ["kofi.mensah", "sara.lopes", "zofia.wozniak"] {
            assert!(group.users.contains(&stage.user(username).await.pk));
        }
        assert_eq!(stage.undo(&two, &mut entries).await, State::Undone);
        let group = stage.group("design").await;
        assert!(group.users.contains(&stage.user("kofi.mensah").await.pk));
        assert!(!group.users.contains(&stage.user("sara.lopes").await.pk));
    }
}

async fn turn_round(stage: &Stage, slug: &str, group: &str) {
    let it = binding(stage, slug, group).await;
    let subject = Subject::Group(it.group.unwrap());
    let turned = BindingRequest {
        negate: !it.negate,
        enabled: it.enabled,
        ..BindingRequest::new(it.target, subject, it.order)
    };
    let (pk, binding) = (it.pk, turned);
    let update = UpdateBinding { pk, binding };
    stage.client.send(&update).await.unwrap();
}

#[tokio::test]
async fn a_binding_turned_round_meanwhile_is_not_enabled() {
    for version in VERSIONS {
        let stage = Stage::new(version).await;
        // It is disabled, so that nothing happens to anybody when it is turned round.
        let plan = stage
            .plan(&menu::bind(&["handbook"], &["family"], &[]))
            .await;
        turn_round(&stage, "handbook", "family").await;
        let before = stage.world().await;
        let (state, entries) = stage.apply_plan(&plan).await;
        assert_eq!(state, State::FailedAndUndone, "{version}: {entries:#?}");
        let said = failures(&entries);
        assert!(said.contains("(negate: false then, true now)"), "{said}");
        assert_eq!(before, stage.world().await);
    }
}

#[tokio::test]
async fn a_binding_turned_round_since_is_not_enabled_by_undo() {
    for version in VERSIONS {
        let stage = Stage::new(version).await;
        let draft = menu::door(&["penpot"], Door::Restricted, &["family"]);
        let (plan, state, mut entries) = stage.apply(&draft).await;
        assert_eq!(state, State::Applied);
        turn_round(&stage, "penpot", "design").await;
        let before = stage.world().await;
        assert_eq!(stage.undo(&plan, &mut entries).await, State::Applied);
        let said = failures(&entries);
        assert!(said.contains("was changed since (negate)"), "{said}");
        assert_eq!(before, stage.world().await);
    }
}
