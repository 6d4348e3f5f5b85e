//! What must hold of the read proxy for any input.

use authentik_api::operation::{CATALOGUE, Class, LADDER, Method, Minor};
use bytes::Bytes;
use http::Uri;
use serde_json::Value;
use setup::Secret;
use url::{Url, form_urlencoded};

use super::{mask, query, target};

/// An address that gets through is a read of the catalogue, spelled in the one way that every program on
/// the way reads alike.
pub(crate) fn address(data: &[u8]) {
    let Ok(uri) = Uri::try_from(data) else { return };
    let Ok((operation, target)) = target(&uri) else {
        return;
    };
    let row = operation.get();
    assert_eq!((row.method, row.class), (Method::Get, Class::Read), "{uri}");
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    is_one_spelling(path);
    is_joined_alike(&target);

    // What goes out comes in again as the same.
    let again: Result<Uri, _> = target.parse();
    let again = again
        .ok()
        .and_then(|uri| super::target(&uri).ok())
        .map(|(found, target)| (found.get().id, target));
    assert_eq!(again, Some((row.id, target.clone())), "{uri}");

    let raw: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty()).collect();
    let pairs: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
    assert_eq!(raw.len(), pairs.len(), "{target}");
    for (raw, (name, value)) in raw.iter().zip(pairs) {
        assert!(raw.starts_with(name.as_ref()), "{target}");
        assert!(!raw.contains(';'), "{target}");
        assert!(query::is_parameter(operation, &name), "{target}");
        assert!(!value.contains(|c: char| c.is_ascii_control()), "{target}");
    }
}

/// No dot segment, no empty one, nothing that is encoded twice or hides a separator.
fn is_one_spelling(path: &str) {
    assert!(path.starts_with("/api/v3/"), "{path}");
    let plain = |byte: u8| byte.is_ascii_graphic() && !b";\\?#\"<>^`{|}".contains(&byte);
    assert!(path.bytes().all(plain), "{path}");
    let lower = path.to_ascii_lowercase();
    for hidden in ["//", "%2f", "%5c", "%3b", "%25", "%2e", "%7f"] {
        assert!(!lower.contains(hidden), "{path}");
    }
    for escape in lower.split('%').skip(1) {
        let high = escape.bytes().next();
        assert!(!matches!(high, None | Some(b'0' | b'1')), "{path}");
    }
    let dots = |segment: &str| matches!(segment, "." | "..");
    assert!(!path.split('/').any(dots), "{path}");
}

/// A browser's reading of the address, below any base, is the address.
fn is_joined_alike(target: &str) {
    for base in ["http://authentik.example:9000/", "https://a.example/x/y/"] {
        let joined = Url::parse(base).and_then(|base| base.join(target));
        let joined = joined.as_ref().map(|url| {
            let query = url.query().map(|query| format!("?{query}"));
            let host = url.host_str().unwrap_or_default().to_owned();
            (host, format!("{}{}", url.path(), query.unwrap_or_default()))
        });
        let host = base.split(['/', ':']).nth(3).unwrap_or_default();
        // An apostrophe in a query is the one character that browsers encode and others do not.
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mark = if target.contains('?') { "?" } else { "" };
        let expected = format!("{path}{mark}{}", query.replace('\'', "%27"));
        assert_eq!(joined, Ok((host.to_owned(), expected)));
    }
}

/// A masked answer has no secret left, and is else the same.
pub(crate) fn masking(data: &[u8]) {
    let [number, line, body @ ..] = data else {
        return;
    };
    let reads = CATALOGUE.iter().filter(|row| row.class == Class::Read);
    let operation = reads
        .cycle()
        .nth(usize::from(*number))
        .and_then(|row| authentik_api::OperationId::from_name(row.id));
    let line = LADDER.get(usize::from(*line)).copied();
    let Some(operation) = operation else { return };
    let fields = mask::fields(operation, line.unwrap_or(Minor::new(2031, 2)));
    let Ok(masked) = mask::mask(&Bytes::copy_from_slice(body), fields) else {
        return;
    };
    if masked.is_empty() {
        assert!(body.is_empty());
        return;
    }
    let before = serde_json::from_slice(body);
    let after = serde_json::from_slice(&masked);
    assert!(before.is_ok() && after.is_ok());
    let (before, after): (Value, Value) = (
        before.unwrap_or_default(),
        after.unwrap_or(Value::Bool(false)),
    );
    is_masked(&before, &after, fields);
}

fn is_masked(before: &Value, after: &Value, fields: &[&str]) {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            assert!(before.keys().eq(after.keys()));
            for ((key, before), after) in before.iter().zip(after.values()) {
                if fields.contains(&key.as_str()) && !before.is_null() && !before.is_boolean() {
                    assert_eq!(after, &Value::from(Secret::MASK));
                } else {
                    is_masked(before, after, fields);
                }
            }
        }
        (Value::Array(before), Value::Array(after)) => {
            assert_eq!(before.len(), after.len());
            for (before, after) in before.iter().zip(after) {
                is_masked(before, after, fields);
            }
        }
        (before, after) => assert_eq!(before, after),
    }
}

#[cfg(test)]
mod tests {
    /// Or the fuzz target would look at nothing.
    #[test]
    #[should_panic(expected = "/api/v3/core/../users/")]
    fn spelling_with_a_dot_segment_is_noticed() {
        super::is_one_spelling("/api/v3/core/../users/");
    }

    #[test]
    #[should_panic(expected = "assertion")]
    fn joining_that_changes_the_path_is_noticed() {
        super::is_joined_alike(&[crate::proxy::ROOT, "/core/%2e%2e/users/"].concat());
    }
}
