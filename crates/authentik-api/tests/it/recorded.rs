//! The recordings and the catalogue.

use std::collections::{BTreeMap, BTreeSet};

use authentik_api::operation::{Method, Minor, PathError, match_path};

use crate::common::recordings;

#[test]
fn recordings_are_read_completely() {
    let Some(exchanges) = recordings::load() else {
        return;
    };
    let mut counts = BTreeMap::new();
    let mut scenarios = BTreeMap::<_, BTreeSet<_>>::new();
    for exchange in &exchanges {
        *counts.entry(exchange.version.as_str()).or_insert(0) += 1;
        scenarios
            .entry(exchange.version.as_str())
            .or_default()
            .insert(&exchange.scenario);
    }
    assert_eq!(
        counts,
        BTreeMap::from([("2023.10", 1462), ("2025.10", 1479), ("2026.5", 1488)])
    );
    assert!(
        scenarios.values().all(|names| names.len() == 37),
        "{scenarios:?}"
    );
    let last = |scenario: &str| {
        let of = exchanges
            .iter()
            .filter(|e| e.version == "2023.10" && e.scenario == scenario);
        of.map(|e| e.index).max()
    };
    assert_eq!(last("access_matrix"), Some(237), "two files");
    assert!(exchanges.iter().any(|e| e.auth.as_deref() == Some("none")));
    let pages = exchanges
        .iter()
        .filter(|e| e.content_type.starts_with("text/html"));
    assert!(
        pages
            .filter_map(|e| e.response.as_ref())
            .all(serde_json::Value::is_string)
    );
    assert!(
        exchanges
            .iter()
            .any(|e| e.query.iter().any(|(name, _)| name == "page_size"))
    );
}

/// Recorded requests that are no operation of the catalogue although the server answered with
/// another status than 404 and 405.
const NOT_OPERATIONS: &[(&str, &str, &str)] = &[
    ("GET", "/", "the root answers with the names of the tags"),
    (
        "OPTIONS",
        "/core/groups/",
        "no operation: OPTIONS describes one",
    ),
    (
        "OPTIONS",
        "/core/users/",
        "no operation: OPTIONS asks for permission to call one",
    ),
];

#[test]
fn recorded_requests_are_operations_of_the_catalogue() {
    let Some(exchanges) = recordings::load() else {
        return;
    };
    let (mut matched, mut unknown) = (0, 0);
    let (mut operations, mut met) = (BTreeSet::new(), BTreeSet::new());
    for exchange in &exchanges {
        let Some(path) = exchange.api_path() else {
            continue;
        };
        let method = Method::try_from(&exchange.method.parse::<http::Method>().unwrap());
        let found = method
            .map_err(|_| PathError::Unknown)
            .and_then(|m| match_path(m, path));
        match found {
            Ok(found) => {
                matched += 1;
                operations.insert(found.operation);
                let line = exchange.version.split_once('.').unwrap();
                let line = Minor::new(line.0.parse().unwrap(), line.1.parse().unwrap());
                let offered = found.operation.get().offered_by(line);
                assert!(offered || exchange.status >= 400, "{}", exchange.label());
            }
            Err(_) if matches!(exchange.status, 404 | 405) => unknown += 1,
            Err(error) => {
                let known = NOT_OPERATIONS
                    .iter()
                    .find(|(method, known, _)| *method == exchange.method && *known == path);
                met.insert(known.unwrap_or_else(|| panic!("{}: {error}", exchange.label())));
            }
        }
    }
    println!(
        "{matched} exchanges are calls of {} operations",
        operations.len()
    );
    println!("{unknown} exchanges are no calls and were answered 404 or 405");
    assert_eq!(
        met.len(),
        NOT_OPERATIONS.len(),
        "every listed exception was met"
    );
    assert_eq!((matched, operations.len(), unknown), (4288, 259, 27));
}
