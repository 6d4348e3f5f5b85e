//! `crypto/certificatekeypairs`, reading only. There is one real certificate in here, and no private key at all.

use crate::call::Call;
use crate::fields::Field;
use crate::resource::Resource;
use crate::rows::{Columns, Row, pick};
use crate::state::{State, Table};
use crate::version::Version;
use serde_json::{Value, json};

/// Modulus of the RSA key in [`CERTIFICATE`], base64url.
pub(crate) const MODULUS: &str = "w48Lphe4ZsyEwqraBlw57d3uvrzsU_uuUyOWiyHl0zbs8ldo8vFJk0fZQrjknyYoUXw-mh3AIJ3yaeQAsfer1HCaCD6yZuh5veU1sZtI9wrhEL9O7NkcYTxkia6vupTnhkCeq3GzzL8zYDhJ_u8_xSL1_htN7nQ_cJAk5o5adBUUJzcq0FhWRggMI2Bn2_4c6DTmWaJr-OaNNSOaMkcC_sVY-F4XKHzoTHO_94bSuwlCYC4qMvykj50auQTMD-aR3-cuQA-RcU3Ej8xOFC2KeANi0heZ9TK9IAwFa-eBf-0iaX_0_siMqCHYXF7AiQiCONsx-a8RhnF-RAgxaoTYtQ";
/// A self-signed certificate made for the sandbox, DER in base64. Its private key was thrown away.
pub(crate) const CERTIFICATE: &str = "MIIDjTCCAnWgAwIBAgIUGqaOph1AoSwHoQMG77t6+cU0Bx0wDQYJKoZIhvcNAQELBQAwVjEqMCgGA1UEAwwhYXV0aGVudGlrIFNlbGYtc2lnbmVkIENlcnRpZmljYXRlMRIwEAYDVQQKDAlhdXRoZW50aWsxFDASBgNVBAsMC1NlbGYtc2lnbmVkMB4XDTI2MTEyMjAwMTcxMFoXDTM2MTExOTAwMTcxMFowVjEqMCgGA1UEAwwhYXV0aGVudGlrIFNlbGYtc2lnbmVkIENlcnRpZmljYXRlMRIwEAYDVQQKDAlhdXRoZW50aWsxFDASBgNVBAsMC1NlbGYtc2lnbmVkMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAw48Lphe4ZsyEwqraBlw57d3uvrzsU/uuUyOWiyHl0zbs8ldo8vFJk0fZQrjknyYoUXw+mh3AIJ3yaeQAsfer1HCaCD6yZuh5veU1sZtI9wrhEL9O7NkcYTxkia6vupTnhkCeq3GzzL8zYDhJ/u8/xSL1/htN7nQ/cJAk5o5adBUUJzcq0FhWRggMI2Bn2/4c6DTmWaJr+OaNNSOaMkcC/sVY+F4XKHzoTHO/94bSuwlCYC4qMvykj50auQTMD+aR3+cuQA+RcU3Ej8xOFC2KeANi0heZ9TK9IAwFa+eBf+0iaX/0/siMqCHYXF7AiQiCONsx+a8RhnF+RAgxaoTYtQIDAQABo1MwUTAdBgNVHQ4EFgQUJRYZqObSPgJwhaNgn3DOv3rUiFcwHwYDVR0jBBgwFoAUJRYZqObSPgJwhaNgn3DOv3rUiFcwDwYDVR0TAQH/BAUwAwEB/zANBgkqhkiG9w0BAQsFAAOCAQEAsuxNwChX7pSIhdzF/EGcOqMtWXXWB3efWJuVnifb7cab07h6jbWSRn3k+kSEzkOyDgHhdAOaC1lEsvBtkjDAdF2UHsn/bRxOyKcBm7zUz9Q1oDJmimXoBqGP3xGi0T6aKEShFVUQ9F+tZarE0eds0Bp8h8LPvGEqA1auPILtcALRWkiWKiwhuAHm+KMKIigFjYz8H5/yeyAoYcJPsXvylVzoT7G+8CdeahCJcyUf0w3xfBPXUprI1BEoODXnP/mg2Kdc/r6OzPsT/xX1UyULJtKoZgsuQDlNvj7yagR1CWdX8sFp6XGPulyVJLKyGRlnoIdDgyVAAYhWHt/cCOq/yg==";
const SHA256: &str = "df:68:73:cf:ec:68:b0:95:f9:64:03:1a:7b:37:82:58:b9:b4:f1:87:85:cd:8d:83:8c:8b:0a:12:7b:dd:0f:0d";
const SHA1: &str = "24:a8:f1:43:4c:d7:60:29:62:12:82:43:72:1e:6b:05:f9:56:00:01";

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
        let name = row.text("name");
        for (column, value) in [
            ("fingerprint_sha256", json!(SHA256)),
            ("fingerprint_sha1", json!(SHA1)),
            ("cert_expiry", json!("2036-11-19T00:17:10Z")),
            (
                "cert_subject",
                json!(format!("OU=Self-signed,O=authentik,CN={name}")),
            ),
        ] {
            key.insert(column.to_owned(), if details { value } else { Value::Null });
        }
        let kind = if row.flag("private_key_available") {
            json!("rsa")
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
