//! Every preset file: consistent, renderable, and nothing lost from the reference facts.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "clippy takes the helpers of an integration test for production code"
)]

mod reference;
mod rendering;

use std::collections::BTreeSet;

use setup::preset::{
    Category, Format, Library, Matching, Preset, Protocol, SigningKey, Table, Template, Value,
    Values, VerifiedEmailNeed, core_values, search,
};

const SECRET: &str = "s3cret-Value";

fn library() -> &'static Library {
    Library::load().unwrap_or_else(|error| panic!("{error}: {error:?}"))
}

/// Values for every placeholder, with the example of each variable.
fn values(preset: &Preset) -> Values {
    let base = "https://app.example.com";
    let mut values = core_values(
        "https://auth.example.com",
        &preset.id,
        base,
        "client-1",
        Some(SECRET),
    );
    values.extend([
        ("ldap_base_dn", "DC=ldap,DC=goauthentik,DC=io"),
        (
            "ldap_bind_dn",
            "cn=bind,ou=users,DC=ldap,DC=goauthentik,DC=io",
        ),
        ("ldap_bind_password", SECRET),
        ("ldap_host", "ldap.example.com"),
        ("random_secret", SECRET),
        ("saml_cert_fingerprint_sha256", "AA:BB"),
        ("saml_metadata_xml", "<md/>"),
        (
            "saml_signing_cert",
            "-----BEGIN CERTIFICATE-----\nAA\n-----END CERTIFICATE-----",
        ),
        ("saml_signing_cert_body", "AA"),
    ]);
    for variable in &preset.variables {
        let value = variable.default.as_ref().unwrap_or(&variable.example);
        values.insert(&variable.name, value);
    }
    values
}

/// All keys and texts of a table, the templates among them.
fn texts(table: &Table, found: &mut Vec<String>) {
    fn walk(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Text(text) => found.push(text.clone()),
            Value::List(values) => values.iter().for_each(|value| walk(value, found)),
            Value::Table(table) => texts(table, found),
            Value::Yaml(inner) => walk(inner, found),
            Value::Bool(_) | Value::Integer(_) | Value::Code(_) | Value::Instruction(_) => {}
        }
    }
    for (key, value) in table {
        found.push(key.clone());
        walk(value, found);
    }
}

/// Every template of a preset.
fn templates(preset: &Preset) -> Vec<String> {
    let mut all: Vec<String> = preset.pitfalls.clone();
    all.extend(preset.launch_url.clone());
    all.extend(
        preset
            .redirect_uris
            .iter()
            .map(|redirect| redirect.url.clone()),
    );
    all.extend(preset.logout.post_logout_redirect_uris.clone());
    all.extend(preset.logout.backchannel_uri.clone());
    all.extend(preset.logout.frontchannel_uri.clone());
    for group in &preset.groups {
        all.extend([group.name.clone(), group.role.clone()]);
    }
    for side in &preset.app_side {
        all.push(side.place.clone());
        all.extend(side.before.clone());
        all.extend(side.note.clone());
        texts(&side.values, &mut all);
        texts(&side.optional, &mut all);
    }
    if let Some(saml) = &preset.saml {
        all.extend([&saml.acs_url, &saml.audience, &saml.issuer].map(Clone::clone));
        all.extend(saml.default_relay_state.clone());
    }
    if let Some(proxy) = &preset.proxy {
        all.push(proxy.external_host.clone());
        all.extend(proxy.internal_host.clone());
    }
    all
}

#[test]
fn ids_are_unique_and_name_the_file() {
    let mut ids = BTreeSet::new();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/presets");
    let mut files = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let content = std::fs::read_to_string(&path).unwrap();
        let preset: Preset =
            toml::from_str(&content).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert_eq!(path.file_stem().unwrap().to_str().unwrap(), preset.id);
        assert!(ids.insert(preset.id.clone()));
        files += 1;
    }
    assert_eq!(library().all().len(), files);
    for id in &ids {
        assert_eq!(&library().get(id).unwrap().id, id);
        let slug = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        assert!(id.chars().all(slug), "{id} is no slug");
    }
}

#[test]
fn counts_by_protocol() {
    let count = |protocol| {
        let fits = |preset: &&Preset| preset.protocol == protocol;
        library().all().iter().filter(fits).count()
    };
    assert_eq!(count(Protocol::Oidc), 131);
    assert_eq!(count(Protocol::Saml), 18);
    assert_eq!(count(Protocol::Proxy), 14);
    assert_eq!(count(Protocol::Ldap), 6);
    assert_eq!(library().all().len(), 169);
    let available = library().summaries().iter().filter(|s| s.available).count();
    assert_eq!(available, 131);
}

#[test]
fn placeholders_are_known_and_variables_used() {
    for preset in library().all() {
        let names = preset.names();
        let mut used = BTreeSet::new();
        for text in templates(preset) {
            let template = Template::parse(&text, &names)
                .unwrap_or_else(|error| panic!("{}: {error} in {text}", preset.id));
            used.extend(template.placeholders().map(str::to_owned));
        }
        for variable in &preset.variables {
            assert!(
                used.contains(&variable.name),
                "{}: {} is declared and not used",
                preset.id,
                variable.name
            );
            assert!(!variable.label.is_empty() && !variable.example.is_empty());
            let empty = variable.default.as_deref() == Some("");
            assert!(!empty || variable.may_be_empty, "{}", preset.id);
        }
    }
}

#[test]
fn redirect_uris_are_urls_or_expressions() {
    let mut checked = 0;
    for preset in library().all() {
        if preset.protocol == Protocol::Oidc {
            assert!(!preset.redirect_uris.is_empty(), "{}", preset.id);
            assert!(
                preset
                    .redirect_uris
                    .iter()
                    .any(|redirect| !redirect.optional),
                "{}",
                preset.id
            );
        }
        let allowed: BTreeSet<&str> = ["base", "base_regex", "client_id", "slug", "authentik_url"]
            .into_iter()
            .chain(
                preset
                    .variables
                    .iter()
                    .map(|variable| variable.name.as_str()),
            )
            .collect();
        for redirect in &preset.redirect_uris {
            let template = Template::parse(&redirect.url, &preset.names()).unwrap();
            for name in template.placeholders() {
                assert!(allowed.contains(name), "{}: {name}", preset.id);
            }
        }
        for redirect in preset.redirect_uris(&values(preset)).unwrap() {
            checked += 1;
            match redirect.matching {
                Matching::Strict => {
                    url::Url::parse(&redirect.url)
                        .unwrap_or_else(|error| panic!("{}: {}: {error}", preset.id, redirect.url));
                }
                Matching::Regex => {
                    regex::Regex::new(&format!("^(?:{})$", redirect.url))
                        .unwrap_or_else(|error| panic!("{}: {error}", preset.id));
                }
            }
        }
        if let Some(launch) = preset.launch_url(&values(preset)).unwrap() {
            assert!(url::Url::parse(&launch).is_ok(), "{}: {launch}", preset.id);
        }
    }
    println!("presets: {checked} redirect URIs checked");
}

#[test]
fn regex_redirect_escapes_values() {
    let vikunja = library().get("vikunja").unwrap();
    let values = values(vikunja).with("provider_key", "a.b");
    let redirects = vikunja.redirect_uris(&values).unwrap();
    assert_eq!(redirects[0].url, "https://app.example.com/auth/openid/a.b");
    assert_eq!(
        redirects[1].url,
        r"http://127\.0\.0\.1:[0-9]+/auth/openid/a\.b"
    );
    let netbird = library().get("netbird").unwrap();
    let urls = netbird.redirect_uris(&crate::values(netbird)).unwrap();
    assert_eq!(urls[1].url, r"https://app\.example\.com/.*");
}

#[test]
fn oidc_facts_are_consistent() {
    let of_authentik = [
        "openid",
        "profile",
        "email",
        "offline_access",
        "entitlements",
        "ak_proxy",
        "goauthentik.io/api",
    ];
    for preset in library().all() {
        let id = &preset.id;
        assert_eq!(preset.available(), preset.protocol == Protocol::Oidc);
        let facts = (
            preset.saml.is_some(),
            preset.proxy.is_some(),
            preset.ldap.is_some(),
        );
        let expected = |protocol| preset.protocol == protocol;
        assert_eq!(
            facts,
            (
                expected(Protocol::Saml),
                expected(Protocol::Proxy),
                expected(Protocol::Ldap)
            ),
            "{id}"
        );
        if preset.available() {
            assert!(preset.client_type.is_some(), "{id}");
            assert_ne!(preset.signing_key, SigningKey::None, "{id}");
            assert_eq!(
                preset.scopes.first().map(String::as_str),
                Some("openid"),
                "{id}"
            );
            assert!(!preset.app_side.is_empty(), "{id}");
        }
        for scope in &preset.scopes {
            let ours = preset
                .mappings
                .iter()
                .any(|mapping| &mapping.scope_name == scope);
            assert!(
                ours || of_authentik.contains(&scope.as_str()),
                "{id}: {scope}"
            );
        }
        for mapping in &preset.mappings {
            assert!(mapping.name.starts_with("Ostiary: "), "{id}");
            assert!(mapping.expression.contains("return "), "{id}");
            assert!(!mapping.expression.contains("ak_groups"), "{id}");
            for claim in mapping.claims.keys() {
                assert!(
                    mapping.expression.contains(&format!("\"{claim}\"")),
                    "{id}: {claim}"
                );
            }
        }
        let needed = preset.verified_email.need != VerifiedEmailNeed::No;
        assert_eq!(needed, !preset.verified_email.reason.is_empty(), "{id}");
        let formats_in_files = preset.app_side.iter().map(|side| side.format);
        assert!(
            formats_in_files
                .into_iter()
                .all(|format| format != Format::Compose),
            "{id}"
        );
    }
    let needing: Vec<&str> = library()
        .all()
        .iter()
        .filter(|preset| preset.verified_email.need == VerifiedEmailNeed::Yes)
        .map(|preset| preset.id.as_str())
        .collect();
    assert_eq!(
        needing,
        [
            "beszel",
            "coder",
            "outline",
            "pocketbase",
            "romm",
            "vaultwarden",
            "wg-easy"
        ]
    );
}

#[test]
fn json_round_trip() {
    for preset in library().all() {
        let json = serde_json::to_string(preset).unwrap();
        assert_eq!(&serde_json::from_str::<Preset>(&json).unwrap(), preset);
    }
}

#[test]
fn search_ranks_and_tolerates() {
    let ids = |text: &str| -> Vec<&str> {
        library()
            .search(text)
            .iter()
            .map(|found| found.id.as_str())
            .collect()
    };
    assert_eq!(ids("grafana"), ["grafana"]);
    assert_eq!(ids("  GRAFANA "), ["grafana"]);
    assert_eq!(ids("gito"), [] as [&str; 0]);
    assert_eq!(ids("home-assistant")[0], "home-assistant");
    assert_eq!(ids("home assistant"), ids("homeassistant"));
    assert_eq!(ids("k8s"), ["kubernetes"]);
    assert_eq!(ids("hoarder"), ["karakeep"]);
    assert_eq!(ids("wud"), ["whats-up-docker"]);
    assert_eq!(ids("spa"), ["generic-oidc-public"]);
    assert!(ids("git").starts_with(&["gitea", "gitlab"]));
    assert_eq!(ids("overseerr").len(), 2);
    assert_eq!(ids("").len(), 169);
    let monitoring = ids("monitoring");
    assert!(monitoring.contains(&"grafana") && monitoring.len() >= 13);
    assert_eq!(search(library().summaries(), "vault")[0].id, "vaultwarden");
}

#[test]
fn categories_cover_all() {
    let categories = library().categories();
    assert_eq!(categories[0], (Category::Generic, 2));
    assert!(categories.contains(&(Category::Productivity, 41)));
    assert_eq!(
        categories.iter().map(|(_, count)| count).sum::<usize>(),
        169
    );
    assert_eq!(categories.len(), 14);
}

#[test]
fn for_validation_finds_the_same_errors() {
    use setup::oidc_application::{Draft, validate};

    for preset in library().all() {
        let lean = preset.for_validation();
        for base_url in ["", "https://app.example.com", "nonsense"] {
            let draft = Draft {
                base_url: base_url.to_owned(),
                ..Draft::of_preset(preset)
            };
            let url = "https://auth.example.com";
            let (all, some) = (validate(&draft, preset, url), validate(&draft, &lean, url));
            assert_eq!(all, some, "{} with “{base_url}”", preset.id);
        }
    }
}
