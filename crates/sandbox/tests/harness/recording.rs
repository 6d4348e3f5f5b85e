//! Reading the recordings, and knowing what of them the sandbox serves.

use regex::Regex;
use sandbox::Version;
use serde::Deserialize;
use serde_json::Value;
use std::path::PathBuf;
use std::sync::LazyLock;

#[derive(Debug, Clone)]
pub(crate) struct Exchange {
    pub(crate) number: usize,
    pub(crate) note: String,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) auth: Option<String>,
    pub(crate) content_type: Option<String>,
    pub(crate) body: Value,
    pub(crate) status: u16,
    pub(crate) answer_type: String,
    pub(crate) answer: Value,
    pub(crate) location: Option<String>,
    pub(crate) allow: Option<String>,
    pub(crate) challenge: Option<String>,
}

/// The folder of the recordings; nothing outside the project's usual surroundings.
///
/// # Panics
/// Where it is missing although the environment says this is CI.
pub(crate) fn folder() -> Option<PathBuf> {
    let folder = PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/recordings"
    ));
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(std::env::var_os("CI").is_none(), "../shared is missing");
    println!("skipped: no ../shared");
    None
}

/// Every scenario name of a version.
pub(crate) fn scenarios(version: Version) -> Vec<String> {
    let Some(folder) = folder() else {
        return Vec::new();
    };
    let mut names: Vec<String> = std::fs::read_dir(folder.join(version.short()))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter_map(|name| name.strip_suffix(".json").map(str::to_owned))
        .filter(|name| !name.contains(".part"))
        .collect();
    names.sort();
    names
}

/// All parts of a scenario.
pub(crate) fn load(version: Version, scenario: &str) -> Vec<Exchange> {
    let folder = folder().unwrap().join(version.short());
    let mut exchanges = Vec::new();
    for part in 1.. {
        let name = if part == 1 {
            format!("{scenario}.json")
        } else {
            format!("{scenario}.part{part}.json")
        };
        let Ok(text) = std::fs::read_to_string(folder.join(name)) else {
            break;
        };
        let file: Value = serde_json::from_str(&text).unwrap();
        let orders: Queries = serde_json::from_str(&text).unwrap();
        for (exchange, query) in file["exchanges"]
            .as_array()
            .unwrap()
            .iter()
            .zip(orders.exchanges)
        {
            exchanges.push(parse(exchange, query.request.query.0, exchanges.len()));
        }
    }
    exchanges
}

/// The queries alone, in the order in which their parameters were sent.
#[derive(Deserialize)]
struct Queries {
    exchanges: Vec<Query>,
}

#[derive(Deserialize)]
struct Query {
    request: QueryOf,
}

#[derive(Deserialize)]
struct QueryOf {
    #[serde(default)]
    query: Ordered,
}

#[derive(Default)]
struct Ordered(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Ordered {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> serde::de::Visitor<'de> for Pairs {
            type Value = Ordered;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object or null")
            }
            fn visit_unit<E>(self) -> Result<Ordered, E> {
                Ok(Ordered::default())
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(
                self,
                mut map: A,
            ) -> Result<Ordered, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Ordered(pairs))
            }
        }
        deserializer.deserialize_any(Pairs)
    }
}

fn parse(exchange: &Value, order: Vec<(String, Value)>, number: usize) -> Exchange {
    let (request, response) = (&exchange["request"], &exchange["response"]);
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let mut query = Vec::new();
    for (name, value) in order {
        match value {
            Value::Array(values) => {
                query.extend(
                    values
                        .iter()
                        .map(|value| (name.clone(), value.as_str().unwrap().to_owned())),
                );
            }
            value => query.push((name, value.as_str().unwrap().to_owned())),
        }
    }
    let headers = request["headers"].as_object().into_iter().flatten();
    Exchange {
        number,
        note: exchange["note"].as_str().unwrap_or_default().to_owned(),
        method: text(&request["method"]).unwrap(),
        path: text(&request["path"]).unwrap(),
        query,
        headers: headers
            .map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()))
            .collect(),
        auth: text(&request["auth"]),
        content_type: text(&request["content_type"]),
        body: request["body"].clone(),
        status: u16::try_from(response["status"].as_u64().unwrap()).unwrap(),
        answer_type: text(&response["content_type"]).unwrap_or_default(),
        answer: response["body"].clone(),
        location: text(&response["headers"]["Location"]),
        allow: text(&response["headers"]["Allow"]),
        challenge: text(&response["headers"]["WWW-Authenticate"]),
    }
}

/// Addresses of real operations that the sandbox does not offer.
static UNSERVED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)^/api/v3/(
            core/application_entitlements
          | core/users/(paths|[^/]+/(recovery|recovery_email|set_password|impersonate|metrics))
          | core/applications/[^/]+/metrics
          | providers/(proxy|saml|ldap|scim|radius|rac)/
          | [a-z]+/all/types/
          | flows/(bindings|executor|inspector)
          | stages/
          | policies/(all/$|password|reputation|event_matcher|dummy|geoip)
          | propertymappings/all
          | sources/ | managed/ | tasks/ | oauth2/ | authenticators/
          | events/(rules|transports|notifications|events/(actions|volume|top_per_user|per_month))
          | admin/system
          | crypto/certificatekeypairs/generate
          | outposts/service_connections
          | outposts/instances/[^/]+/used_by
        )
        | ^/flows/ | ^/if/",
    )
    .unwrap()
});

/// Whether the exchange calls something that the sandbox does not claim to offer.
pub(crate) fn unserved(exchange: &Exchange, version: Version) -> bool {
    // The metrics of an application are gone since 2025.8, and that is served.
    let gone = exchange.path.ends_with("/metrics/") && version != Version::V2023_10;
    // The executor answers for the flows that ask nothing.
    let silent = exchange.path.ends_with("-implicit-consent/")
        || exchange.path.ends_with("/default-invalidation-flow/");
    let silent = silent && exchange.path.contains("/flows/executor/");
    (UNSERVED.is_match(&exchange.path) && !gone && !silent)
        || (exchange.path.contains("/crypto/certificatekeypairs/") && exchange.method != "GET")
        // A description of the fields, which no client of ours asks for.
        || (exchange.method == "OPTIONS" && exchange.auth.is_none())
}
