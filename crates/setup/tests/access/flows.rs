//! Groups and people may guard flows as well as applications.

use authentik_api::{
    TargetPk,
    api::{
        flows::ListFlows,
        policies::{CreateBinding, ListBindings},
    },
    models::{BindingRequest, PolicyBinding, Subject},
    operation::named,
};
use setup::{access_change::UserAction, change::State};

use crate::{
    menu,
    support::{Stage, VERSIONS, failures},
};

/// Binds somebody to a flow, by the flow's own key, which is none to filter by (T23).
async fn guard(stage: &Stage, subject: Subject, order: i64) -> TargetPk {
    let flows = stage.client.all(ListFlows::default()).await.unwrap();
    let flow = flows.first().unwrap();
    let target: TargetPk = flow.pk.to_string().parse().unwrap();
    let binding = BindingRequest::new(target, subject, order);
    stage.client.send(&CreateBinding { binding }).await.unwrap();
    target
}

async fn guards(stage: &Stage, flow: TargetPk) -> Vec<PolicyBinding> {
    let mut all = stage.client.all(ListBindings::default()).await.unwrap();
    all.retain(|it| it.target == flow);
    all
}

#[tokio::test]
async fn a_group_that_guards_a_flow_is_deleted_and_guards_it_again_after_undo() {
    for version in VERSIONS {
        let stage = Stage::new(version).await;
        let kids = stage.group("kids").await.pk;
        let flow = guard(&stage, Subject::Group(kids), 3).await;
        guard(&stage, Subject::Group(kids), 4).await;
        let (plan, state, mut entries) = stage.apply(&menu::delete_group("kids", false)).await;
        assert_eq!(state, State::Applied, "{version}: {entries:#?}");
        assert!(guards(&stage, flow).await.is_empty());
        let state = stage.undo(&plan, &mut entries).await;
        assert_eq!(state, State::Undone, "{version}: {}", failures(&entries));
        let kids = stage.group("kids").await.pk;
        let mut orders = Vec::new();
        for binding in guards(&stage, flow).await {
            assert_eq!(binding.group, Some(kids));
            assert!(binding.enabled && !binding.negate);
            orders.push(binding.order);
        }
        orders.sort_unstable();
        assert_eq!(orders, [3, 4], "{version}: both, none twice");
    }
}

#[tokio::test]
async fn a_person_who_guards_a_flow_is_deleted_and_guards_it_again_after_undo() {
    for version in VERSIONS {
        let stage = Stage::new(version).await;
        let kofi = stage.user("kofi.mensah").await.pk;
        let flow = guard(&stage, Subject::User(kofi), 1).await;
        let draft = menu::user(UserAction::Delete, "kofi.mensah");
        let (plan, state, mut entries) = stage.apply(&draft).await;
        assert_eq!(state, State::Applied, "{version}: {entries:#?}");
        let state = stage.undo(&plan, &mut entries).await;
        assert_eq!(state, State::Undone, "{version}: {}", failures(&entries));
        let kofi = stage.user("kofi.mensah").await.pk;
        let guards = guards(&stage, flow).await;
        assert_eq!(guards.len(), 1);
        assert_eq!(guards[0].user, Some(kofi));
    }
}

#[tokio::test]
async fn a_binding_of_a_flow_that_is_gone_since_needs_no_undo() {
    for version in VERSIONS {
        let stage = Stage::new(version).await;
        let kids = stage.group("kids").await.pk;
        let flow = guard(&stage, Subject::Group(kids), 3).await;
        let (plan, _, mut entries) = stage.apply(&menu::delete_group("kids", false)).await;
        let flows = stage.client.all(ListFlows::default()).await.unwrap();
        let text = flow.to_string();
        let flow = flows.iter().find(|it| it.pk.to_string() == text).unwrap();
        let delete = named("flows_instances_destroy");
        let slug = flow.slug.clone();
        stage
            .client
            .call(delete, &[&slug], &[], None)
            .await
            .unwrap();
        let state = stage.undo(&plan, &mut entries).await;
        assert_eq!(state, State::Undone, "{version}: {}", failures(&entries));
        assert_eq!(stage.group("kids").await.name, "kids");
    }
}
