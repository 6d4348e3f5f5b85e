//! From a draft to objects that are what the plan said.

use authentik_api::{
    api::{
        core::applications::RetrieveApplication, policies::ListBindings,
        propertymappings::ListScopeMappings, providers::RetrieveOAuth2Provider,
    },
    models::{ClientType, RedirectUri},
};
use sandbox::Version;
use setup::{
    Secret,
    change::{Progress, State},
    check::Verdict,
    oidc_application::{
        Draft,
        checks::{self, Subject},
    },
};

use crate::support::{Stage, URL, VERSIONS, gitea, grafana, preset};

#[tokio::test]
async fn grafana_is_created_as_planned_on_every_version() {
    for version in VERSIONS {
        let stage = Stage::new(version).await;
        let (_, state, entries) = stage.apply(&grafana()).await;
        assert_eq!(state, State::Applied, "{version}: {entries:?}");
        let retrieve = RetrieveApplication {
            slug: "grafana".into(),
        };
        let application = stage.client.send(&retrieve).await.unwrap();
        assert_eq!(application.meta_launch_url, "https://grafana.example.com");
        let pk = application.provider.unwrap();
        let provider = stage
            .client
            .send(&RetrieveOAuth2Provider { pk })
            .await
            .unwrap();
        assert_eq!(
            provider.redirect_uris,
            [RedirectUri::strict(
                "https://grafana.example.com/login/generic_oauth"
            )]
        );
        assert!(provider.signing_key.is_some());
        assert_eq!(provider.client_type, Some(ClientType::Confidential));
        let scopes = stage
            .client
            .all(ListScopeMappings::default())
            .await
            .unwrap();
        let mut names: Vec<_> = scopes
            .iter()
            .filter(|mapping| provider.property_mappings.contains(&mapping.pk))
            .map(|mapping| mapping.scope_name.as_str())
            .collect();
        names.sort_unstable();
        assert_eq!(names, ["email", "openid", "profile"]);
    }
}

#[tokio::test]
async fn one_setup_needs_at_most_eight_calls_from_2024_12_on() {
    for version in [Version::V2025_10, Version::V2026_5] {
        let stage = Stage::new(version).await;
        let (_, state, _) = stage.apply(&grafana()).await;
        assert_eq!(state, State::Applied);
        let calls = stage.sandbox.requests();
        println!(
            "counts: upstream calls of one set-up on {version}: {}",
            calls.len()
        );
        assert!(calls.len() <= 8, "{calls:#?}");
    }
}

#[tokio::test]
async fn gitea_gets_its_group_and_role_claim_on_every_version() {
    for version in VERSIONS {
        let stage = Stage::new(version).await;
        let (plan, state, entries) = stage.apply(&gitea()).await;
        assert_eq!(state, State::Applied, "{version}: {entries:?}");
        assert_eq!(plan.access.groups, ["Gitea users"]);
        let mappings = ListScopeMappings::default().scope_name("gitea");
        let mappings = stage.client.all(mappings).await.unwrap();
        let [role] = mappings.as_slice() else {
            panic!("{mappings:?}")
        };
        let retrieve = RetrieveApplication {
            slug: "gitea".into(),
        };
        let application = stage.client.send(&retrieve).await.unwrap();
        let pk = application.provider.unwrap();
        let provider = stage
            .client
            .send(&RetrieveOAuth2Provider { pk })
            .await
            .unwrap();
        assert!(provider.property_mappings.contains(&role.pk));
        let bindings = ListBindings::default().target(application.target());
        let bindings = stage.client.all(bindings).await.unwrap();
        let [binding] = bindings.as_slice() else {
            panic!("{version}: {bindings:?}")
        };
        assert_eq!(binding.group_obj.as_ref().unwrap().name, "Gitea users");
        let progress = Progress::of(&entries);
        assert_eq!(
            progress
                .created
                .iter()
                .filter(|c| c.name == "application")
                .count(),
            1
        );
    }
}

#[tokio::test]
async fn vaultwarden_gets_a_verified_email_where_authentik_has_none() {
    for version in VERSIONS {
        let stage = Stage::new(version).await;
        let mut draft = Draft::of_preset(preset("vaultwarden"));
        draft.base_url = "https://vault.example.com".into();
        draft.access.everyone = true;
        let (_, state, entries) = stage.apply(&draft).await;
        assert_eq!(state, State::Applied, "{version}: {entries:?}");
        let mappings = ListScopeMappings::default().name("Ostiary: verified e-mail");
        let ours = stage.client.all(mappings).await.unwrap();
        assert_eq!(
            ours.len(),
            usize::from(version != Version::V2023_10),
            "{version}"
        );
        let application = RetrieveApplication {
            slug: "vaultwarden".into(),
        };
        let pk = stage
            .client
            .send(&application)
            .await
            .unwrap()
            .provider
            .unwrap();
        let provider = stage
            .client
            .send(&RetrieveOAuth2Provider { pk })
            .await
            .unwrap();
        let scopes = stage
            .client
            .all(ListScopeMappings::default())
            .await
            .unwrap();
        let email: Vec<_> = scopes
            .iter()
            .filter(|m| m.scope_name == "email" && provider.property_mappings.contains(&m.pk))
            .collect();
        assert_eq!(email.len(), 1, "{version}: {email:?}");
        assert_eq!(
            provider.access_token_validity.as_deref(),
            Some("minutes=10")
        );
    }
}

#[tokio::test]
async fn a_public_client_has_no_secret_step_and_a_given_secret_reaches_authentik() {
    let stage = Stage::new(Version::V2026_5).await;
    let mut draft = Draft::of_preset(preset("generic-oidc-public"));
    draft.name = "Notes".into();
    draft.base_url = "https://notes.example.com".into();
    draft
        .variables
        .insert("redirect_uri".into(), "https://notes.example.com/cb".into());
    draft.access.everyone = true;
    let (plan, state, _) = stage.apply(&draft).await;
    assert_eq!(state, State::Applied);
    assert!(
        !plan
            .steps
            .iter()
            .flat_map(|s| &s.lines)
            .any(|line| line.label == "Client secret")
    );

    let mut given = grafana();
    given.client_id = "grafana".into();
    given.client_secret = Some(Secret::new("canary-given-secret"));
    let (plan, state, entries) = stage.apply(&given).await;
    assert_eq!(state, State::Applied);
    for text in [
        serde_json::to_string(&plan).unwrap(),
        serde_json::to_string(&entries).unwrap(),
    ] {
        assert!(!text.contains("canary-given-secret"));
    }
    let retrieve = RetrieveApplication {
        slug: "grafana".into(),
    };
    let pk = stage
        .client
        .send(&retrieve)
        .await
        .unwrap()
        .provider
        .unwrap();
    let provider = stage
        .client
        .send(&RetrieveOAuth2Provider { pk })
        .await
        .unwrap();
    assert_eq!(
        provider.client_secret.as_deref(),
        Some("canary-given-secret")
    );
}

#[tokio::test]
async fn checks_are_green_after_a_setup_on_every_version() {
    for version in VERSIONS {
        let stage = Stage::new(version).await;
        let world = stage.world(&grafana()).await;
        let group = world
            .groups
            .iter()
            .find(|group| !group.users.is_empty())
            .unwrap()
            .clone();
        let mut draft = grafana();
        draft.access.everyone = false;
        draft.access.groups = vec![group.pk.to_string()];
        let (_, state, _) = stage.apply(&draft).await;
        assert_eq!(state, State::Applied, "{version}");
        let users = authentik_api::api::core::users::ListUsers::default();
        let users = stage.client.all(users).await.unwrap();
        let inside = setup::oidc_application::members(&world.groups, &[group.pk]);
        let person = |wanted: bool| {
            let user = users
                .iter()
                .find(|user| inside.contains(&user.pk) == wanted)
                .unwrap();
            serde_json::from_value(serde_json::to_value(user).unwrap()).unwrap()
        };
        let retrieve = RetrieveApplication {
            slug: "grafana".into(),
        };
        let pk = stage
            .client
            .send(&retrieve)
            .await
            .unwrap()
            .provider
            .unwrap();
        let subject = Subject {
            slug: "grafana".into(),
            provider: stage
                .client
                .send(&RetrieveOAuth2Provider { pk })
                .await
                .unwrap(),
            authentik_url: URL.into(),
            member: Some(person(true)),
            outsider: Some(person(false)),
            everyone: false,
            superuser: true,
        };
        let results = checks::run(&stage.client, &subject).await;
        assert_eq!(results.len(), 7, "{results:#?}");
        assert!(
            results.iter().all(|check| check.verdict == Verdict::Passed),
            "{version} {results:#?}"
        );
    }
}
