//! Authentik's OpenAPI document, cut down while it is read: the whole would take tens of megabytes.

use std::collections::BTreeMap;

use authentik_api::{OperationId, operation};
use serde::{Deserialize, de::IgnoredAny};
use serde_json::{Value, json};

/// Where it is.
pub(super) const PATH: &str = "/api/v3/schema/?format=json";

/// Its name.
pub(super) const OPERATION: OperationId = operation::named("schema_retrieve");

/// What [`authentik_api::Capabilities::correct`] looks at.
#[derive(Deserialize)]
struct Document {
    #[expect(clippy::zero_sized_map_values, reason = "the values are skipped")]
    paths: BTreeMap<String, IgnoredAny>,
    #[serde(default)]
    components: Components,
}

#[derive(Deserialize, Default)]
struct Components {
    #[serde(default)]
    schemas: Schemas,
}

#[derive(Deserialize, Default)]
struct Schemas {
    #[serde(rename = "OAuth2ProviderRequest")]
    provider: Option<Value>,
    #[serde(rename = "TransactionApplicationRequest")]
    transaction: Option<Value>,
    #[serde(rename = "GroupRequest")]
    group: Option<Value>,
    #[serde(rename = "ApplicationRequest")]
    application: Option<Value>,
}

/// The parts of the document that matter, in its own form. `None` when it is something else.
pub(super) fn read(body: &[u8]) -> Option<Value> {
    let document: Document = serde_json::from_slice(body).ok()?;
    let schemas = document.components.schemas;
    let paths: Value = document
        .paths
        .into_keys()
        .map(|path| (path, json!({})))
        .collect();
    let components: Value = [
        ("OAuth2ProviderRequest", schemas.provider),
        ("TransactionApplicationRequest", schemas.transaction),
        ("GroupRequest", schemas.group),
        ("ApplicationRequest", schemas.application),
    ]
    .into_iter()
    .filter_map(|(name, schema)| Some((name.to_owned(), schema?)))
    .collect();
    Some(json!({ "paths": paths, "components": { "schemas": components } }))
}

#[cfg(test)]
mod tests {
    use std::{fs::File, io::Read as _, path::Path};

    use authentik_api::Capabilities;
    use flate2::read::GzDecoder;

    use super::*;

    #[test]
    fn cut_down_document_corrects_like_the_whole() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/schemas");
        let Ok(files) = std::fs::read_dir(&folder) else {
            #[expect(
                clippy::disallowed_methods,
                reason = "a test asks whether it runs in CI"
            )]
            let ci = std::env::var("CI").is_ok();
            assert!(!ci, "no ../shared");
            println!("skipped: no ../shared");
            return;
        };
        let mut compared = 0;
        for file in files {
            let path = file.unwrap().path();
            let mut body = Vec::new();
            GzDecoder::new(File::open(&path).unwrap())
                .read_to_end(&mut body)
                .unwrap();
            let mut by_whole = Capabilities::oldest();
            by_whole.correct(&serde_json::from_slice(&body).unwrap());
            let mut by_part = Capabilities::oldest();
            by_part.correct(&read(&body).unwrap());
            assert_eq!(by_part, by_whole, "{}", path.display());
            compared += 1;
        }
        println!("{compared} schemas compared");
        assert!(compared > 0);
    }

    #[test]
    fn something_else_is_no_document() {
        assert_eq!(read(b"<html>"), None);
        assert_eq!(read(b"{}"), None);
    }
}
