//! What the tests counted: recordings decoded, requests validated, exchanges replayed …

use std::{collections::BTreeSet, fs};

use anyhow::{Context as _, Result};

use crate::workspace;

/// The lines with a number that passing tests print, from nextest's report, each with the test's name.
///
/// # Errors
/// When there is no report.
pub(crate) fn of_tests() -> Result<Vec<String>> {
    let path = workspace::target().join("nextest/default/tests.xml");
    let report =
        fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
    Ok(lines(&report))
}

fn lines(report: &str) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut lines = Vec::new();
    for case in report.split("<testcase ").skip(1) {
        let name = between(case, "name=\"", "\"")
            .map(unescape)
            .unwrap_or_default();
        let Some(printed) = between(case, "<system-out>", "</system-out>") else {
            continue;
        };
        for line in unescape(printed)
            .lines()
            .map(|line| line.trim().trim_start_matches("counts: "))
            .filter(|line| is_count(line))
        {
            if seen.insert(line.to_owned()) {
                lines.push(format!("{line}   ({name})"));
            }
        }
    }
    lines
}

/// A short line of the test's own that holds a number; the test harness's lines are not counts.
fn is_count(line: &str) -> bool {
    let own = !line.starts_with("running ")
        && !line.starts_with("test ")
        && !line.starts_with("failures:");
    let log = line.starts_with('{') || line.contains("\u{1b}[");
    own && !log && line.len() <= 240 && line.chars().any(|c| c.is_ascii_digit())
}

fn between<'t>(text: &'t str, start: &str, end: &str) -> Option<&'t str> {
    text.split_once(start)?
        .1
        .split_once(end)
        .map(|(inside, _)| inside)
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_what_a_test_itself_counted() {
        let report = "<testcase name=\"decodes\" time=\"1\"><system-out>running 1 test\n\
                      counts: 3081 recorded requests &lt;ok&gt;\nno number\ntest decodes ... ok\n\
                      test result: ok. 1 passed\n</system-out></testcase><testcase name=\"quiet\"/>";
        assert_eq!(lines(report), ["3081 recorded requests <ok>   (decodes)"]);
    }
}
