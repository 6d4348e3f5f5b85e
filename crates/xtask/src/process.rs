//! Running programs, and speaking to whoever runs us.

use std::{
    fmt::Display,
    io::Write as _,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};

use crate::workspace;

/// Prints a line.
pub(crate) fn say(text: impl Display) {
    // Whoever reads may have closed the pipe: that is no reason to fail.
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// A program to run in the root of the repository, with the tools of the repository on its `PATH`
/// and nothing to read.
pub(crate) fn command(program: &str, arguments: &[&str]) -> Result<Command> {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(workspace::root())
        .env("PATH", workspace::path()?)
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
        .stdin(Stdio::null());
    Ok(command)
}

/// Runs to the end.
///
/// # Errors
/// When the program cannot be started or does not end well.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let text = display(command);
    let status = command
        .status()
        .with_context(|| format!("`{text}` cannot be started"))?;
    if !status.success() {
        bail!("`{text}` ended with {status}");
    }
    Ok(())
}

/// What a program prints, when it can be started and ends well.
pub(crate) fn output(program: &str, arguments: &[&str]) -> Option<String> {
    let output = command(program, arguments)
        .ok()?
        .stderr(Stdio::null())
        .output()
        .ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

fn display(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

/// What a stage came to.
#[derive(Debug)]
pub(crate) struct Stage {
    /// Its name.
    pub(crate) name: &'static str,
    /// How long it took.
    pub(crate) time: Duration,
    /// Why it failed.
    pub(crate) error: Option<String>,
}

/// Runs a stage between a line that opens it and one that says how it went.
pub(crate) fn stage(name: &'static str, work: impl FnOnce() -> Result<()>) -> Stage {
    say(format_args!("\n━━ {name}"));
    let start = Instant::now();
    let error = work().err().map(|error| format!("{error:#}"));
    let time = start.elapsed();
    match &error {
        None => say(format_args!("━━ {name}: good, {}", seconds(time))),
        Some(error) => say(format_args!(
            "━━ {name}: FAILED, {}: {error}",
            seconds(time)
        )),
    }
    Stage { name, time, error }
}

/// A time for people: `0.4 s`, `75 s`, `3 min 20 s`.
pub(crate) fn seconds(time: Duration) -> String {
    let whole = time.as_secs();
    match whole {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        10..120 => format!("{whole} s"),
        _ => format!("{} min {} s", whole / 60, whole % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_as_exact_as_a_reader_needs() {
        assert_eq!(seconds(Duration::from_millis(420)), "0.4 s");
        assert_eq!(seconds(Duration::from_secs(75)), "75 s");
        assert_eq!(seconds(Duration::from_secs(200)), "3 min 20 s");
    }

    #[test]
    fn stage_that_fails_keeps_the_reason() {
        let stage = stage("sample", || bail!("no reason"));
        assert_eq!(stage.error.as_deref(), Some("no reason"));
    }
}
