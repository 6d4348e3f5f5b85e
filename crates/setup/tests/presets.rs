//! Every preset file: consistent, renderable, and nothing lost from the reference facts.

use std::collections::{BTreeMap, BTreeSet};

use setup::preset::{
    Category, Format, Library, Matching, Preset, Protocol, SigningKey, Table, Template, Value,
    Values, VerifiedEmailNeed, core_values, masked_text, plain_text, render_snippets, search,
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
    assert_eq!(count(Protocol::Oidc), 130);
    assert_eq!(count(Protocol::Saml), 18);
    assert_eq!(count(Protocol::Proxy), 14);
    assert_eq!(count(Protocol::Ldap), 6);
    assert_eq!(library().all().len(), 168);
    let available = library().summaries().iter().filter(|s| s.available).count();
    assert_eq!(available, 130);
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
fn every_snippet_renders() {
    let mut rendered = 0;
    for preset in library().all() {
        let values = values(preset);
        let names = preset.names();
        for snippet in render_snippets(preset, &values)
            .unwrap_or_else(|error| panic!("{}: {error}", preset.id))
        {
            rendered += 1;
            let place = format!("{}: {}", preset.id, snippet.place);
            assert!(
                !snippet.body.is_empty() || !snippet.optional.is_empty(),
                "{place}"
            );
            assert!(
                !snippet.title.is_empty() && !snippet.place.is_empty(),
                "{place}"
            );
            assert!(!snippet.file_name.contains(['/', ' ', '{']), "{place}");
            assert_eq!(snippet.steps.is_empty(), snippet.format != Format::UiSteps);
            for segments in [&snippet.body, &snippet.optional] {
                let shown = plain_text(segments);
                assert!(!masked_text(segments).contains(SECRET), "{place}");
                let left = Template::parse(&shown, &names)
                    .unwrap_or_else(|error| panic!("{place}: {error}"));
                assert_eq!(left.placeholders().count(), 0, "{place}");
                let parses = match snippet.format {
                    Format::Json => serde_json::from_str::<serde_json::Value>(&shown).is_ok(),
                    Format::Yaml | Format::Compose => {
                        serde_yaml_ng::from_str::<serde_json::Value>(&shown).is_ok()
                    }
                    Format::Toml => toml::from_str::<toml::Table>(&shown).is_ok(),
                    _ => true,
                };
                assert!(shown.is_empty() || parses, "{place}:\n{shown}");
            }
        }
        for pitfall in &preset.pitfalls {
            let text = preset.text(pitfall, &values).unwrap();
            assert!(text.chars().count() > 10, "{}: {text}", preset.id);
        }
    }
    println!(
        "presets: {} parsed, {rendered} snippets rendered",
        library().all().len()
    );
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

fn snapshot(id: &str) -> String {
    let preset = library().get(id).unwrap();
    let mut text = String::new();
    for snippet in render_snippets(preset, &values(preset)).unwrap() {
        let variant = snippet.variant.as_deref().unwrap_or("usual");
        text += &format!(
            "=== {} ({variant}) | {} | {}\n{}",
            snippet.title,
            snippet.place,
            snippet.file_name,
            snippet.masked_text()
        );
        if !snippet.optional.is_empty() {
            text += &format!("--- optional\n{}", masked_text(&snippet.optional));
        }
    }
    text
}

#[test]
fn snapshots_of_three_presets() {
    for id in ["grafana", "gitea", "vaultwarden"] {
        insta::assert_snapshot!(id, snapshot(id));
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
    assert_eq!(ids("").len(), 168);
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
        168
    );
    assert_eq!(categories.len(), 14);
}

mod reference {
    //! Comparison with the facts the presets were written from.

    use super::*;

    /// Settings that differ on purpose.
    const CHANGED: &[(&str, &str, &str)] = &[
        (
            "argocd",
            "clientSecret",
            "stringData takes the secret without base64",
        ),
        (
            "audiobookshelf",
            "Group Claim",
            "the claim that our mapping gives",
        ),
        (
            "joplin-server",
            "NameIDFormat",
            "element of a complete document, with prefix",
        ),
        (
            "joplin-server",
            "@entityID",
            "attribute of a complete document",
        ),
        ("jellyfin", "form action", "part of the login disclaimer"),
        ("mobilizon", "*", "written as Elixir"),
        ("node-red", "verify", "written as JavaScript"),
        ("node-red", "users", "written as JavaScript"),
        ("node-red", "strategy", "quotes"),
        ("observium", "Location /", "a block"),
        ("owncloud", "rewrite", "a sentence"),
        ("seafile", "OAUTH_ATTRIBUTE_MAP", "tuples"),
        ("zulip", "AUTHENTICATION_BACKENDS +=", "a tuple"),
        ("dokuwiki", "install", "the label"),
    ];

    fn last(key: &str) -> String {
        let part = key
            .trim()
            .rsplit(['.', '/', ':'])
            .next()
            .unwrap_or(key)
            .trim();
        part.to_owned()
    }

    /// A text that is JSON or a Python literal, taken apart; otherwise without outer quotes.
    fn parsed(text: &str) -> serde_json::Value {
        let trimmed = text.trim_matches('"');
        for candidate in [text.to_owned(), trimmed.replace('\'', "\"")] {
            if candidate.starts_with(['{', '['])
                && let Ok(value) = serde_json::from_str(&candidate)
            {
                return value;
            }
        }
        serde_json::Value::String(trimmed.to_owned())
    }

    fn flatten(key: &str, value: &serde_json::Value, found: &mut BTreeSet<(String, String)>) {
        match value {
            serde_json::Value::Object(map) => {
                for (key, value) in map {
                    flatten(key, value, found);
                }
            }
            serde_json::Value::Array(values) => {
                for value in values {
                    flatten(key, value, found);
                }
            }
            serde_json::Value::String(text) => match parsed(text) {
                serde_json::Value::String(text) => {
                    // Apache directives with several arguments are lists in our files.
                    found.insert((last(key), text));
                }
                nested => flatten(key, &nested, found),
            },
            other => {
                found.insert((last(key), other.to_string()));
            }
        }
    }

    fn is_changed(id: &str, key: &str) -> bool {
        CHANGED
            .iter()
            .any(|(at, name, _)| *at == id && (*name == "*" || last(name) == key))
    }

    #[test]
    fn nothing_was_lost() {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../../shared/presets/presets.json"
        );
        let Ok(text) = std::fs::read_to_string(path) else {
            assert!(
                std::env::var_os("CI").is_none(),
                "no ../shared although CI is set"
            );
            println!("skipped: no ../shared");
            return;
        };
        let records: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
        assert_eq!(records.len(), 166);
        let mut lost = Vec::new();
        let mut compared = BTreeMap::from([("redirects", 0), ("scopes", 0), ("settings", 0)]);
        for record in &records {
            let id = record["id"].as_str().unwrap();
            let preset = library()
                .get(id)
                .unwrap_or_else(|| panic!("{id} is missing"));
            let redirects: Vec<(String, String, bool)> = preset
                .redirect_uris
                .iter()
                .map(|r| (r.url.clone(), r.matching.as_str().to_owned(), r.optional))
                .collect();
            let expected: Vec<(String, String, bool)> = record["redirect_uris"]
                .as_array()
                .unwrap()
                .iter()
                .map(|r| {
                    let text = |key: &str| r[key].as_str().unwrap().to_owned();
                    (
                        text("url"),
                        text("matching_mode"),
                        r["optional"].as_bool().unwrap(),
                    )
                })
                .collect();
            assert_eq!(redirects, expected, "{id}");
            *compared.get_mut("redirects").unwrap() += expected.len();
            let scopes: Vec<String> = serde_json::from_value(record["scopes"].clone()).unwrap();
            assert_eq!(preset.scopes, scopes, "{id}");
            *compared.get_mut("scopes").unwrap() += scopes.len();
            let ours = serde_json::to_value(&preset.app_side).unwrap();
            let (mut kept, mut wanted) = (BTreeSet::new(), BTreeSet::new());
            for side in ours.as_array().unwrap() {
                flatten("", &side["values"], &mut kept);
                flatten("", &side["optional"], &mut kept);
            }
            for side in record["app_side"].as_array().unwrap() {
                flatten("", &side["values"], &mut wanted);
                flatten("", &side["optional_values"], &mut wanted);
            }
            *compared.get_mut("settings").unwrap() += wanted.len();
            for (key, value) in wanted.difference(&kept) {
                let instruction = kept.iter().any(|(at, _)| at == "$do");
                let in_parts = value
                    .split(' ')
                    .all(|part| kept.contains(&(key.clone(), part.to_owned())));
                if !instruction && !in_parts && !is_changed(id, key) {
                    lost.push(format!("{id}: {key} = {value}"));
                }
            }
        }
        assert!(lost.is_empty(), "{}", lost.join("\n"));
        println!("presets: compared with the reference: {compared:?}");
    }
}
