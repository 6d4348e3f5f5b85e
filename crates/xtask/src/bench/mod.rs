//! The budgets, measured: sizes, start, memory, access, proxy against nginx, upstream calls.

mod access;
mod calls;
mod http;
pub(crate) mod instance;
mod proxy;

use std::{
    fs, thread,
    time::{Duration, Instant},
};

use anyhow::Result;
use clap::Args;

use crate::{
    build::{self, Profile},
    process::say,
    size,
    tools::{self, Need},
};
use instance::Instance;

/// Options of `bench`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Seconds of load per measurement of the proxy; each server is measured three times in turn.
    #[arg(long, default_value_t = 5)]
    seconds: u32,
    /// Measure one thing alone, without building the console.
    #[arg(long)]
    only: Option<Only>,
}

/// What can be measured alone.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Only {
    /// Who may open what: time, memory and calls by the number of people.
    Access,
}

/// A measured value beside its budget.
struct Measure {
    what: &'static str,
    value: String,
    budget: &'static str,
    met: bool,
}

/// Builds as shipped, measures, and prints every number beside its budget.
///
/// # Errors
/// When something cannot be built or measured; a missed budget is no error, it is printed.
pub(crate) fn run(options: &Options) -> Result<()> {
    if let Some(Only::Access) = options.only {
        show(&access::measure()?);
        return Ok(());
    }
    tools::install(Need::Build)?;
    let program = build::console(Profile::Release)?;
    let mut measures = sizes()?;
    let bytes = fs::metadata(&program)?.len();
    measures.push(Measure {
        what: "server binary",
        value: format!("{:.1} MB", megabytes(bytes)),
        budget: "≤ 30 MB",
        met: bytes <= 30_000_000,
    });
    measures.extend(start_and_memory(&program)?);
    measures.extend(calls::measure(&program)?);
    measures.extend(access::measure()?);
    measures.extend(proxy::measure(&program, options.seconds)?);
    show(&measures);
    Ok(())
}

fn show(measures: &[Measure]) {
    say("\nmeasured                                      value             budget");
    for Measure {
        what,
        value,
        budget,
        met,
    } in measures
    {
        let verdict = if *met { "met" } else { "MISSED" };
        say(format_args!(
            "{what:<42}  {value:>16}   {budget:<12} {verdict}"
        ));
    }
}

fn sizes() -> Result<Vec<Measure>> {
    let (first, whole) = size::totals(&size::pieces()?);
    let measure = |what, budget, total: u64, most: u64| Measure {
        what,
        value: format!("{:.1} kB", kilobytes(total)),
        budget,
        met: total <= most,
    };
    Ok(vec![
        measure(
            "first view: JS + wasm + CSS, brotli",
            "≤ 300 kB",
            first,
            size::FIRST_VIEW,
        ),
        measure("whole app, brotli", "≤ 450 kB", whole, size::WHOLE_APP),
    ])
}

/// The median of five starts until the first answer, and the memory of the last one at rest.
fn start_and_memory(program: &std::path::Path) -> Result<Vec<Measure>> {
    let mut times = Vec::new();
    let mut resident = 0;
    for _ in 0..5 {
        let start = Instant::now();
        let instance = Instance::start(program, &["--demo"], &[])?;
        times.push(start.elapsed());
        instance.ready()?;
        // At rest: what the first answers needed is given back by then.
        thread::sleep(Duration::from_secs(2));
        resident = instance.resident()?;
    }
    times.sort();
    let median = times.get(times.len() / 2).copied().unwrap_or_default();
    Ok(vec![
        Measure {
            what: "start to first answer, median of 5",
            value: format!("{} ms", median.as_millis()),
            budget: "≤ 200 ms",
            met: median <= Duration::from_millis(200),
        },
        Measure {
            what: "idle memory (RSS), with the sandbox inside",
            value: format!("{:.1} MB", megabytes(resident)),
            budget: "≤ 30 MB",
            met: resident <= 30_000_000,
        },
    ])
}

fn megabytes(bytes: u64) -> f64 {
    kilobytes(bytes) / 1000.0
}

fn kilobytes(bytes: u64) -> f64 {
    // Far below 2^52: the conversion is exact.
    f64::from(u32::try_from(bytes).unwrap_or(u32::MAX)) / 1000.0
}
