//! Other people are at work too: what is theirs is neither taken for ours nor deleted, and what
//! they rely on stays.

use std::io;

use authentik_api::{
    Capabilities, Client, Transport,
    api::{
        core::applications::RetrieveApplication,
        policies::ListBindings,
        providers::{DestroyOAuth2Provider, ListOAuth2Providers},
    },
};
use bytes::Bytes;
use http::Method;
use sandbox::{Fault, Version};
use setup::{
    change::{Entry, Progress, State, apply, undo},
    oidc_application::{Draft, plan},
};

use crate::support::{Direct, Stage, gitea, grafana, preset};

const TRANSACTION: &str = "/api/v3/core/transactional/";

fn with_client_id(mut draft: Draft, id: &str) -> Draft {
    draft.client_id = id.to_owned();
    draft
}

fn failures(entries: &[Entry]) -> String {
    Progress::of(entries).failures.join(" / ")
}

#[tokio::test]
async fn undo_keeps_a_group_that_opens_something_else_by_now() {
    let stage = Stage::new(Version::V2026_5).await;
    let (plan, _, mut entries) = stage.apply(&gitea()).await;
    let mut other = grafana();
    other.access.everyone = false;
    other.access.groups = vec!["Gitea users".into()];
    assert_eq!(stage.apply(&other).await.1, State::Applied);
    let before = entries.clone();
    let counts = stage.counts();
    let state = undo(&stage.client, &plan, &before, &mut entries)
        .await
        .unwrap();
    assert_eq!(state, State::Applied);
    assert!(
        failures(&entries).contains("bound to something else"),
        "{entries:#?}"
    );
    assert_eq!(
        stage.counts(),
        counts,
        "Grafana is not left open to everyone"
    );
}

#[tokio::test]
async fn undo_keeps_a_mapping_that_another_provider_uses() {
    let stage = Stage::new(Version::V2026_5).await;
    let vault = |name: &str| {
        let mut draft = Draft::of_preset(preset("vaultwarden"));
        draft.name = name.to_owned();
        draft.base_url = "https://vault.example.com".into();
        draft.access.everyone = true;
        draft
    };
    let (plan, _, mut entries) = stage.apply(&vault("Vault one")).await;
    assert_eq!(stage.apply(&vault("Vault two")).await.1, State::Applied);
    let before = entries.clone();
    let state = undo(&stage.client, &plan, &before, &mut entries)
        .await
        .unwrap();
    assert_eq!(state, State::Applied);
    assert!(
        failures(&entries).contains("is used by “Vault two”"),
        "{entries:#?}"
    );
}

#[tokio::test]
async fn a_failure_that_cannot_be_taken_back_is_interrupted_not_applied() {
    let stage = Stage::new(Version::V2026_5).await;
    let faults = stage.sandbox.faults();
    faults.set(Fault::ServerError, Some(Method::PUT), TRANSACTION, None);
    faults.set(
        Fault::ServerError,
        Some(Method::GET),
        "/api/v3/core/groups/",
        None,
    );
    let draft = gitea();
    let world = {
        faults.clear();
        let world = stage.world(&draft).await;
        faults.set(Fault::ServerError, Some(Method::PUT), TRANSACTION, None);
        faults.set(
            Fault::ServerError,
            Some(Method::GET),
            "/api/v3/core/groups/",
            None,
        );
        world
    };
    let plan = plan(&draft, preset("gitea"), &world).unwrap();
    let mut entries = Vec::new();
    let state = apply(&stage.client, &plan, draft.secrets(), &[], &mut entries)
        .await
        .unwrap();
    assert_eq!(state, State::Interrupted, "{entries:#?}");
    faults.clear();
    let before = entries.clone();
    let state = undo(&stage.client, &plan, &before, &mut entries)
        .await
        .unwrap();
    assert_eq!(state, State::Undone, "{entries:#?}");
}

#[tokio::test]
async fn an_application_of_another_tab_is_not_taken_for_ours() {
    let stage = Stage::new(Version::V2026_5).await;
    let draft = with_client_id(grafana(), "ours");
    let plan = stage.plan(&draft).await;
    let entries = vec![
        Entry::Reached {
            state: State::Applying,
        },
        Entry::StepStarted {
            step: "application".into(),
        },
        Entry::Reached {
            state: State::Interrupted,
        },
    ];
    let theirs = with_client_id(grafana(), "theirs");
    assert_eq!(stage.apply(&theirs).await.1, State::Applied);
    let counts = stage.counts();
    let mut resumed = entries.clone();
    let state = apply(
        &stage.client,
        &plan,
        draft.secrets(),
        &entries,
        &mut resumed,
    )
    .await
    .unwrap();
    assert_eq!(state, State::Interrupted, "{resumed:#?}");
    assert!(failures(&resumed).contains("somebody else"), "{resumed:#?}");
    let mut undone = entries.clone();
    let state = undo(&stage.client, &plan, &entries, &mut undone)
        .await
        .unwrap();
    assert_eq!(state, State::Interrupted);
    assert_eq!(stage.counts(), counts, "theirs is untouched");
}

#[tokio::test]
async fn a_provider_made_since_the_plan_is_not_taken_over_on_2023_10() {
    let stage = Stage::new(Version::V2023_10).await;
    let draft = grafana();
    let plan = stage.plan(&draft).await;
    let (other, _, _) = stage.apply(&draft).await;
    assert_eq!(other.title, plan.title);
    stage
        .client
        .send(
            &authentik_api::api::core::applications::DestroyApplication {
                slug: "grafana".into(),
            },
        )
        .await
        .unwrap();
    let counts = stage.counts();
    let mut entries = Vec::new();
    let state = apply(&stage.client, &plan, draft.secrets(), &[], &mut entries)
        .await
        .unwrap();
    assert_eq!(state, State::FailedAndUndone, "{entries:#?}");
    assert!(failures(&entries).contains("already exists"));
    assert_eq!(stage.counts(), counts);
    let providers = stage
        .client
        .all(ListOAuth2Providers::default().name("Grafana"))
        .await
        .unwrap();
    stage
        .client
        .send(&DestroyOAuth2Provider {
            pk: providers[0].pk,
        })
        .await
        .unwrap();
}

/// A transport in front of which something else answers some requests.
#[derive(Clone)]
struct Between {
    direct: Direct,
    answer: fn(&Method, &str) -> Option<Answer>,
}

#[derive(Clone, Copy)]
enum Answer {
    /// Not authentik answers, but a gateway; nothing is done.
    Gateway(u16),
    /// The request is carried out, and a gateway answers.
    GatewayAfter(u16),
    /// An earlier copy of the request arrives first.
    LateCopy,
}

impl Transport for Between {
    type Error = io::Error;

    async fn execute(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, io::Error> {
        let copy = |request: &http::Request<Bytes>| {
            let mut copy = http::Request::new(request.body().clone());
            *copy.method_mut() = request.method().clone();
            *copy.uri_mut() = request.uri().clone();
            copy.headers_mut().clone_from(request.headers());
            copy
        };
        let gateway = |status: u16| {
            let page = Bytes::from_static(b"404 page not found");
            Ok(http::Response::builder().status(status).body(page).unwrap())
        };
        match (self.answer)(request.method(), request.uri().path()) {
            Some(Answer::Gateway(status)) => gateway(status),
            Some(Answer::GatewayAfter(status)) => {
                self.direct.execute(request).await?;
                gateway(status)
            }
            Some(Answer::LateCopy) => {
                self.direct.execute(copy(&request)).await?;
                self.direct.execute(request).await
            }
            None => self.direct.execute(request).await,
        }
    }
}

fn between(stage: &Stage, answer: fn(&Method, &str) -> Option<Answer>) -> Client<Between> {
    let direct = stage.client.transport().clone();
    let capabilities: Capabilities = stage.client.capabilities().clone();
    Client::new(Between { direct, answer }, capabilities)
}

#[tokio::test]
async fn a_gateways_404_does_not_mean_that_an_object_is_gone() {
    let stage = Stage::new(Version::V2026_5).await;
    let (plan, _, mut entries) = stage.apply(&grafana()).await;
    let counts = stage.counts();
    let client = between(&stage, |_, _| Some(Answer::Gateway(404)));
    let before = entries.clone();
    let state = undo(&client, &plan, &before, &mut entries).await.unwrap();
    assert_eq!(state, State::Applied, "{entries:#?}");
    assert_eq!(stage.counts(), counts);
}

#[tokio::test]
async fn a_gateways_error_on_a_write_leaves_it_open_what_happened() {
    let stage = Stage::new(Version::V2026_5).await;
    let draft = with_client_id(grafana(), "ours");
    let plan = stage.plan(&draft).await;
    let lost = between(&stage, |method, _| {
        (*method == Method::PUT).then_some(Answer::Gateway(504))
    });
    let mut entries = Vec::new();
    let state = apply(&lost, &plan, draft.secrets(), &[], &mut entries)
        .await
        .unwrap();
    assert_eq!(state, State::Interrupted, "{entries:#?}");
    let before = entries.clone();
    let state = apply(&stage.client, &plan, draft.secrets(), &before, &mut entries)
        .await
        .unwrap();
    assert_eq!(state, State::Applied, "{entries:#?}");

    let stage = Stage::new(Version::V2026_5).await;
    let done = between(&stage, |method, _| {
        (*method == Method::PUT).then_some(Answer::GatewayAfter(504))
    });
    let mut entries = Vec::new();
    let state = apply(&done, &plan, draft.secrets(), &[], &mut entries)
        .await
        .unwrap();
    assert_eq!(
        state,
        State::Applied,
        "it was carried out all the same: {entries:#?}"
    );
}

#[tokio::test]
async fn a_first_attempt_that_arrives_late_is_found_and_not_taken_for_a_conflict() {
    let stage = Stage::new(Version::V2026_5).await;
    let draft = with_client_id(grafana(), "ours");
    stage
        .sandbox
        .faults()
        .set(Fault::Reset, Some(Method::PUT), TRANSACTION, Some(1));
    let (plan, state, mut entries) = stage.apply(&draft).await;
    assert_eq!(state, State::Interrupted);
    let late = between(&stage, |method, _| {
        (*method == Method::PUT).then_some(Answer::LateCopy)
    });
    let before = entries.clone();
    let state = apply(&late, &plan, draft.secrets(), &before, &mut entries)
        .await
        .unwrap();
    assert_eq!(state, State::Applied, "{entries:#?}");
    assert_eq!(Progress::of(&entries).created.len(), 2);
}

#[tokio::test]
async fn an_undo_that_stopped_half_way_can_only_be_undone() {
    let stage = Stage::new(Version::V2026_5).await;
    let empty = stage.counts();
    let (plan, _, mut entries) = stage.apply(&grafana()).await;
    let faults = stage.sandbox.faults();
    faults.set(
        Fault::ServerError,
        Some(Method::DELETE),
        "/api/v3/providers/",
        None,
    );
    let before = entries.clone();
    let state = undo(&stage.client, &plan, &before, &mut entries)
        .await
        .unwrap();
    assert_eq!(state, State::Interrupted, "{entries:#?}");
    let before = entries.clone();
    let state = apply(
        &stage.client,
        &plan,
        Draft::default().secrets(),
        &before,
        &mut entries,
    )
    .await
    .unwrap();
    assert_eq!(state, State::Interrupted);
    assert!(failures(&entries).contains("only be undone"));
    faults.clear();
    let before = entries.clone();
    let state = undo(&stage.client, &plan, &before, &mut entries)
        .await
        .unwrap();
    assert_eq!(state, State::Undone, "{entries:#?}");
    assert_eq!(stage.counts(), empty);
}

#[tokio::test]
async fn the_bindings_are_those_of_the_plan() {
    let stage = Stage::new(Version::V2026_5).await;
    stage.apply(&gitea()).await;
    let retrieve = RetrieveApplication {
        slug: "gitea".into(),
    };
    let application = stage.client.send(&retrieve).await.unwrap();
    let bindings = ListBindings::default().target(application.target());
    let bindings = stage.client.all(bindings).await.unwrap();
    assert_eq!(bindings.len(), 1);
    assert!(
        bindings
            .iter()
            .all(|binding| binding.enabled && !binding.negate)
    );
}
