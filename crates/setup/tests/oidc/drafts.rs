//! Drafts that are not right get field errors that name the way out; none makes the plan panic.

use authentik_api::{Capabilities, models::RedirectUri};
use proptest::prelude::*;
use sandbox::Version;
use setup::{
    FieldErrors,
    finding::Severity::{Danger, Info, Warning},
    oidc_application::{Draft, World, plan, validate},
    preset::Library,
};

use crate::support::{Stage, URL, grafana, preset};

fn errors(edit: impl FnOnce(&mut Draft)) -> FieldErrors {
    let mut draft = grafana();
    edit(&mut draft);
    validate(&draft, preset(&draft.preset), URL)
}

#[test]
fn each_field_is_checked_by_itself() {
    type Edit = fn(&mut Draft);
    let cases: [(&str, &str, Edit); 19] = [
        ("name", "Give the application a name", |d| {
            d.name = "  ".into();
        }),
        ("name", "control character", |d| d.name = "a\nb".into()),
        ("slug", "A slug has letters", |d| {
            d.slug = "not a slug".into();
        }),
        ("slug", "No slug can be made", |d| d.name = "日本語".into()),
        (
            "base_url",
            "did you mean https://grafana.example.com",
            |d| d.base_url = "grafana.example.com".into(),
        ),
        ("variables.nope", "no variable", |d| {
            drop(d.variables.insert("nope".into(), "x".into()));
        }),
        ("redirect_uris.0", "not an address", |d| {
            d.redirect_uris = Some(vec![RedirectUri::strict("nope")]);
        }),
        ("redirect_uris.0", "“#”", |d| {
            d.redirect_uris = Some(vec![RedirectUri::strict("https://x.example.com/#a")]);
        }),
        ("redirect_uris.0", "javascript", |d| {
            d.redirect_uris = Some(vec![RedirectUri::strict("javascript:alert(1)")]);
        }),
        ("redirect_uris.0", "bracket open", |d| {
            d.redirect_uris = Some(vec![RedirectUri::regex("https://(a")]);
        }),
        ("redirect_uris.0", "backslash", |d| {
            d.redirect_uris = Some(vec![RedirectUri::regex("https://a\\")]);
        }),
        ("redirect_uris.1", "twice", |d| {
            let uri = RedirectUri::strict("https://x.example.com/cb");
            d.redirect_uris = Some(vec![uri.clone(), uri]);
        }),
        ("client_type", "not one of the choices", |d| {
            d.client_type = "secret".into();
        }),
        ("scopes", "openid", |d| {
            d.scopes = Some(vec!["email".into()]);
        }),
        ("scopes", "RFC 6749", |d| {
            d.scopes = Some(vec!["openid".into(), "a b".into()]);
        }),
        ("icon", "https://", |d| {
            d.icon = "http://x.example.com/i.png".into();
        }),
        ("launch_url", "not an address", |d| {
            d.launch_url = "x".into();
        }),
        ("access", "Choose who may enter", |d| {
            d.access.everyone = false;
        }),
        ("access", "exclude each other", |d| {
            d.access.groups = vec!["staff".into()];
        }),
    ];
    for (field, part, edit) in cases {
        let errors = errors(edit);
        let text = errors.of(field).join(" ");
        assert!(
            text.contains(part),
            "{field}: wanted “{part}”, got {errors:?}"
        );
        assert_eq!(errors.0.len(), 1, "{field} only: {errors:?}");
    }
    assert!(errors(|_| {}).is_empty());
}

#[test]
fn a_draft_of_another_form_or_of_a_preset_to_come_is_refused() {
    assert!(errors(|d| d.format = 7).of("format")[0].contains("form 7"));
    let saml = Library::load()
        .unwrap()
        .all()
        .iter()
        .find(|p| !p.available())
        .unwrap();
    let mut draft = Draft::of_preset(saml);
    draft.base_url = "https://x.example.com".into();
    draft.access.everyone = true;
    assert!(validate(&draft, saml, URL).of("preset")[0].contains("still to come"));
    let unknown = serde_json::from_str::<Draft>(r#"{"preset":"grafana","colour":"red"}"#);
    assert!(unknown.unwrap_err().to_string().contains("colour"));
}

async fn world(version: Version) -> World {
    Stage::new(version).await.world(&grafana()).await
}

#[tokio::test]
async fn what_only_the_server_knows_is_checked_by_the_plan() {
    let world = world(Version::V2026_5).await;
    let error = |edit: &dyn Fn(&mut Draft, &mut World)| {
        let (mut draft, mut world) = (grafana(), world.clone());
        edit(&mut draft, &mut world);
        plan(&draft, preset("grafana"), &world).unwrap_err()
    };
    let taken = error(&|d, w| {
        d.slug = "grafana".into();
        w.slug_taken_by = serde_json::from_str(
            r#"{"pk":"00000000-0000-0000-0000-000000000001","name":"Old one","slug":"grafana"}"#,
        )
        .unwrap();
    });
    assert!(taken.of("slug")[0].contains("Old one"), "{taken}");
    assert!(error(&|d, _| d.slug = "token".into()).of("slug")[0].contains("for itself"));
    let gone = error(&|d, _| {
        d.access.everyone = false;
        d.access.groups = vec!["No such group".into()];
    });
    assert!(
        gone.of("access.groups")[0].contains("not there any more"),
        "{gone}"
    );
    let flow = error(&|_, w| w.flows.clear());
    assert!(
        flow.of("authorization_flow")[0].contains("Create one there"),
        "{flow}"
    );
    assert!(!flow.of("invalidation_flow").is_empty());
    let several = error(&|_, w| {
        let mut other = w.keys[0].clone();
        other.name = "Another key".into();
        w.keys.push(other);
    });
    assert!(
        several.of("signing_key")[0].contains("Another key"),
        "{several}"
    );
    assert!(
        error(&|d, _| d.signing_key = "nope".into()).of("signing_key")[0]
            .contains("Choose another")
    );
    let old = error(&|_, w| {
        w.capabilities = Capabilities::oldest();
        w.provider_names = vec!["Grafana".into()];
    });
    assert!(old.of("name")[0].contains("would change it"), "{old}");
}

#[tokio::test]
async fn risks_are_found_before_anything_is_written() {
    let world = world(Version::V2025_10).await;
    let found = |edit: &dyn Fn(&mut Draft, &mut World), id: &str| {
        let (mut draft, mut world) = (grafana(), world.clone());
        edit(&mut draft, &mut world);
        let plan = plan(&draft, preset("grafana"), &world).unwrap();
        plan.findings
            .into_iter()
            .find(|finding| finding.id == id)
            .map(|finding| finding.severity)
    };
    let two_groups = |d: &mut Draft| {
        d.access.everyone = false;
        d.access.new_groups = vec!["A".into(), "B".into()];
        d.policy_engine_mode = "all".into();
    };
    assert_eq!(found(&|_, _| {}, "open-to-everyone"), Some(Warning));
    assert_eq!(
        found(&|_, w| w.default_app_access = false, "closed-by-default"),
        Some(Danger)
    );
    assert_eq!(
        found(
            &|d, _| d.base_url = "http://grafana.lan".into(),
            "plain-http"
        ),
        Some(Warning)
    );
    assert_eq!(
        found(
            &|d, _| d.base_url = "http://localhost:3000".into(),
            "plain-http"
        ),
        None
    );
    assert_eq!(
        found(&|_, w| w.keys.clear(), "no-signing-key"),
        Some(Warning)
    );
    assert_eq!(
        found(&|d, _| d.redirect_uris = Some(vec![]), "no-redirect-uri"),
        Some(Danger)
    );
    assert_eq!(
        found(
            &|d, _| d.redirect_uris = Some(vec![RedirectUri::regex("https://.*/cb")]),
            "loose-redirect-uri"
        ),
        Some(Danger)
    );
    for (pattern, expected) in [
        ("https://grafana\\.example\\.com.*", Some(Danger)),
        ("https://.+/cb", Some(Danger)),
        ("https://grafana\\.example\\.com/.*", None),
    ] {
        let edit = |d: &mut Draft, _: &mut World| {
            d.redirect_uris = Some(vec![RedirectUri::regex(pattern)]);
        };
        assert_eq!(found(&edit, "loose-redirect-uri"), expected, "{pattern}");
    }
    assert_eq!(
        found(&|d, _| two_groups(d), "mode-all-is-any"),
        Some(Danger)
    );
    assert_eq!(found(&|d, _| two_groups(d), "nobody-inside"), Some(Warning));
    assert_eq!(
        found(&|d, _| two_groups(d), "no-superuser-bypass"),
        Some(Info)
    );
    assert_eq!(
        found(&|_, w| w.superuser = false, "not-superuser"),
        Some(Warning)
    );
    assert_eq!(
        found(
            &|d, _| d.scopes = Some(vec!["openid".into(), "nope".into()]),
            "scope-missing"
        ),
        Some(Warning)
    );
    assert_eq!(
        found(&|d, _| d.icon = "fa://x".into(), "icon-not-set"),
        Some(Info)
    );
}

#[tokio::test]
async fn the_access_summary_counts_who_really_gets_in() {
    let summary = |world: &World, mode: &str, new: &[&str]| {
        let mut draft = grafana();
        draft.access.everyone = false;
        let full = world.groups.iter().filter(|group| !group.users.is_empty());
        draft.access.groups = full.take(2).map(|group| group.pk.to_string()).collect();
        draft.access.new_groups = new.iter().map(|name| (*name).to_owned()).collect();
        draft.policy_engine_mode = mode.to_owned();
        plan(&draft, preset("grafana"), world).unwrap().access
    };
    let fixed = world(Version::V2026_5).await;
    let any = summary(&fixed, "any", &[]).people.unwrap();
    let all = summary(&fixed, "all", &[]).people.unwrap();
    assert!(any > all, "{any} {all}");
    assert_eq!(summary(&fixed, "all", &["New"]).people, Some(0));
    let wrong = world(Version::V2025_10).await;
    assert_eq!(
        summary(&wrong, "all", &[]).people,
        summary(&wrong, "any", &[]).people,
        "T3"
    );
}

#[test]
fn secret_variables_are_kept_from_view() {
    let netbird = preset("netbird");
    let variable = netbird
        .variables
        .iter()
        .find(|variable| variable.secret)
        .unwrap();
    let mut draft = Draft::of_preset(netbird);
    draft
        .variables
        .insert(variable.name.clone(), "canary-variable".into());
    draft.stow_secrets(netbird);
    assert_eq!(draft.variable(variable), "canary-variable");
    draft.variables.insert(variable.name.clone(), " ".into());
    draft.stow_secrets(netbird);
    assert_eq!(
        draft.variable(variable),
        "canary-variable",
        "an empty field changes nothing"
    );
    assert!(!format!("{draft:?}").contains("canary"));
    assert!(
        !serde_json::to_string(&draft.redacted())
            .unwrap()
            .contains("canary")
    );
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        Just("none".to_owned()),
        Just("https://x.example.com".to_owned()),
        Just("regex".to_owned()),
        ".*",
        "[a-z\\\\()\\[\\]*+?.|]{0,12}",
    ]
}

prop_compose! {
    fn draft()(
        texts in proptest::collection::vec(text(), 14),
        uris in proptest::option::of(proptest::collection::vec((text(), any::<bool>()), 0..4)),
        lists in proptest::collection::vec(proptest::collection::vec(text(), 0..4), 4),
        flags in proptest::collection::vec(any::<bool>(), 3),
        number in 0..168_usize,
    ) -> Draft {
        let preset = &Library::load().unwrap().all()[number];
        let text = |n: usize| texts[n].clone();
        Draft {
            name: text(0),
            slug: text(1),
            base_url: text(2),
            client_type: text(3),
            client_id: text(4),
            sub_mode: text(5),
            issuer_mode: text(6),
            signing_key: text(7),
            authorization_flow: text(8),
            invalidation_flow: text(9),
            icon: text(10),
            group: text(11),
            launch_url: text(12),
            policy_engine_mode: text(13),
            redirect_uris: uris.map(|uris| uris.into_iter().map(|(url, regex)| {
                if regex { RedirectUri::regex(url) } else { RedirectUri::strict(url) }
            }).collect()),
            scopes: flags[0].then(|| lists[0].clone()),
            mappings: flags[1].then(|| lists[1].clone()),
            access: setup::oidc_application::Access {
                everyone: flags[2],
                groups: lists[2].clone(),
                new_groups: lists[3].clone(),
            },
            ..Draft::of_preset(preset)
        }
    }
}

#[tokio::test]
async fn any_draft_gives_a_plan_or_field_errors() {
    let world = world(Version::V2026_5).await;
    let mut runner = proptest::test_runner::TestRunner::default();
    runner
        .run(&draft(), |draft| {
            let preset = preset(&draft.preset);
            let alone = validate(&draft, preset, URL);
            match plan(&draft, preset, &world) {
                Ok(plan) => {
                    prop_assert!(alone.is_empty());
                    prop_assert!(!plan.steps.is_empty());
                    let json = serde_json::to_string(&plan).unwrap();
                    prop_assert_eq!(
                        serde_json::from_str::<setup::change::Plan>(&json).unwrap(),
                        plan
                    );
                }
                Err(errors) => {
                    prop_assert!(!errors.is_empty());
                    for (field, messages) in &alone.0 {
                        prop_assert_eq!(errors.of(field).first(), messages.first());
                    }
                }
            }
            Ok(())
        })
        .unwrap();
}
