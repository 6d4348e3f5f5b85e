//! authentik's error bodies, all shapes of the fact sheet §2.2.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What an error answer says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Problem {
    /// `{"detail": "…"}`: authentication, permission, not found, method, syntax.
    Detail(String),
    /// Messages per field. The key is a dotted path (`provider.name`, `redirect_uris.1.url`);
    /// `non_field_errors` and the empty path concern the whole body.
    Fields(BTreeMap<String, Vec<String>>),
    /// `["…"]` or a bare string: messages about no field.
    Messages(Vec<String>),
    /// An empty 400: the request was refused without a word (a password, an icon without file).
    Silent,
    /// An unhandled error inside authentik. On GET a 500 page; on writes a 405 with an empty body,
    /// since the error page accepts GET only (recordings, observation 1). The same empty 405
    /// answers a write to an unknown path.
    ServerError,
}

impl Problem {
    /// Parses the body of an answer with an error status. `None` when the body is a web page or
    /// anything else the API does not answer with.
    pub fn parse(status: u16, body: &[u8]) -> Option<Self> {
        if body.is_empty() {
            return match status {
                405 => Some(Self::ServerError),
                400..=499 => Some(Self::Silent),
                _ => None,
            };
        }
        match serde_json::from_slice::<Value>(body) {
            Err(_) => (status == 500).then_some(Self::ServerError),
            Ok(Value::String(text)) => Some(Self::Messages(vec![text])),
            Ok(Value::Array(items)) => {
                let mut fields = BTreeMap::new();
                flatten("", &Value::Array(items), &mut fields);
                match (fields.len(), fields.remove("")) {
                    (1, Some(messages)) => Some(Self::Messages(messages)),
                    (_, whole) => {
                        fields.extend(whole.map(|messages| (String::new(), messages)));
                        Some(Self::Fields(fields))
                    }
                }
            }
            Ok(Value::Object(map)) => {
                if let (1, Some(Value::String(detail))) =
                    (map.len(), map.get("detail").or_else(|| map.get("error")))
                {
                    return Some(Self::Detail(detail.clone()));
                }
                let mut fields = BTreeMap::new();
                flatten("", &Value::Object(map), &mut fields);
                Some(Self::Fields(fields))
            }
            Ok(_) => None,
        }
    }

    /// The messages in one line, with the field in front where one is named.
    pub fn summary(&self) -> String {
        match self {
            Self::Detail(text) => text.clone(),
            Self::Messages(messages) => messages.join(" "),
            Self::Silent => "refused without giving a reason".to_owned(),
            Self::ServerError => {
                "authentik met an internal error (see its own log for details)".to_owned()
            }
            Self::Fields(fields) => {
                let lines: Vec<String> = fields
                    .iter()
                    .map(|(path, messages)| {
                        let text = messages.join(" ");
                        match path.as_str() {
                            "" | "non_field_errors" => text,
                            path => format!("{path}: {text}"),
                        }
                    })
                    .collect();
                lines.join("; ")
            }
        }
    }

    /// The messages of one field; `path` as in [`Problem::Fields`].
    pub fn field(&self, path: &str) -> &[String] {
        match self {
            Self::Fields(fields) => fields.get(path).map_or(&[], Vec::as_slice),
            _ => &[],
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.summary())
    }
}

/// Collects the strings of a nested error value under their dotted paths. The empty objects that
/// stand for faultless members of a list leave nothing.
fn flatten(path: &str, value: &Value, fields: &mut BTreeMap<String, Vec<String>>) {
    let below = |key: &str| {
        if path.is_empty() {
            key.to_owned()
        } else {
            format!("{path}.{key}")
        }
    };
    match value {
        Value::Null => {}
        Value::String(text) => fields
            .entry(path.to_owned())
            .or_default()
            .push(text.clone()),
        Value::Object(map) => {
            for (key, value) in map {
                flatten(&below(key), value, fields);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                match item {
                    Value::Object(_) | Value::Array(_) => {
                        flatten(&below(&index.to_string()), item, fields);
                    }
                    item => flatten(path, item, fields),
                }
            }
        }
        other => fields
            .entry(path.to_owned())
            .or_default()
            .push(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Problem {
        Problem::Fields(
            pairs
                .iter()
                .map(|(k, v)| ((*k).to_owned(), vec![(*v).to_owned()]))
                .collect(),
        )
    }

    fn parse(status: u16, body: &str) -> Option<Problem> {
        Problem::parse(status, body.as_bytes())
    }

    #[test]
    fn problem_parses_every_shape_of_the_fact_sheet() {
        let cases = [
            (
                400,
                r#"{"name":["This field is required."]}"#,
                fields(&[("name", "This field is required.")]),
            ),
            (
                400,
                r#"{"for_user":"User not found"}"#,
                fields(&[("for_user", "User not found")]),
            ),
            (
                400,
                r#"["filter: failed to parse JSON"]"#,
                Problem::Messages(vec!["filter: failed to parse JSON".into()]),
            ),
            (
                400,
                r#"{"redirect_uris":[{},{"url":["Enter a valid URL."]}]}"#,
                fields(&[("redirect_uris.1.url", "Enter a valid URL.")]),
            ),
            (
                400,
                r#"{"provider":{"authorization_flow":["required"]}}"#,
                fields(&[("provider.authorization_flow", "required")]),
            ),
            (
                400,
                r#"{"error":"No email addresses provided"}"#,
                Problem::Detail("No email addresses provided".into()),
            ),
            (400, "", Problem::Silent),
            (
                403,
                r#"{"detail":"Token invalid/expired"}"#,
                Problem::Detail("Token invalid/expired".into()),
            ),
            (
                403,
                r#"{"provider":"User lacks permission"}"#,
                fields(&[("provider", "User lacks permission")]),
            ),
            (
                405,
                r#"{"detail":"Method \"GET\" not allowed."}"#,
                Problem::Detail("Method \"GET\" not allowed.".into()),
            ),
            (405, "", Problem::ServerError),
            (500, "<html>Server Error</html>", Problem::ServerError),
            (500, r#""text""#, Problem::Messages(vec!["text".into()])),
        ];
        for (status, body, expected) in cases {
            assert_eq!(parse(status, body), Some(expected), "{status} {body}");
        }
        assert_eq!(parse(404, "<html>Not Found</html>"), None);
        assert_eq!(parse(502, ""), None);
    }

    #[test]
    fn problem_summary_names_the_field() {
        let problem = parse(
            400,
            r#"{"app":{"slug":["taken"]},"non_field_errors":["x"]}"#,
        )
        .unwrap();
        assert_eq!(problem.summary(), "app.slug: taken; x");
        assert_eq!(problem.field("app.slug"), ["taken".to_owned()]);
    }
}
