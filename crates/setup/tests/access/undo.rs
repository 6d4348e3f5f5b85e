//! Undo puts back exactly what was there, and refuses where somebody has changed it since.

use authentik_api::{
    api::{
        core::groups::{AddUser, CreateGroup, DestroyGroup, UpdateGroup},
        policies::DestroyBinding,
    },
    models::{GroupRequest, PatchGroup, Subject},
    operation::named,
};
use setup::{
    access_change::{AccessDraft, Unbind, UserAction},
    change::State,
};

use crate::{
    menu,
    support::{Stage, VERSIONS, failures},
};

#[tokio::test]
async fn the_same_binding_twice_is_put_back_twice() {
    for version in VERSIONS {
        let stage = Stage::new(version).await;
        let family = Subject::Group(stage.group("family").await.pk);
        let twin = stage.bind("jellyfin", family, 0, false, true).await;
        let before = stage.world().await;
        let draft = AccessDraft::Unbind(Unbind {
            bindings: vec![twin.pk.to_string()],
            ..Unbind::default()
        });
        let (plan, state, mut entries) = stage.apply(&draft).await;
        assert_eq!(state, State::Applied);
        assert_ne!(before, stage.world().await);
        assert_eq!(stage.undo(&plan, &mut entries).await, State::Undone);
        assert_eq!(before, stage.world().await, "{version}");
    }
}

#[tokio::test]
async fn a_binding_that_somebody_else_has_put_back_is_left_alone() {
    for version in VERSIONS {
        let stage = Stage::new(version).await;
        let draft = menu::unbind("jellyfin", "family", false);
        let family = Subject::Group(stage.group("family").await.pk);
        let (plan, _, mut entries) = stage.apply(&draft).await;
        stage.bind("jellyfin", family, 0, false, true).await;
        let before = stage.world().await;
        assert_eq!(stage.undo(&plan, &mut entries).await, State::Undone);
        assert_eq!(before, stage.world().await, "{version}: not bound twice");
    }
}

#[tokio::test]
async fn a_binding_that_somebody_else_has_made_in_another_way_stops_undo() {
    for version in VERSIONS {
        let stage = Stage::new(version).await;
        let family = Subject::Group(stage.group("family").await.pk);
        let draft = menu::unbind("jellyfin", "family", false);
        let (plan, _, mut entries) = stage.apply(&draft).await;
        stage.bind("jellyfin", family, 8, false, true).await;
        let before = stage.world().await;
        assert_eq!(stage.undo(&plan, &mut entries).await, State::Applied);
        assert!(
            failures(&entries).contains("in another way (order)"),
            "{entries:#?}"
        );
        assert_eq!(before, stage.world().await);
    }
}

#[tokio::test]
async fn a_field_changed_since_stops_undo_and_is_named() {
    for version in VERSIONS {
        let stage = Stage::new(version).await;
        let draft = menu::change_group("kids", "children", None);
        let (plan, _, mut entries) = stage.apply(&draft).await;
        let patch = PatchGroup {
            name: "little ones".to_owned().into(),
            ..PatchGroup::default()
        };
        let pk = stage.group("children").await.pk;
        stage.client.send(&UpdateGroup { pk, patch }).await.unwrap();
        assert_eq!(stage.undo(&plan, &mut entries).await, State::Applied);
        assert!(
            failures(&entries).contains("was changed since (name)"),
            "{entries:#?}"
        );
        // What the change set did not send may change.
        let patch = PatchGroup {
            name: "children".to_owned().into(),
            attributes: serde_json::Map::from_iter([("a".to_owned(), 1.into())]).into(),
            ..PatchGroup::default()
        };
        stage.client.send(&UpdateGroup { pk, patch }).await.unwrap();
        assert_eq!(stage.undo(&plan, &mut entries).await, State::Undone);
        assert_eq!(stage.group("kids").await.attributes.len(), 1);
    }
}

#[tokio::test]
async fn a_group_whose_name_is_taken_since_is_not_made_again() {
    for version in VERSIONS {
        let stage = Stage::new(version).await;
        let draft = menu::delete_group("kids", false);
        let (plan, _, mut entries) = stage.apply(&draft).await;
        let group = GroupRequest::new("kids");
        stage.client.send(&CreateGroup { group }).await.unwrap();
        let before = stage.world().await;
        assert_eq!(stage.undo(&plan, &mut entries).await, State::Applied);
        assert!(
            failures(&entries).contains("another group “kids” by now"),
            "{entries:#?}"
        );
        assert_eq!(before, stage.world().await);
    }
}

#[tokio::test]
async fn a_group_comes_back_without_the_members_who_are_gone_since() {
    for version in VERSIONS {
        let stage = Stage::new(version).await;
        let (plan, _, mut entries) = stage.apply(&menu::delete_group("family", true)).await;
        let gone = stage.user("jodie.marsh").await.pk.to_string();
        let delete = named("core_users_destroy");
        stage
            .client
            .call(delete, &[&gone], &[], None)
            .await
            .unwrap();
        assert_eq!(
            stage.undo(&plan, &mut entries).await,
            State::Undone,
            "{entries:#?}"
        );
        let family = stage.group("family").await;
        assert_eq!(family.users.len(), 2, "{version}: rafael and inge");
        let kids = stage.group("kids").await;
        assert_eq!(kids.parents(), [family.pk]);
        let bindings = stage.bindings("jellyfin").await;
        let back = bindings
            .iter()
            .find(|it| it.group == Some(family.pk))
            .unwrap();
        assert!(back.enabled && !back.negate);
    }
}

#[tokio::test]
async fn a_new_group_with_a_new_member_of_somebody_else_stays() {
    for version in VERSIONS {
        let stage = Stage::new(version).await;
        let draft = menu::create_group("gardeners", &["family"], &["jodie.marsh"]);
        let (plan, _, mut entries) = stage.apply(&draft).await;
        let group = stage.group("gardeners").await.pk;
        let user = stage.user("kofi.mensah").await.pk;
        stage.client.send(&AddUser { group, user }).await.unwrap();
        assert_eq!(stage.undo(&plan, &mut entries).await, State::Applied);
        assert!(
            failures(&entries).contains("was changed since (users)"),
            "{entries:#?}"
        );
        assert_eq!(stage.group("gardeners").await.users.len(), 2);
    }
}

#[tokio::test]
async fn a_new_group_with_a_group_below_it_stays() {
    for version in VERSIONS {
        let stage = Stage::new(version).await;
        let (plan, _, mut entries) = stage
            .apply(&menu::create_group("gardeners", &[], &[]))
            .await;
        let nest = menu::change_group("kids", "", Some(&["gardeners"]));
        assert_eq!(stage.apply(&nest).await.1, State::Applied);
        assert_eq!(
            stage.undo(&plan, &mut entries).await,
            State::Applied,
            "{version}"
        );
        assert!(!failures(&entries).is_empty());
        assert_eq!(stage.group("gardeners").await.name, "gardeners");
    }
}

#[tokio::test]
async fn the_last_lock_is_not_taken_away() {
    for version in VERSIONS {
        let stage = Stage::new(version).await;
        let draft = menu::bind(&["penpot"], &["family"], &[]);
        let (plan, _, mut entries) = stage.apply(&draft).await;
        let design = stage.group("design").await.pk;
        let bindings = stage.bindings("penpot").await;
        let other = bindings.iter().find(|it| it.group == Some(design)).unwrap();
        stage
            .client
            .send(&DestroyBinding { pk: other.pk })
            .await
            .unwrap();
        assert_eq!(stage.undo(&plan, &mut entries).await, State::Applied);
        assert!(
            failures(&entries).contains("open the application to everyone"),
            "{entries:#?}"
        );
        assert_eq!(stage.bindings("penpot").await.len(), 1, "{version}");
    }
}

#[tokio::test]
async fn what_belonged_to_something_that_is_gone_needs_no_undo() {
    for version in VERSIONS {
        let stage = Stage::new(version).await;
        let draft = menu::unbind("jellyfin", "family", false);
        let (plan, _, mut entries) = stage.apply(&draft).await;
        let pk = stage.group("family").await.pk;
        stage.client.send(&DestroyGroup { pk }).await.unwrap();
        let before = stage.world().await;
        let state = stage.undo(&plan, &mut entries).await;
        assert_eq!(state, State::Undone, "{version}: {entries:#?}");
        assert_eq!(before, stage.world().await);
    }
}

#[tokio::test]
async fn a_deleted_user_comes_back_with_groups_and_bindings() {
    for version in VERSIONS {
        let stage = Stage::new(version).await;
        let old = stage.user("kofi.mensah").await;
        let before = stage.world().await;
        let (plan, _, mut entries) = stage
            .apply(&menu::user(UserAction::Delete, "kofi.mensah"))
            .await;
        assert!(
            plan.findings
                .iter()
                .any(|finding| finding.id == "user-deleted")
        );
        assert_eq!(
            stage.undo(&plan, &mut entries).await,
            State::Undone,
            "{entries:#?}"
        );
        assert_eq!(before, stage.world().await);
        let new = stage.user("kofi.mensah").await;
        assert_ne!(old.pk, new.pk);
        assert_eq!(old.groups, new.groups);
        let bindings = stage.bindings("jellyfin").await;
        let back = bindings.iter().find(|it| it.user == Some(new.pk)).unwrap();
        assert_eq!((back.order, back.negate, back.enabled), (7, true, false));
    }
}

#[tokio::test]
async fn a_binding_of_an_application_that_is_gone_needs_no_undo() {
    for version in VERSIONS {
        let stage = Stage::new(version).await;
        let draft = menu::unbind("jellyfin", "family", false);
        let (plan, _, mut entries) = stage.apply(&draft).await;
        let delete = named("core_applications_destroy");
        let call = stage.client.call(delete, &["jellyfin"], &[], None);
        call.await.unwrap();
        let state = stage.undo(&plan, &mut entries).await;
        assert_eq!(state, State::Undone, "{version}: {}", failures(&entries));
    }
}
