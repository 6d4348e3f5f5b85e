//! Every request that the typed operations can build, against the API schema of every version.

mod cases;

use std::collections::BTreeMap;

use authentik_api::{BuildError, Capabilities, Endpoint, Version, api::admin::RetrieveSettings};

use self::cases::Case;
use crate::common::schema::Schemas;

#[test]
fn every_request_is_valid_for_every_version_that_has_the_operation() {
    let Some(schemas) = Schemas::load() else {
        return;
    };
    let cases = cases::all();
    let mut report: BTreeMap<Version, (usize, usize)> = BTreeMap::new();
    let mut failures = Vec::new();
    for (version, schema) in &schemas {
        let version: Version = version.parse().unwrap();
        let mut capabilities = Capabilities::of(version.clone());
        capabilities.correct(schema.document());
        let (valid, refused) = report.entry(version.clone()).or_default();
        for Case { name, build } in &cases {
            let parts = match build(&capabilities) {
                Ok(parts) => parts,
                Err(BuildError::Unsupported { .. }) => {
                    *refused += 1;
                    continue;
                }
                Err(error) => panic!("{version} {name}: {error}"),
            };
            let operation = parts.operation.get();
            let params: Vec<&str> = parts.params.iter().map(String::as_str).collect();
            let path = operation.render(&params).unwrap();
            let method = http::Method::from(operation.method);
            let query: Vec<(String, String)> = parts
                .query
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.clone()))
                .collect();
            match schema.validate_request(method.as_str(), &path, &query, parts.body.as_ref()) {
                Ok(()) => *valid += 1,
                Err(errors) => failures.push(format!("{version} {name}: {}", errors.join("; "))),
            }
        }
    }
    for (version, (valid, refused)) in &report {
        println!("counts: requests {version}: {valid} valid, {refused} refused before sending");
    }
    assert!(
        failures.is_empty(),
        "{}\n{} failures",
        failures.join("\n"),
        failures.len()
    );
}

#[test]
fn what_a_version_cannot_do_is_refused_before_sending() {
    let old = Capabilities::oldest();
    assert!(matches!(
        cases::transaction(cases::subjects().to_vec()).parts(&old),
        Err(BuildError::Unsupported { .. })
    ));
    assert!(matches!(
        RetrieveSettings.parts(&old),
        Err(BuildError::Unsupported { .. })
    ));
}
