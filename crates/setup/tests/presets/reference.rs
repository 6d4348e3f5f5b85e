//! Comparison with the facts the presets were written from.

use std::collections::{BTreeMap, BTreeSet};

use crate::library;

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
    ("seafile", "email", "a tuple"),
    ("seafile", "name", "a tuple"),
    ("seafile", "sub", "a tuple"),
    ("zulip", "AUTHENTICATION_BACKENDS +=", "a tuple"),
    (
        "hashicorp-vault",
        "commands",
        "quotes around what is to be replaced",
    ),
    ("dokuwiki", "install", "the label"),
    ("adventurelog", "Sites", "a sentence"),
    ("appflowy", "GOTRUE_SAML_PRIVATE_KEY", "a sentence"),
    ("appflowy", "AUTH_SAML_CERT", "a sentence"),
    ("audiobookshelf", "Auto-populate", "a sentence"),
    ("calibre-web", "Import LDAP Users", "a sentence"),
    ("emby", "SSL certificate thumbprint (SHA1)", "a sentence"),
    ("jellyfin-ldap", "Skip SSL/TLS Verification", "a sentence"),
    ("jenkins", "Configure 'escape hatch'", "a sentence"),
    ("pfsense", "Peer Certificate Authority", "a sentence"),
    ("rancher", "Private Key / Certificate", "a sentence"),
    ("vmware-vcenter", "URL", "a sentence"),
    ("vmware-vcenter", "Token", "a sentence"),
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
            let in_parts = value
                .split(' ')
                .all(|part| kept.contains(&(key.clone(), part.to_owned())));
            if !in_parts && !is_changed(id, key) {
                lost.push(format!("{id}: {key} = {value}"));
            }
        }
    }
    assert!(lost.is_empty(), "{}", lost.join("\n"));
    println!("presets: compared with the reference: {compared:?}");
}
