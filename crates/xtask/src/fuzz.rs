//! The fuzz targets, for a given time.
//!
//! What `cargo fuzz` does with `--sanitizer none`, without needing it or a nightly toolchain: coverage is
//! LLVM's own pass, and libFuzzer is compiled with the C++ compiler of the machine.

use std::{
    env,
    ffi::OsStr,
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result, bail};
use clap::Args;

use crate::{
    process::{command, output, run as run_command, say},
    workspace,
};

/// What `cargo fuzz` gives rustc.
const RUSTFLAGS: &[&str] = &[
    "--cfg fuzzing",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
];

/// The targets, each a file in `fuzz/fuzz_targets`.
const TARGETS: [&str; 4] = ["answer", "draft", "preset", "proxy"];

/// An input that takes longer is a finding.
const SECONDS_PER_INPUT: u32 = 10;
/// A target that needs more memory is a finding.
const MEGABYTES: u32 = 2048;
/// The largest input that is made up.
const BYTES: u32 = 4096;

/// Options of `fuzz`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Seconds in all; each target gets the same share. What was found goes on from one run to the next.
    #[arg(long, default_value_t = 60)]
    seconds: u32,
    /// Only this target; may be given several times.
    #[arg(long, value_parser = TARGETS)]
    target: Vec<String>,
    /// Run one target on this file alone, to see a finding again.
    #[arg(long, value_name = "FILE", requires = "target")]
    input: Option<PathBuf>,
}

/// What a target's run came to.
#[derive(Debug, Default, PartialEq, Eq)]
struct Outcome {
    /// Inputs that were tried.
    runs: Option<u64>,
    /// Edges of the program that were reached.
    coverage: Option<u64>,
    /// Inputs that reached something new and are kept.
    corpus: Option<u64>,
    /// The file that was left, where something was found.
    finding: Option<PathBuf>,
}

/// Builds the targets and lets each run for its share of the time.
///
/// # Errors
/// When they cannot be built, or one finds something.
pub(crate) fn run(options: &Options) -> Result<()> {
    let host = host()?;
    build(&host)?;
    let programs = out().join(&host).join("release");
    let chosen = |name: &&&str| {
        let wanted = &options.target;
        wanted.is_empty() || wanted.iter().any(|target| target == **name)
    };
    let targets: Vec<&str> = TARGETS.iter().filter(chosen).copied().collect();
    if let Some(input) = &options.input {
        let input = env::current_dir()?.join(input);
        return targets
            .iter()
            .try_for_each(|target| run_command(Command::new(programs.join(target)).arg(&input)));
    }
    let share = (options.seconds / u32::try_from(targets.len())?).max(1);
    let mut lines = Vec::new();
    let mut found = Vec::new();
    for target in targets {
        say(format_args!("\n━━ fuzz {target}: {share} s"));
        let (outcome, ended_well) = fuzz(&programs, target, share)?;
        lines.push(line(target, &outcome));
        if !ended_well || outcome.finding.is_some() {
            found.push(again(target, outcome.finding.as_deref()));
        }
    }
    say("");
    lines.iter().for_each(say);
    if !found.is_empty() {
        bail!("the fuzzer found something\n{}", found.join("\n"));
    }
    Ok(())
}

/// Where everything lies that is built and found.
fn out() -> PathBuf {
    workspace::target().join("fuzz")
}

/// The machine's own target: it is named, so that build scripts and macros are not instrumented.
fn host() -> Result<String> {
    let about = output("rustc", &["-vV"]).context("rustc cannot be started")?;
    let host = about.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc names no host")?.to_owned())
}

fn build(host: &str) -> Result<()> {
    let compiler = env::var_os("CXX").unwrap_or_else(|| OsStr::new("c++").to_owned());
    let present = Command::new(&compiler)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if !present.is_ok_and(|status| status.success()) {
        bail!(
            "libFuzzer is compiled from source: a C++ compiler is needed, named c++ or by CXX (Debian: g++)"
        );
    }
    let root = workspace::root();
    // The same versions as everywhere; cargo adds what only fuzzing needs.
    fs::copy(root.join("Cargo.lock"), root.join("fuzz/Cargo.lock"))?;
    say("Building the fuzz targets (ten minutes on two cores the first time) …");
    let mut cargo = command(
        "cargo",
        &[
            "build",
            "--release",
            "--manifest-path=fuzz/Cargo.toml",
            "--target",
            host,
        ],
    )?;
    cargo
        .arg("--target-dir")
        .arg(out())
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env("RUSTFLAGS", RUSTFLAGS.join(" "));
    run_command(&mut cargo)
}

/// Lets a target run; what it came to, and whether it ended well.
fn fuzz(programs: &Path, target: &str, seconds: u32) -> Result<(Outcome, bool)> {
    let seeds = workspace::root().join("fuzz/corpus").join(target);
    let corpus = out().join("corpus").join(target);
    let findings = out().join("findings").join(target);
    fs::create_dir_all(&corpus)?;
    fs::create_dir_all(&findings)?;
    let program = programs.join(target);
    let mut child = Command::new(&program)
        .args([
            format!("-max_total_time={seconds}"),
            format!("-timeout={SECONDS_PER_INPUT}"),
            format!("-rss_limit_mb={MEGABYTES}"),
            format!("-max_len={BYTES}"),
            format!("-artifact_prefix={}/", findings.display()),
            "-print_final_stats=1".to_owned(),
            "-print_funcs=0".to_owned(),
        ])
        // New inputs go into the first folder.
        .args([corpus, seeds])
        .stdin(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("{} cannot be started", program.display()))?;
    let mut outcome = Outcome::default();
    if let Some(stderr) = child.stderr.take() {
        for line in BufReader::new(stderr).lines().map_while(Result::ok) {
            if !outcome.read(&line) {
                say(line);
            }
        }
    }
    Ok((outcome, child.wait()?.success()))
}

impl Outcome {
    /// Takes in a line that libFuzzer prints; false where it is worth showing.
    fn read(&mut self, line: &str) -> bool {
        let number = |text: &str| {
            let digits = text.trim().split(['/', ' ']).next()?;
            digits.parse().ok()
        };
        let after = |mark: &str| Some(line.split_once(mark)?.1);
        if let Some(runs) = line.strip_prefix("stat::number_of_executed_units:") {
            self.runs = number(runs);
            return true;
        }
        if let Some(path) = after("Test unit written to ") {
            self.finding = Some(PathBuf::from(path.trim()));
            return false;
        }
        if line.starts_with('#') {
            self.coverage = after(" cov: ").and_then(number).or(self.coverage);
            self.corpus = after(" corp: ").and_then(number).or(self.corpus);
            return true;
        }
        // What it would like to have had: a dictionary, and functions of sanitizers.
        [
            "stat::",
            "INFO: ",
            "Done ",
            "\"",
            "###### ",
            "WARNING: Failed to find",
        ]
        .iter()
        .any(|start| line.starts_with(start))
    }
}

fn line(target: &str, outcome: &Outcome) -> String {
    let shown = |number: Option<u64>| number.map_or_else(|| "?".to_owned(), |it| it.to_string());
    format!(
        "counts: fuzz: {target}: {} runs, {} edges covered, {} inputs kept",
        shown(outcome.runs),
        shown(outcome.coverage),
        shown(outcome.corpus)
    )
}

/// How to see a finding again.
fn again(target: &str, input: Option<&Path>) -> String {
    match input {
        Some(input) => format!(
            "{target}: cargo xtask fuzz --target {target} --input {}",
            input.display()
        ),
        None => format!("{target}: it ended badly and left no input; its last lines say why"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn read_takes_numbers_and_findings_from_what_libfuzzer_prints() {
        let mut outcome = Outcome::default();
        for line in [
            "#2\tINITED cov: 812 ft: 813 corp: 1/1b exec/s: 0 rss: 41Mb",
            "#4194304\tpulse  cov: 1402 ft: 5120 corp: 318/12Kb lim: 4096 exec/s: 69905 rss: 92Mb",
            "stat::number_of_executed_units: 4260001",
            "stat::peak_rss_mb: 92",
        ] {
            assert!(outcome.read(line), "{line}");
        }
        assert_eq!(
            line("proxy", &outcome),
            "counts: fuzz: proxy: 4260001 runs, 1402 edges covered, 318 inputs kept"
        );
        assert!(!outcome.read("thread panicked at crates/server/src/proxy/mod.rs"));
        assert!(!outcome.read("artifact_prefix='x/'; Test unit written to x/crash-1f"));
        assert_eq!(outcome.finding.as_deref(), Some(Path::new("x/crash-1f")));
        assert!(again("proxy", outcome.finding.as_deref()).ends_with("--input x/crash-1f"));
    }

    /// A target that nobody runs would rot.
    #[test]
    fn targets_are_the_files_of_the_folder() {
        let folder = workspace::root().join("fuzz/fuzz_targets");
        let mut files: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        files.sort();
        assert_eq!(files, TARGETS.map(|target| format!("{target}.rs")));
    }
}
