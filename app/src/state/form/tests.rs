use super::*;
use crate::state::wizard::tests::preset;

fn fields(pairs: &[(&str, &str)]) -> Fields {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    pairs.iter().map(owned).collect()
}

fn basis() -> Basis {
    Basis {
        preset: preset(),
        authentik_url: "https://auth.example.com".into(),
    }
}

fn draft() -> Draft {
    let mut draft = Draft::of_preset(&preset());
    draft.base_url = "https://git.example.com".into();
    draft
}

fn filled(step: WizardStep, intent: &str, pairs: &[(&str, &str)]) -> Draft {
    let mut draft = draft();
    fill(
        &mut draft,
        step,
        &Intent::parse(intent),
        &fields(pairs),
        &basis(),
    );
    draft
}

#[test]
fn address_keeps_everything_as_typed() {
    let draft = filled(
        WizardStep::Address,
        "",
        &[
            ("base_url", "nonsense "),
            ("variables.source_name", "<b>"),
            ("slug", ""),
        ],
    );
    assert_eq!(draft.base_url, "nonsense ");
    assert_eq!(draft.variables["source_name"], "<b>");
    assert_eq!(draft.name, "Gitea", "a field that was not sent stays");
}

#[test]
fn details_that_are_the_presets_stay_open() {
    let draft = filled(
        WizardStep::Details,
        "",
        &[
            ("scopes", "openid profile  email"),
            (
                "redirect_uris.0",
                "https://git.example.com/user/oauth2/authentik/callback",
            ),
            ("redirect_uris.0.mode", "strict"),
            ("mappings", "1"),
            ("mappings.0", "Ostiary: Gitea role"),
            ("verified_email", ""),
        ],
    );
    assert_eq!(draft.scopes, None);
    assert_eq!(
        draft.redirect_uris, None,
        "a new address would still change them"
    );
    assert_eq!((draft.mappings, draft.verified_email), (None, None));
}

#[test]
fn details_add_and_remove_redirect_uris() {
    let two = [
        ("redirect_uris.0", "https://a.example.com"),
        ("redirect_uris.0.mode", "strict"),
        ("redirect_uris.1", "https://b\\.example\\.com/.*"),
        ("redirect_uris.1.mode", "regex"),
        ("redirect_uris.2", " "),
    ];
    let uris = |intent| {
        filled(WizardStep::Details, intent, &two)
            .redirect_uris
            .unwrap()
    };
    assert_eq!(uris("").len(), 2, "empty rows are dropped");
    assert_eq!(uris("add_redirect_uri").len(), 3);
    let left = uris("remove_redirect_uri.0");
    assert_eq!(left, [RedirectUri::regex("https://b\\.example\\.com/.*")]);
    let none = filled(
        WizardStep::Details,
        "remove_redirect_uri.0",
        &[("redirect_uris.0", "https://a.example.com")],
    );
    assert_eq!(none.redirect_uris, Some(vec![]));
}

#[test]
fn details_without_any_mapping_ticked_creates_none() {
    let draft = filled(WizardStep::Details, "", &[("mappings", "1")]);
    assert_eq!(draft.mappings, Some(vec![]));
}

#[test]
fn secret_is_kept_until_replaced_or_forgotten() {
    let mut draft = draft();
    let mut send = |pairs: &[(&str, &str)]| {
        fill(
            &mut draft,
            WizardStep::Details,
            &Intent::Continue,
            &fields(pairs),
            &basis(),
        );
        draft
            .client_secret
            .clone()
            .map(|secret| secret.expose().to_owned())
    };
    assert_eq!(send(&[("client_secret", "one")]).as_deref(), Some("one"));
    assert_eq!(send(&[("client_secret", "")]).as_deref(), Some("one"));
    assert_eq!(send(&[("client_secret_forget", "on")]), None);
}

#[test]
fn access_is_everyone_or_groups() {
    let groups = filled(
        WizardStep::Access,
        "",
        &[
            ("access", "groups"),
            ("access.groups.3", "family"),
            ("access.new_groups.0", "Gitea users"),
            ("access.new_groups.1", " "),
        ],
    );
    assert_eq!(groups.access.groups, ["family"]);
    assert_eq!(groups.access.new_groups, ["Gitea users"]);
    let everyone = filled(
        WizardStep::Access,
        "",
        &[("access", "everyone"), ("access.groups.3", "family")],
    );
    assert!(everyone.access.everyone && everyone.access.groups.is_empty());
    let nobody = filled(WizardStep::Access, "", &[]);
    assert!(
        !nobody.access.everyone,
        "nothing is opened by an empty form"
    );
}

#[test]
fn forms_arrive_as_they_are_sent_by_browsers() {
    #[derive(serde::Serialize, serde::Deserialize)]
    struct Body {
        draft: String,
        #[serde(flatten)]
        fields: Fields,
    }
    let sent = "draft=7&redirect_uris.0=https%3A%2F%2Fa%5B1%5D%26b&redirect_uris.0.mode=strict&slug=&variables.x=a+b";
    let body: Body = serde_qs::Config::new(5, false)
        .deserialize_str(sent)
        .unwrap();
    assert_eq!(body.fields["redirect_uris.0"], "https://a[1]&b");
    assert_eq!(
        (
            body.fields["slug"].as_str(),
            body.fields["variables.x"].as_str()
        ),
        ("", "a b")
    );
    let again = serde_qs::to_string(&body).unwrap();
    let back: Body = serde_qs::Config::new(5, false)
        .deserialize_str(&again)
        .unwrap();
    assert_eq!(back.fields, body.fields);
}
