//! The few Python expressions the sandbox understands.
//!
//! There is no Python here. Known are the expressions of the recordings and of the managed scope mappings, and dictionaries
//! of constants and of the user's own attributes. Whatever else a policy says counts as an error while it runs, so its
//! binding gives its `failure_result`; whatever else a scope mapping says adds no claims.

use serde_json::{Map, Value, json};

/// How a policy ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ending {
    Returned(bool),
    Raised(String),
    /// Not understood: treated like an exception, without a message.
    Unsupported,
}

/// What a policy did: messages for the user, and its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) messages: Vec<String>,
    pub(crate) ending: Ending,
}

/// Who an expression is about.
#[derive(Debug, Clone)]
pub(crate) struct Person<'a> {
    pub(crate) username: &'a str,
    pub(crate) name: &'a str,
    pub(crate) email: &'a str,
    /// Names of the groups the user is a direct member of.
    pub(crate) groups: Vec<&'a str>,
    /// Names of all groups, ancestors included.
    pub(crate) all_groups: Vec<&'a str>,
}

/// Runs a policy expression.
pub(crate) fn policy(code: &str, person: &Person<'_>) -> Run {
    let mut messages = Vec::new();
    for line in code
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        if let Some(text) = quoted_argument(line, "ak_message(") {
            messages.push(text);
            continue;
        }
        let ending = match line.strip_prefix("return ") {
            Some("True") => Ending::Returned(true),
            Some("False") => Ending::Returned(false),
            Some("1 / 0") => Ending::Raised("division by zero".to_owned()),
            Some(rest) => condition(rest, person),
            None => Ending::Unsupported,
        };
        return Run { messages, ending };
    }
    Run {
        messages,
        ending: Ending::Unsupported,
    }
}

fn condition(code: &str, person: &Person<'_>) -> Ending {
    if let Some(name) = code
        .strip_prefix("request.user.username == ")
        .and_then(literal)
    {
        return Ending::Returned(name == json!(person.username));
    }
    let group = code
        .strip_prefix("ak_is_group_member(request.user, name=")
        .and_then(|rest| rest.strip_suffix(')'));
    match group.and_then(literal) {
        Some(Value::String(group)) => Ending::Returned(person.all_groups.contains(&group.as_str())),
        _ => Ending::Unsupported,
    }
}

fn quoted_argument(line: &str, call: &str) -> Option<String> {
    match literal(line.strip_prefix(call)?.strip_suffix(')')?)? {
        Value::String(text) => Some(text),
        _ => None,
    }
}

/// The claims of a scope mapping; none where the expression is not understood.
pub(crate) fn claims(code: &str, person: &Person<'_>) -> Map<String, Value> {
    let body: String = code
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'))
        .collect::<Vec<_>>()
        .join("\n");
    dictionary(
        body.trim()
            .strip_prefix("return")
            .unwrap_or_default()
            .trim(),
        person,
    )
    .unwrap_or_default()
}

fn dictionary(code: &str, person: &Person<'_>) -> Option<Map<String, Value>> {
    let inner = code.strip_prefix('{')?.strip_suffix('}')?;
    let mut claims = Map::new();
    for entry in split(inner) {
        let (key, value) = entry.split_once(':')?;
        let Value::String(key) = literal(key.trim())? else {
            return None;
        };
        claims.insert(key, value_of(value.trim(), person)?);
    }
    Some(claims)
}

/// Splits at commas outside brackets and quotes.
fn split(code: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut quote, mut start) = (Vec::new(), 0_i32, None, 0);
    for (at, letter) in code.char_indices() {
        match (quote, letter) {
            (Some(open), _) => quote = Some(open).filter(|open| letter != *open),
            (None, '"' | '\'') => quote = Some(letter),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth -= 1,
            (None, ',') if depth == 0 => {
                parts.push(code.get(start..at).unwrap_or_default());
                start = at + 1;
            }
            (None, _) => {}
        }
    }
    parts.push(code.get(start..).unwrap_or_default());
    parts
        .into_iter()
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect()
}

fn value_of(code: &str, person: &Person<'_>) -> Option<Value> {
    if let Some(value) = literal(code) {
        return Some(value);
    }
    if code.starts_with('[') && code.contains(".name for ") && code.contains(" in request.user.") {
        let known = code.ends_with(".ak_groups.all()]") || code.ends_with(".groups.all()]");
        return known.then(|| json!(person.groups));
    }
    if code.starts_with('{') {
        return dictionary(code, person).map(Value::Object);
    }
    match code {
        "request.user.username" => Some(json!(person.username)),
        "request.user.name" => Some(json!(person.name)),
        "request.user.email" => Some(json!(person.email)),
        _ => None,
    }
}

fn literal(code: &str) -> Option<Value> {
    match code {
        "True" => return Some(json!(true)),
        "False" => return Some(json!(false)),
        "None" => return Some(Value::Null),
        "[]" => return Some(json!([])),
        _ => {}
    }
    if let Ok(number) = code.parse::<i64>() {
        return Some(json!(number));
    }
    let quote = code.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let inner = code.strip_prefix(quote)?.strip_suffix(quote)?;
    (!inner.contains(quote) && !inner.contains('\\')).then(|| json!(inner))
}

/// The innermost bracket that is never closed, and its line (from one). Brackets inside quotes and comments do not count.
pub(crate) fn unclosed(code: &str) -> Option<(char, usize)> {
    let (mut open, mut quote, mut comment, mut line) = (Vec::new(), None, false, 1);
    for letter in code.chars() {
        match (quote, letter) {
            (_, '\n') => {
                line += 1;
                comment = false;
                quote = None;
            }
            _ if comment => {}
            (Some(open), _) => quote = Some(open).filter(|open| letter != *open),
            (None, '#') => comment = true,
            (None, '"' | '\'') => quote = Some(letter),
            (None, '(' | '[' | '{') => open.push((letter, line)),
            (None, ')' | ']' | '}') => {
                open.pop();
            }
            (None, _) => {}
        }
    }
    open.pop()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sam() -> Person<'static> {
        Person {
            username: "sam",
            name: "Sam",
            email: "sam@example.org",
            groups: vec!["b"],
            all_groups: vec!["b", "a"],
        }
    }

    #[test]
    fn policies() {
        assert_eq!(policy("return True", &sam()).ending, Ending::Returned(true));
        let run = policy("ak_message('sorry')\nreturn False", &sam());
        assert_eq!(
            (run.messages, run.ending),
            (vec!["sorry".to_owned()], Ending::Returned(false))
        );
        assert_eq!(
            policy("return request.user.username == 'sam'", &sam()).ending,
            Ending::Returned(true)
        );
        assert_eq!(
            policy(
                "return ak_is_group_member(request.user, name=\"a\")",
                &sam()
            )
            .ending,
            Ending::Returned(true)
        );
        assert_eq!(
            policy("return 1 / 0", &sam()).ending,
            Ending::Raised("division by zero".to_owned())
        );
        assert_eq!(policy("import os", &sam()).ending, Ending::Unsupported);
    }

    #[test]
    fn mappings() {
        let code = "return {\n  \"email\": request.user.email,\n  \"email_verified\": True,\n}";
        assert_eq!(
            Value::Object(claims(code, &sam())),
            json!({"email": "sam@example.org", "email_verified": true})
        );
        let code = "return {\"groups\": [g.name for g in request.user.ak_groups.all()], \"x\": {\"y\": 1}}";
        assert_eq!(
            Value::Object(claims(code, &sam())),
            json!({"groups": ["b"], "x": {"y": 1}})
        );
        assert_eq!(claims("x = 1\nreturn x", &sam()), Map::new());
    }

    #[test]
    fn brackets() {
        assert_eq!(unclosed("return ("), Some(('(', 1)));
        assert_eq!(unclosed("return {\"a\": \"(\"} # ["), None);
    }
}
