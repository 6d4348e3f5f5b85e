//! What the answers cost by the number of users, in time and memory, one JSON object a line:
//! `cargo bench -p access --bench size`. `cargo xtask bench` reads it.

mod company;

use std::{
    error::Error,
    hint::black_box,
    io::{Write as _, stdout},
    time::{Duration, Instant},
};

use access::{Change, Evaluator, compare, diff};
use authentik_api::{ApplicationPk, UserPk};
use company::{APPLICATIONS, GROUPS, company, group};
use peak_alloc::PeakAlloc;
use serde_json::json;
use uuid::Uuid;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// How long each thing is done again and again.
const PATIENCE: Duration = Duration::from_secs(1);

fn main() -> Result<(), Box<dyn Error>> {
    for users in [500, 5_000, 50_000] {
        let start = MEMORY.current_usage();
        let before = company(users);
        let snapshot = MEMORY.current_usage() - start;

        MEMORY.reset_peak_usage();
        let start = MEMORY.current_usage();
        let matrix = Evaluator::new(&before).matrix();
        let held = MEMORY.current_usage() - start;
        let peak = MEMORY.peak_usage() - start;
        drop(matrix);

        let deleted = [Change::DeleteGroup { group: group(4) }];
        let mut after = before.clone();
        let left_out = after.apply_all(&deleted);
        if !left_out.is_empty() {
            return Err("the change does not fit the company".into());
        }
        let evaluator = Evaluator::new(&before);
        let (user, application) = (UserPk(77), ApplicationPk(Uuid::from_u128(5)));
        let line = json!({
            "users": users,
            "groups": GROUPS,
            "applications": APPLICATIONS,
            "snapshot_bytes": snapshot,
            "matrix_bytes": held,
            "matrix_peak_bytes": peak,
            "matrix_ns": fastest(|| Evaluator::new(black_box(&before)).matrix()),
            "explain_ns": fastest(|| evaluator.explain(black_box(user), application)),
            "compare_ns": fastest(|| compare(black_box(&before), &after)),
            "diff_ns": fastest(|| diff(black_box(&before), &deleted)),
        });
        writeln!(stdout(), "{line}")?;
    }
    Ok(())
}

/// The shortest time in nanoseconds: the one that others at work on the machine disturbed least.
fn fastest<O>(mut work: impl FnMut() -> O) -> u64 {
    let start = Instant::now();
    let mut shortest = Duration::MAX;
    while start.elapsed() < PATIENCE {
        let start = Instant::now();
        black_box(work());
        shortest = shortest.min(start.elapsed());
    }
    u64::try_from(shortest.as_nanos()).unwrap_or(u64::MAX)
}
