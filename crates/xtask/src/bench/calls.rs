//! How many times authentik is called for one OpenID Connect set-up.

use std::{
    path::Path,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use super::{Measure, http, instance::Instance};

/// The log that tells of each call to authentik.
const LOG: &str = "info,authentik_reqwest=debug";

/// From a fresh server to the receipt: open the wizard's data, plan, apply. The checks that follow
/// are not part of it. Once for a group that is there, and once for a new one, which is one write more.
///
/// # Errors
/// When a set-up does not succeed.
pub(super) fn measure(program: &Path) -> Result<Vec<Measure>> {
    let existing = set_up(program, &json!({ "groups": ["engineering"] }))?;
    let new = set_up(program, &json!({ "new_groups": ["Grafana bench people"] }))?;
    let measure = |what, count: usize, budget, most| Measure {
        what,
        value: count.to_string(),
        budget,
        met: count <= most,
    };
    Ok(vec![
        measure("authentik calls of one set-up", existing, "≤ 8", 8),
        measure("the same with a new group", new, "≤ 8 + 1", 9),
    ])
}

/// Sets an application up and counts the calls that it took.
fn set_up(program: &Path, access: &Value) -> Result<usize> {
    let environment = [("OSTIARY_LOG", LOG), ("OSTIARY_LOG_FORMAT", "json")];
    let console = Instance::start(program, &["--demo"], &environment)?;
    console.ready()?;
    let cookie = console.cookie()?;
    let before = calls(&console.printed());
    let draft = json!({
        "preset": "grafana",
        "name": "Grafana bench",
        "base_url": "https://grafana-bench.example.com",
        "access": access,
    });
    let body = json!({ "kind": "oidc-application", "draft": draft });
    let planned = http::call(
        console.address(),
        "POST",
        "/api/changes",
        Some(&cookie),
        Some(&body),
    )?
    .json()?;
    let id = planned
        .get("id")
        .and_then(Value::as_str)
        .with_context(|| format!("no change set: {planned}"))?;
    let path = format!("/api/changes/{id}");
    http::call(
        console.address(),
        "POST",
        &format!("{path}/apply"),
        Some(&cookie),
        None,
    )?;
    wait_until_applied(&console, &path, &cookie)?;
    Ok(calls(&console.printed()) - before)
}

fn wait_until_applied(console: &Instance, path: &str, cookie: &str) -> Result<()> {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(20) {
        let change = console.get(path, Some(cookie))?.json()?;
        match change.get("state").and_then(Value::as_str) {
            Some("applied") => return Ok(()),
            Some("planned" | "applying") => thread::sleep(Duration::from_millis(50)),
            _ => bail!("the set-up failed: {change}"),
        }
    }
    bail!("the set-up did not end")
}

/// The calls that the log tells of: one entry for each that was answered or not.
fn calls(log: &str) -> usize {
    let entries = log
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let text = |entry: &Value, path: &str| {
        entry
            .pointer(path)
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    entries
        .filter(|entry| {
            let by_transport = text(entry, "/target")
                .is_some_and(|target| target.starts_with("authentik_reqwest"));
            let message = text(entry, "/fields/message").unwrap_or_default();
            by_transport
                && (message == "authentik answered" || message == "no answer from authentik")
        })
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_the_answers_that_the_transport_tells_of() {
        let log = r#"a line
{"target":"authentik_reqwest::transport","fields":{"message":"authentik answered"}}
{"target":"authentik_reqwest::transport","fields":{"message":"sent again"}}
{"target":"server","fields":{"message":"authentik answered"}}"#;
        assert_eq!(calls(log), 1);
    }
}
