//! The query of a proxied read: names that the operation has, values that every reader reads alike.

use std::{collections::HashMap, sync::LazyLock};

use authentik_api::OperationId;
use http::{StatusCode, Uri};

use crate::refusal::Refusal;

/// The longest query that is passed on.
const MAX_QUERY: usize = 8 * 1024;

/// Query parameters of the operations of class `Read`, in any release line: one operation a line, its
/// id and its parameters. Made from authentik's API schemas; a test compares them. It stands here and
/// not in the catalogue, because the browser has no use for it.
static PARAMETERS: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    let lines = include_str!("query_keys.txt").lines();
    lines.filter_map(|line| line.split_once(' ')).collect()
});

/// Parameters that no schema tells of and authentik heeds all the same, as our own client uses them: members
/// are left out of the groups in bindings (trap T22).
const UNTOLD: [(&str, &str); 1] = [("policies_bindings_list", "include_users")];

/// The query as it came, with its question mark.
///
/// # Errors
/// When a name is not one of the operation's parameters, or a value could be read in two ways.
pub(super) fn check(operation: OperationId, uri: &Uri) -> Result<String, Refusal> {
    let Some(query) = uri.query().filter(|query| !query.is_empty()) else {
        return Ok(String::new());
    };
    if query.len() > MAX_QUERY {
        return Err(bad("The query is longer than 8 kB."));
    }
    for pair in query.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        if !is_name(name) {
            return Err(bad(
                "A name in the query may have lower-case letters, digits and underscores only.",
            ));
        }
        if !is_value(value) {
            return Err(bad(format!(
                "The value of {name} in the query has a control character, or one that must be \
                 percent-encoded."
            )));
        }
        if !is_parameter(operation, name) {
            return Err(Refusal::new(
                StatusCode::BAD_REQUEST,
                "unknown_query",
                format!("This operation has no query parameter {name:?} in any version."),
            ));
        }
    }
    Ok(format!("?{query}"))
}

fn bad(message: impl Into<String>) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, "bad_query", message)
}

fn is_name(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    !name.is_empty() && name.bytes().all(fits)
}

pub(super) fn is_parameter(operation: OperationId, name: &str) -> bool {
    let id = operation.get().id;
    let told = PARAMETERS.get(id);
    told.is_some_and(|names| names.split(' ').any(|known| known == name))
        || UNTOLD.contains(&(id, name))
}

/// Whether `value` has RFC 3986's characters of a query without the semicolon, which some take for
/// another `&`, and encodes no control character.
fn is_value(value: &str) -> bool {
    let mut bytes = value.bytes();
    while let Some(byte) = bytes.next() {
        let fits = match byte {
            b'%' => {
                let mut digit = || bytes.next().and_then(|byte| char::from(byte).to_digit(16));
                match (digit(), digit()) {
                    (Some(high), Some(low)) => high * 16 + low >= 0x20 && high * 16 + low != 0x7f,
                    _ => false,
                }
            }
            byte => byte.is_ascii_alphanumeric() || b"-._~!$'()*+,=:@/?".contains(&byte),
        };
        if !fits {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, collections::BTreeSet, fs::File, path::Path};

    use authentik_api::operation::{self, CATALOGUE, Class, Method};
    use flate2::read::GzDecoder;
    use serde_json::Value;

    use super::*;

    const USERS: OperationId = operation::named("core_users_list");

    fn of(text: &str) -> Result<String, Refusal> {
        check(USERS, &text.parse().unwrap())
    }

    #[test]
    fn check_leaves_a_good_query_as_it_is() {
        for query in ["", "?"] {
            assert_eq!(of(&format!("/x{query}")), Ok(String::new()));
        }
        for query in [
            "?search=a%26b+c&page_size=5",
            "?search=%C3%BC%3B%22&ordering=-name",
            "?is_active",
            "?is_active=",
            "?groups_by_pk=1&groups_by_pk=2",
            "?attributes=%7B%22a%22:1%7D",
        ] {
            assert_eq!(of(&format!("/x{query}")), Ok(query.to_owned()));
        }
    }

    #[test]
    fn check_refuses_what_the_operation_does_not_have() {
        for query in [
            "a=1",
            "format=api",
            "_method=delete",
            "search=x&slug=y",
            "page__size=1",
        ] {
            let refusal = of(&format!("/x?{query}")).unwrap_err();
            assert_eq!(refusal.status, StatusCode::BAD_REQUEST, "{query}");
        }
        assert!(
            check(
                operation::named("core_users_retrieve"),
                &"/x?search=a".parse().unwrap()
            )
            .is_err()
        );
    }

    #[test]
    fn check_refuses_what_can_be_read_in_two_ways() {
        for query in [
            "Search=1",
            "se%61rch=1",
            "a-b=1",
            "=1",
            "search=1&&page=2",
            "search[]=1",
            "search;b=1",
            "search=a;page=1",
            "search=%00",
            "search=a%0d%0ab",
            "search=%7f",
            "search=%",
            "search=%2",
            "search=%zz",
            "search=\"",
            "search=\\",
            "search=a|b",
        ] {
            // What is no URI at all does not get so far.
            let Ok(uri) = format!("/x?{query}").parse() else {
                continue;
            };
            assert!(check(USERS, &uri).is_err(), "{query}");
        }
        assert!(of(&format!("/x?search={}", "1".repeat(MAX_QUERY))).is_err());
    }

    /// Every parameter that some version declares, and no other.
    #[test]
    fn parameters_are_those_of_the_openapi_documents() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/schemas");
        if !folder.is_dir() {
            assert!(std::env::var_os("CI").is_none(), "no ../shared on CI");
            println!("skipped: no ../shared");
            return;
        }
        let reads: BTreeMap<_, _> = CATALOGUE
            .iter()
            .filter(|row| row.method == Method::Get && row.class == Class::Read)
            .map(|row| (row.template, row.id))
            .collect();
        let mut declared: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let file = GzDecoder::new(File::open(entry.unwrap().path()).unwrap());
            let document: Value = serde_json::from_reader(file).unwrap();
            for (template, item) in document["paths"].as_object().unwrap() {
                let Some(id) = reads.get(template.as_str()) else {
                    continue;
                };
                let list = item["get"]["parameters"].as_array();
                for parameter in list.into_iter().flatten() {
                    let parameter = match parameter["$ref"].as_str() {
                        Some(reference) => document.pointer(&reference[1..]).unwrap(),
                        None => parameter,
                    };
                    if parameter["in"] == "query" {
                        let name = parameter["name"].as_str().unwrap().to_owned();
                        declared.entry(id).or_default().insert(name);
                    }
                }
            }
        }
        let ours: BTreeMap<&str, BTreeSet<String>> = PARAMETERS
            .iter()
            .map(|(id, names)| (*id, names.split(' ').map(str::to_owned).collect()))
            .collect();
        assert_eq!(ours, declared);
        let count: usize = ours.values().map(BTreeSet::len).sum();
        println!(
            "{count} query parameters of {} operations equal the schemas",
            ours.len()
        );
    }
}
