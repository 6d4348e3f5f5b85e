//! `crypto/certificatekeypairs`, reading only, and the keys behind it.

use crate::call::Call;
use crate::fields::Field;
use crate::pair::{Pair, colons};
use crate::resource::Resource;
use crate::rows::{Columns, Row, pick};
use crate::state::{State, Table};
use crate::version::Version;
use serde_json::{Value, json};

pub(crate) struct Keys;

impl Resource for Keys {
    const TABLE: Table = Table::Keys;
    const MODEL: &'static str = "CertificateKeyPair";

    fn fields(_: &State) -> Vec<Field> {
        Vec::new()
    }

    fn filter(_: &State, call: &Call, row: &Row) -> bool {
        call.switch("has_key")
            .is_none_or(|wanted| row.flag("private_key_available") == wanted)
            && ["name", "managed"].iter().all(|column| {
                call.param(column)
                    .is_none_or(|wanted| row.text(column) == wanted)
            })
    }

    fn render(state: &State, call: &Call, row: &Row) -> Value {
        let mut key = pick(row, &["pk", "name", "private_key_available", "managed"]);
        let details =
            state.since(Version::V2026_5) || call.switch("include_details") != Some(false);
        let (name, pair) = (row.text("name"), Pair::of(row));
        for (column, value) in [
            ("fingerprint_sha256", json!(colons(&pair.sha256()))),
            ("fingerprint_sha1", json!(colons(&pair.sha1()))),
            ("cert_expiry", json!(pair.expiry())),
            (
                "cert_subject",
                json!(format!("OU=Self-signed,O=authentik,CN={name}")),
            ),
        ] {
            key.insert(column.to_owned(), if details { value } else { Value::Null });
        }
        let kind = if row.flag("private_key_available") {
            json!(pair.kind())
        } else {
            Value::Null
        };
        let column = if state.since(Version::V2026_5) {
            "key_type"
        } else {
            "private_key_type"
        };
        key.insert(column.to_owned(), kind);
        for what in ["certificate", "private_key"] {
            let url = format!(
                "/api/v3/crypto/certificatekeypairs/{}/view_{what}/?download",
                row.text("pk")
            );
            key.insert(format!("{what}_download_url"), json!(url));
        }
        Value::Object(key)
    }
}
