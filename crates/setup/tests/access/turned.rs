//! What others made of a binding between the plan and its end, beside moving it.

use authentik_api::{
    api::policies::UpdateBinding,
    models::{BindingRequest, Subject},
};
use setup::{
    access_change::Door,
    change::{Progress, State},
};

use crate::{
    menu,
    others::binding,
    support::{Stage, VERSIONS, failures},
};

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

#[tokio::test]
async fn of_two_bindings_made_meanwhile_the_one_that_is_as_asked_is_found() {
    for version in VERSIONS {
        let stage = Stage::new(version).await;
        let plan = stage.plan(&menu::bind(&["penpot"], &["family"], &[])).await;
        let family = Subject::Group(stage.group("family").await.pk);
        stage.bind("penpot", family, 3, false, false).await;
        stage.bind("penpot", family, 4, false, true).await;
        let before = stage.world().await;
        let (state, mut entries) = stage.apply_plan(&plan).await;
        assert_eq!(state, State::Applied, "{version}: {entries:#?}");
        assert!(Progress::of(&entries).effects.is_empty());
        assert_eq!(stage.undo(&plan, &mut entries).await, State::Undone);
        assert_eq!(before, stage.world().await);
    }
}
