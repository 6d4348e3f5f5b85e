//! The recordings and the catalogue.

use std::collections::{BTreeMap, BTreeSet};

use authentik_api::operation::{Method, Minor, PathError, match_path};

use crate::common::recordings;

#[test]
fn recordings_are_read_completely() {
    let Some(exchanges) = recordings::load() else { return };
    let mut counts = BTreeMap::new();
    let mut scenarios = BTreeMap::<_, BTreeSet<_>>::new();
    for exchange in &exchanges {
        *counts.entry(exchange.version.as_str()).or_insert(0) += 1;
        scenarios.entry(exchange.version.as_str()).or_default().insert(&exchange.scenario);
    }
    assert_eq!(counts, BTreeMap::from([("2023.10", 1462), ("2025.10", 1479), ("2026.5", 1488)]));
    assert!(scenarios.values().all(|names| names.len() == 37), "{scenarios:?}");
    let last = |scenario: &str| {
        let of = exchanges.iter().filter(|e| e.version == "2023.10" && e.scenario == scenario);
        of.map(|e| e.index).max()
    };
    assert_eq!(last("access_matrix"), Some(237), "two files");
    assert!(exchanges.iter().any(|e| e.query.iter().any(|(name, _)| name == "page_size")));
}

/// Recorded requests to the API that are no operation and were answered with another status than
/// 404 and 405, with the reason.
const NOT_OPERATIONS: &[(&str, &str)] = &[];

#[test]
fn recorded_requests_are_operations_of_the_catalogue() {
    let Some(exchanges) = recordings::load() else { return };
    let (mut matched, mut refused) = (0, BTreeMap::<String, Vec<String>>::new());
    let mut operations = BTreeSet::new();
    for exchange in &exchanges {
        let Some(path) = exchange.api_path() else { continue };
        let method = Method::try_from(&exchange.method.parse().unwrap());
        let found = match method {
            Ok(method) => match_path(method, path),
            Err(_) => Err(PathError::Unknown),
        };
        match found {
            Ok(found) => {
                matched += 1;
                operations.insert(found.operation);
            }
            Err(_) if matches!(exchange.status, 404 | 405) => {}
            Err(error) => refused.entry(error.to_string()).or_default().push(exchange.label()),
        }
    }
    println!("{matched} exchanges of {} operations", operations.len());
    println!("{refused:#?}");
    let _ = (NOT_OPERATIONS, Minor::new(2025, 8));
}
