//! Exchanges recorded from live authentik servers.

use std::{collections::BTreeMap, fs, path::Path};

use serde::Deserialize;
use serde_json::Value;

/// One recorded request and its answer.
#[derive(Debug, Clone)]
pub(crate) struct Exchange {
    /// Folder of the recording, a release line: `2025.10`.
    pub(crate) version: String,
    /// `applications_crud`.
    pub(crate) scenario: String,
    /// Position in the scenario, from 0 on, across the files of a scenario.
    pub(crate) index: usize,
    /// What the exchange is about.
    pub(crate) note: String,
    /// `GET` …
    pub(crate) method: String,
    /// Absolute path as sent, without query.
    pub(crate) path: String,
    /// Query pairs; a repeated parameter gives several.
    pub(crate) query: Vec<(String, String)>,
    /// The request's body; a string where it was no JSON.
    pub(crate) body: Option<Value>,
    /// Who asked; `None` is the superuser's token.
    pub(crate) auth: Option<String>,
    /// The request's content type where it was not JSON.
    pub(crate) request_type: Option<String>,
    /// HTTP status of the answer.
    pub(crate) status: u16,
    /// Content type of the answer.
    pub(crate) content_type: String,
    /// The answer's body; `None` when empty, a string where it was no JSON.
    pub(crate) response: Option<Value>,
}

impl Exchange {
    /// The path below `/api/v3`, if the request went to the API.
    pub(crate) fn api_path(&self) -> Option<&str> {
        self.path
            .strip_prefix("/api/v3")
            .filter(|path| path.starts_with('/'))
    }

    /// Names the exchange in messages.
    pub(crate) fn label(&self) -> String {
        let Self {
            version,
            scenario,
            index,
            method,
            path,
            status,
            ..
        } = self;
        format!(
            "{version}/{scenario}[{index}] {method} {path} {status}: {}",
            self.note
        )
    }
}

/// All exchanges, by version, scenario and position.
pub(crate) fn load() -> Option<Vec<Exchange>> {
    let folder = super::shared()?.join("recordings");
    let mut exchanges = Vec::new();
    for version in entries(&folder)
        .into_iter()
        .filter(|name| folder.join(name).is_dir())
    {
        read_version(&folder.join(&version), &version, &mut exchanges);
    }
    assert!(!exchanges.is_empty(), "the recordings are empty");
    Some(exchanges)
}

fn read_version(folder: &Path, version: &str, exchanges: &mut Vec<Exchange>) {
    // `<scenario>.json`, `<scenario>.part2.json` …: ordered by scenario, then by part
    let mut files: BTreeMap<(String, u32), String> = BTreeMap::new();
    for name in entries(folder) {
        let stem = name
            .strip_suffix(".json")
            .unwrap_or_else(|| panic!("{name} is not a recording"));
        let (scenario, part) = stem.split_once(".part").unwrap_or((stem, "1"));
        files.insert((scenario.to_owned(), part.parse().unwrap()), name);
    }
    let mut last = (String::new(), 0);
    for ((scenario, part), name) in files {
        let text = fs::read_to_string(folder.join(&name)).unwrap();
        let file: File = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
        if last.0 != scenario {
            assert_eq!(part, 1, "{name} has no first part");
            last = (scenario.clone(), 0);
        }
        for recorded in file.exchanges {
            exchanges.push(recorded.into_exchange(version, &scenario, last.1));
            last.1 += 1;
        }
    }
}

fn entries(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[derive(Deserialize)]
struct File {
    exchanges: Vec<Recorded>,
}

#[derive(Deserialize)]
struct Recorded {
    note: String,
    request: Request,
    response: Response,
}

#[derive(Deserialize)]
struct Request {
    method: String,
    path: String,
    #[serde(default)]
    query: BTreeMap<String, OneOrMany>,
    body: Option<Value>,
    auth: Option<String>,
    content_type: Option<String>,
}

#[derive(Deserialize)]
struct Response {
    status: u16,
    content_type: Option<String>,
    body: Option<Value>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl Recorded {
    fn into_exchange(self, version: &str, scenario: &str, index: usize) -> Exchange {
        let Self {
            note,
            request,
            response,
        } = self;
        let mut query = Vec::new();
        for (name, value) in request.query {
            match value {
                OneOrMany::One(value) => query.push((name, value)),
                OneOrMany::Many(values) => {
                    query.extend(values.into_iter().map(|value| (name.clone(), value)));
                }
            }
        }
        Exchange {
            version: version.to_owned(),
            scenario: scenario.to_owned(),
            index,
            note,
            method: request.method,
            path: request.path,
            query,
            body: request.body,
            auth: request.auth,
            request_type: request.content_type,
            status: response.status,
            content_type: response.content_type.unwrap_or_default(),
            response: response.body,
        }
    }
}
