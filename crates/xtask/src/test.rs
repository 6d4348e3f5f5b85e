//! Everything that must hold before a change lands.

use std::time::Duration;

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::{
    build, counts, e2e,
    process::{Stage, command, output, run as run_command, say, seconds, stage},
    size,
    tools::{self, Need},
    workspace,
};

/// Options of `test`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Leave the browser out.
    #[arg(long)]
    skip_e2e: bool,
    /// Only this stage; may be given several times.
    #[arg(long, value_name = "STAGE")]
    only: Vec<Part>,
}

/// A stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Install what is missing.
    Tools,
    /// Is everything formatted?
    Fmt,
    /// Lints of the server's side.
    Clippy,
    /// Lints of the browser's side.
    ClippyWasm,
    /// What the browser loads, built as it is shipped, and its size. Some tests look at it too.
    Size,
    /// Unit, property and conformance tests, the import table, tidiness.
    Tests,
    /// Examples in the documentation.
    DocTests,
    /// The documentation without warnings.
    Docs,
    /// Licences, sources and banned crates of what is depended upon, where cargo-deny is there.
    Deny,
    /// The browser.
    E2e,
}

impl Part {
    const fn name(self) -> &'static str {
        match self {
            Self::Tools => "tools",
            Self::Fmt => "fmt",
            Self::Clippy => "clippy",
            Self::ClippyWasm => "clippy (wasm)",
            Self::Tests => "tests",
            Self::DocTests => "doc tests",
            Self::Docs => "docs",
            Self::Deny => "deny",
            Self::Size => "size",
            Self::E2e => "e2e",
        }
    }

    fn work(self) -> Result<()> {
        match self {
            Self::Tools => tools::install(Need::Everything),
            Self::Fmt => cargo(&["fmt", "--all", "--check"]),
            Self::Clippy => cargo(&["clippy", "--all-targets", "--", "-D", "warnings"]),
            Self::ClippyWasm => cargo(&[
                "clippy",
                "--package=hydrate",
                "--package=authentik-gloo",
                "--target=wasm32-unknown-unknown",
                "--",
                "-D",
                "warnings",
            ]),
            Self::Tests => cargo(&["nextest", "run"]),
            Self::DocTests => cargo(&["test", "--doc"]),
            Self::Docs => {
                let mut docs = command("cargo", &["doc", "--no-deps"])?;
                run_command(docs.env("RUSTDOCFLAGS", "-D warnings"))
            }
            Self::Deny => deny(),
            Self::Size => build::frontend().and_then(|()| size::check()),
            Self::E2e => e2e::suite(&[]),
        }
    }
}

/// Asks cargo-deny, where there is one: it is too big to be installed for every run of CI. A warning is for
/// whoever runs it by hand, as a second version of a crate that others need.
fn deny() -> Result<()> {
    if output("cargo-deny", &["--version"]).is_none() {
        say("skipped: no cargo-deny");
        return Ok(());
    }
    run_command(&mut command(
        "cargo-deny",
        &[
            "--log-level=error",
            "--locked",
            "check",
            "bans",
            "licenses",
            "sources",
        ],
    )?)
}

fn cargo(arguments: &[&str]) -> Result<()> {
    run_command(&mut command("cargo", arguments)?)
}

/// Runs the stages, all of them also after one has failed, and sums up; true where all are good.
pub(crate) fn run(options: &Options) -> bool {
    let wanted = |part: &Part| {
        let chosen = options.only.is_empty() || options.only.contains(part);
        chosen && !(options.skip_e2e && *part == Part::E2e)
    };
    let parts: Vec<Part> = Part::value_variants()
        .iter()
        .copied()
        .filter(wanted)
        .collect();
    let mut stages: Vec<Stage> = Vec::new();
    for part in &parts {
        let done = stage(part.name(), || part.work());
        let hopeless = *part == Part::Tools && done.error.is_some();
        stages.push(done);
        if hopeless {
            break;
        }
    }
    summary(&parts, &stages)
}

fn summary(parts: &[Part], stages: &[Stage]) -> bool {
    say("\n━━ summary");
    let mut counted = Vec::new();
    if parts.contains(&Part::Tests) {
        counted.extend(
            counts::of_tests().unwrap_or_else(|error| vec![format!("no counts: {error:#}")]),
        );
    }
    if parts.contains(&Part::E2e) {
        counted.extend(e2e::counts());
    }
    for line in &counted {
        say(format_args!("counts: {line}"));
    }
    for stage in stages {
        let outcome = if stage.error.is_none() {
            "good"
        } else {
            "FAILED"
        };
        say(format_args!(
            "{:<14} {:<7} {}",
            stage.name,
            outcome,
            seconds(stage.time)
        ));
    }
    let time: Duration = stages.iter().map(|stage| stage.time).sum();
    let failed = stages.iter().filter(|stage| stage.error.is_some()).count();
    say(format_args!(
        "all stages took {}{}",
        seconds(time),
        if workspace::in_ci() { ", in CI" } else { "" }
    ));
    say(format_args!(
        "{} passed, {failed} failed",
        stages.len() - failed
    ));
    failed == 0
}
