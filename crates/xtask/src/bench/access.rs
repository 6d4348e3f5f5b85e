//! Who may open what, by the number of people: time, memory, and calls against a shell loop's.
//!
//! The numbers come from two benches of the crate `access`, which print one JSON object a line.

use std::process::Stdio;

use anyhow::{Context as _, Result, bail};
use serde::{Deserialize, de::DeserializeOwned};

use super::Measure;
use crate::process::{self, say};

/// What the answers cost.
#[derive(Deserialize)]
struct Size {
    users: u32,
    snapshot_bytes: u64,
    matrix_bytes: u64,
    matrix_peak_bytes: u64,
    matrix_ns: u64,
    explain_ns: u64,
    compare_ns: u64,
    diff_ns: u64,
}

/// What reading a snapshot costs, and a shell loop.
#[derive(Deserialize)]
struct Reading {
    users: u32,
    groups: u32,
    applications: u32,
    bindings: u32,
    load_calls: u32,
    load_ms: u64,
    load_peak_bytes: u64,
    load_held_bytes: u64,
    loop_calls: u32,
    loop_ms: u64,
}

/// Measures, prints two tables, and gives what has a budget.
///
/// # Errors
/// When a bench cannot be built or run, or prints something else.
pub(super) fn measure() -> Result<Vec<Measure>> {
    let sizes: Vec<Size> = numbers("size")?;
    let loads: Vec<Reading> = numbers("load")?;
    show_sizes(&sizes);
    show_loads(&loads);
    let size = sizes.iter().find(|it| it.users == 5_000);
    let load = loads.iter().find(|it| it.users == 5_000);
    let (size, load) = size.zip(load).context("5,000 users were not measured")?;
    Ok(vec![
        Measure {
            what: "matrix of 5,000 users × 200 applications",
            value: milliseconds(size.matrix_ns),
            budget: "≤ 10 ms",
            met: size.matrix_ns <= 10_000_000,
        },
        Measure {
            what: "calls to load it cold",
            value: load.load_calls.to_string(),
            budget: "< 60",
            met: load.load_calls < 60,
        },
    ])
}

/// The lines of a bench.
fn numbers<N: DeserializeOwned>(bench: &str) -> Result<Vec<N>> {
    let arguments = ["bench", "--quiet", "--package", "access", "--bench", bench];
    let output = process::command("cargo", &arguments)?
        .stderr(Stdio::inherit())
        .output()
        .context("cargo cannot be started")?;
    if !output.status.success() {
        bail!("the bench `{bench}` ended with {}", output.status);
    }
    read(&String::from_utf8_lossy(&output.stdout))
        .with_context(|| format!("the bench `{bench}` printed something else"))
}

fn read<N: DeserializeOwned>(printed: &str) -> Result<Vec<N>> {
    let lines = printed.lines().filter(|line| line.starts_with('{'));
    let numbers: Vec<N> = lines.map(serde_json::from_str).collect::<Result<_, _>>()?;
    if numbers.is_empty() {
        bail!("no numbers");
    }
    Ok(numbers)
}

fn show_sizes(sizes: &[Size]) {
    say("\nanswers, 200 applications, 200 groups (in brackets: times the line above)");
    say(format_args!(
        "{:>8}  {:>20}  {:>12}  {:>12}  {:>12}  {:>20}  {:>20}  {:>12}",
        "users",
        "matrix",
        "explain",
        "compare",
        "diff",
        "matrix memory",
        "while computed",
        "snapshot"
    ));
    let mut above: Option<&Size> = None;
    for size in sizes {
        let of = |field: fn(&Size) -> u64| grown(above.map(field), field(size));
        say(format_args!(
            "{:>8}  {:>12} {:<7}  {:>12}  {:>12}  {:>12}  {:>12} {:<7}  {:>12} {:<7}  {:>12}",
            size.users,
            milliseconds(size.matrix_ns),
            of(|it| it.matrix_ns),
            milliseconds(size.explain_ns),
            milliseconds(size.compare_ns),
            milliseconds(size.diff_ns),
            megabytes(size.matrix_bytes),
            of(|it| it.matrix_bytes),
            megabytes(size.matrix_peak_bytes),
            of(|it| it.matrix_peak_bytes),
            megabytes(size.snapshot_bytes),
        ));
        above = Some(size);
    }
}

fn show_loads(loads: &[Reading]) {
    say("\nreading it all, against a shell loop for one person, both on the sandbox");
    say(format_args!(
        "{:>8}  {:>7}  {:>13}  {:>9}  {:>6}  {:>9}  {:>20}  {:>9}  {:>11}  {:>9}",
        "users",
        "groups",
        "applications",
        "bindings",
        "calls",
        "time",
        "peak memory",
        "snapshot",
        "loop: calls",
        "time"
    ));
    let mut above: Option<&Reading> = None;
    for load in loads {
        say(format_args!(
            "{:>8}  {:>7}  {:>13}  {:>9}  {:>6}  {:>6} ms  {:>12} {:<7}  {:>9}  {:>11}  {:>6} ms",
            load.users,
            load.groups,
            load.applications,
            load.bindings,
            load.load_calls,
            load.load_ms,
            megabytes(load.load_peak_bytes),
            grown(above.map(|it| it.load_peak_bytes), load.load_peak_bytes),
            megabytes(load.load_held_bytes),
            load.loop_calls,
            load.loop_ms,
        ));
        above = Some(load);
    }
}

/// How many times as much as before: `(×9.8)`.
fn grown(before: Option<u64>, now: u64) -> String {
    before
        .filter(|before| *before > 0)
        .map(|before| format!("(×{})", tenths(now * 10 / before)))
        .unwrap_or_default()
}

fn milliseconds(nanoseconds: u64) -> String {
    if nanoseconds < 100_000 {
        return format!("{} µs", tenths(nanoseconds / 100));
    }
    format!("{} ms", tenths(nanoseconds / 100_000))
}

fn megabytes(bytes: u64) -> String {
    if bytes < 100_000 {
        return format!("{} kB", tenths(bytes / 100));
    }
    format!("{} MB", tenths(bytes / 100_000))
}

fn tenths(tenths: u64) -> String {
    format!("{}.{}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_for_people() {
        assert_eq!(milliseconds(640_000), "0.6 ms");
        assert_eq!(milliseconds(12_345), "12.3 µs");
        assert_eq!(megabytes(2_540_000), "2.5 MB");
        assert_eq!(megabytes(31_250), "31.2 kB");
        assert_eq!(grown(Some(100), 985), "(×9.8)");
        assert_eq!(
            (grown(None, 5), grown(Some(0), 5)),
            (String::new(), String::new())
        );
    }

    #[test]
    fn lines_that_are_no_numbers_are_passed_over() {
        let printed = "running\n{\"users\":5,\"snapshot_bytes\":1,\"matrix_bytes\":1,\"matrix_peak_bytes\":1,\
                       \"matrix_ns\":1,\"explain_ns\":1,\"compare_ns\":1,\"diff_ns\":1}\n";
        let sizes: Vec<Size> = read(printed).unwrap();
        assert_eq!(sizes[0].users, 5);
        assert!(read::<Size>("nothing").is_err());
        assert!(read::<Size>("{}").is_err());
    }
}
