//! An account of its own for Ostiary, and what it may do with it.

use std::collections::{BTreeMap, BTreeSet};

use authentik_api::{
    api::{
        core::{
            applications::RetrieveApplication, groups::ListGroups, tokens::ViewTokenKey,
            users::RetrieveMe,
        },
        rbac::ListPermissions,
    },
    models::Permission,
};
use sandbox::Version;
use setup::{
    FieldErrors,
    change::{Entry, Plan, State, apply, undo},
    service_account::{FEATURES, Rights, ServiceAccount, World, plan},
};

use crate::{
    crash::Mortal,
    support::{Stage, VERSIONS, gitea},
};

const KINDS: [&str; 4] = ["user", "group", "role", "token"];

fn draft(rights: Rights) -> ServiceAccount {
    ServiceAccount {
        username: "ostiary".to_owned(),
        rights,
    }
}

async fn planned(stage: &Stage, draft: &ServiceAccount) -> Result<Plan, FieldErrors> {
    let me = stage.client.send(&RetrieveMe).await.unwrap();
    let world = World::load(&stage.client, me.user.is_superuser, draft)
        .await
        .unwrap();
    let made = plan(draft, &world)?;
    let json = serde_json::to_string(&made).unwrap();
    assert_eq!(serde_json::from_str::<Plan>(&json).unwrap(), made);
    Ok(made)
}

async fn applied(stage: &Stage, rights: Rights) -> (Plan, Vec<Entry>) {
    let plan = planned(stage, &draft(rights)).await.unwrap();
    let mut journal = Vec::new();
    let state = apply(&stage.client, &plan, BTreeMap::new(), &[], &mut journal).await;
    assert_eq!(state.unwrap(), State::Applied, "{journal:#?}");
    (plan, journal)
}

async fn key(stage: &Stage) -> String {
    let identifier = draft(Rights::SetUp).token();
    let shown = stage
        .client
        .send(&ViewTokenKey { identifier })
        .await
        .unwrap();
    assert!(!format!("{shown:?}").contains(&shown.key));
    shown.key
}

fn counts(stage: &Stage) -> [usize; 4] {
    KINDS.map(|kind| stage.sandbox.count(kind))
}

#[tokio::test]
async fn account_with_everything_is_a_superuser_until_it_is_undone() {
    for version in VERSIONS {
        let stage = Stage::new(version).await;
        let before = counts(&stage);
        let (plan, mut journal) = applied(&stage, Rights::Everything).await;
        let key = key(&stage).await;
        let journaled = serde_json::to_string(&journal).unwrap();
        assert!(!journaled.contains(&key), "the key is in no journal");
        let own = stage.with(key).await;
        let me = own.client.send(&RetrieveMe).await.unwrap();
        assert!(
            me.user.is_superuser && me.user.username == "ostiary",
            "{version}"
        );
        let entries = journal.clone();
        let state = undo(&stage.client, &plan, &entries, &mut journal).await;
        assert_eq!(state.unwrap(), State::Undone, "{version} {journal:#?}");
        assert_eq!(counts(&stage), before, "{version}");
        assert!(
            own.client.send(&RetrieveMe).await.is_err(),
            "{version}: its token is over"
        );
    }
}

#[tokio::test]
async fn account_for_set_ups_sets_up_and_undoes_and_does_nothing_else() {
    for version in [Version::V2025_10, Version::V2026_5] {
        let stage = Stage::new(version).await;
        let before = (counts(&stage), stage.counts());
        let (plan, mut journal) = applied(&stage, Rights::SetUp).await;
        let own = stage.with(key(&stage).await).await;
        let me = own.client.send(&RetrieveMe).await.unwrap();
        assert!(!me.user.is_superuser, "{version}");

        let (set_up, state, mut entries) = own.apply(&gitea()).await;
        assert_eq!(state, State::Applied, "{version} {entries:#?}");
        let slug = "gitea".to_owned();
        let made = own
            .client
            .send(&RetrieveApplication { slug })
            .await
            .unwrap();
        assert_eq!(made.name, "Gitea");
        let so_far = entries.clone();
        let state = undo(&own.client, &set_up, &so_far, &mut entries).await;
        assert_eq!(state.unwrap(), State::Undone, "{version} {entries:#?}");

        let group = own
            .client
            .all(ListGroups::default())
            .await
            .unwrap()
            .remove(0)
            .pk
            .to_string();
        for (operation, params, body) in [
            (
                "core_groups_partial_update",
                vec![&*group],
                serde_json::json!({ "name": "x" }),
            ),
            (
                "core_users_create",
                vec![],
                serde_json::json!({ "username": "x", "name": "x" }),
            ),
            (
                "rbac_roles_create",
                vec![],
                serde_json::json!({ "name": "x" }),
            ),
            (
                "core_groups_add_user_create",
                vec![&*group],
                serde_json::json!({ "pk": me.user.pk }),
            ),
        ] {
            let operation = authentik_api::operation::named(operation);
            let refused = own.client.call(operation, &params, &[], Some(body)).await;
            assert_eq!(refused.unwrap_err().status(), Some(403), "{version}");
        }

        let so_far = journal.clone();
        let state = undo(&stage.client, &plan, &so_far, &mut journal).await;
        assert_eq!(state.unwrap(), State::Undone, "{version} {journal:#?}");
        assert_eq!((counts(&stage), stage.counts()), before, "{version}");
    }
}

/// Every permission is one of a server's, or it would refuse them all.
#[tokio::test]
async fn permissions_are_those_that_a_server_lists() {
    let stage = Stage::new(Version::V2026_5).await;
    let listed = stage.client.all(ListPermissions::default()).await.unwrap();
    let listed: Vec<String> = listed.iter().map(Permission::full_name).collect();
    let guide = include_str!("../../../../docs/src/least-privilege.md");
    for name in FEATURES.iter().flat_map(|feature| feature.permissions) {
        assert!(
            guide.contains(&format!("`{name}`")),
            "{name} is not in the guide"
        );
        assert!(listed.iter().any(|known| known == name), "{name}");
    }
}

#[tokio::test]
async fn what_cannot_work_is_said_by_field() {
    let stage = Stage::new(Version::V2023_10).await;
    let errors = planned(&stage, &draft(Rights::SetUp)).await.unwrap_err();
    assert!(errors.0["rights"][0].contains("2024.12"), "{errors}");
    for username in [
        "",
        "  ",
        "a.b",
        "a.b",
        "ä",
        "a/b",
        "../x",
        "%2e",
        &"x".repeat(101),
    ] {
        let draft = ServiceAccount {
            username: username.to_owned(),
            rights: Rights::Everything,
        };
        // Nothing is asked of authentik about what cannot be a name.
        let world = World {
            capabilities: stage.client.capabilities().clone(),
            superuser: true,
            permissions: BTreeSet::default(),
            taken: Vec::new(),
        };
        let errors = plan(&draft, &world).unwrap_err();
        assert!(errors.0.contains_key("username"), "{username}");
    }
    applied(&stage, Rights::Everything).await;
    let errors = planned(&stage, &draft(Rights::Everything))
        .await
        .unwrap_err();
    assert!(
        errors.0["username"][0].contains("already a user, a group, a token"),
        "{errors}"
    );
    let token = stage.sandbox.add_token("niamh.kelly");
    let other = stage.with(token).await;
    let world = World {
        capabilities: other.client.capabilities().clone(),
        superuser: false,
        permissions: BTreeSet::default(),
        taken: Vec::new(),
    };
    let errors = plan(&draft(Rights::Everything), &world).unwrap_err();
    assert!(errors.0["rights"][0].contains("no superuser"), "{errors}");
}

#[tokio::test]
async fn process_that_dies_anywhere_is_gone_on_with_or_undone() {
    let mut points = 0;
    for goes_on in [true, false] {
        loop {
            let stage = Stage::new(Version::V2026_5).await;
            let before = counts(&stage);
            let plan = planned(&stage, &draft(Rights::SetUp)).await.unwrap();
            let mut mortal = Mortal {
                entries: Vec::new(),
                dies_at: points % 100,
            };
            let died = apply(&stage.client, &plan, BTreeMap::new(), &[], &mut mortal).await;
            if died.is_ok() {
                break;
            }
            let mut entries = mortal.entries;
            if goes_on {
                let so_far = entries.clone();
                let state =
                    apply(&stage.client, &plan, BTreeMap::new(), &so_far, &mut entries).await;
                assert_eq!(state.unwrap(), State::Applied, "at {points}: {entries:#?}");
                assert_eq!(counts(&stage), before.map(|count| count + 1), "at {points}");
                assert!(!key(&stage).await.is_empty());
            }
            let so_far = entries.clone();
            let state = undo(&stage.client, &plan, &so_far, &mut entries).await;
            assert_eq!(state.unwrap(), State::Undone, "at {points}: {entries:#?}");
            assert_eq!(counts(&stage), before, "at {points}");
            points += 1;
        }
        points = 100;
    }
}
