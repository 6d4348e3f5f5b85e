//! What must hold for any bytes: one function for each fuzz target.
//!
//! The targets in `fuzz/` call these with what the fuzzer makes up (`cargo xtask fuzz`); a test calls them
//! with the seeds, so that they cannot rot. An assertion that fails is a finding.

mod answer;
mod draft;
mod preset;
mod rendered;
mod world;

pub use self::{answer::answer, draft::draft, preset::preset};

/// The read proxy: a request's address, or with a first byte that no address has, an answer to mask.
///
/// # Panics
/// When it does not hold.
pub fn proxy(data: &[u8]) {
    match data.split_first() {
        Some((0, answer)) => crate::proxy::fuzzing::masking(answer),
        _ => crate::proxy::fuzzing::address(data),
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    type Target = (&'static str, fn(&[u8]));

    const TARGETS: [Target; 4] = [
        ("answer", super::answer),
        ("draft", super::draft),
        ("preset", super::preset),
        ("proxy", super::proxy),
    ];

    /// Every seed of every target, and what a fuzzer would make of it first: cut off, and each byte turned.
    #[test]
    fn targets_hold_for_their_seeds() {
        let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz");
        for (name, target) in TARGETS {
            assert!(fuzz.join(format!("fuzz_targets/{name}.rs")).is_file());
            let mut seeds = 0;
            for entry in fs::read_dir(fuzz.join("corpus").join(name)).unwrap() {
                let seed = fs::read(entry.unwrap().path()).unwrap();
                target(&seed);
                for at in 0..seed.len().min(64) {
                    target(&seed[..at]);
                    let mut turned = seed.clone();
                    turned[at] ^= 1 << (at % 8);
                    target(&turned);
                }
                seeds += 1;
            }
            assert!(seeds > 0, "{name} has no seed");
            println!("fuzz: {name}: {seeds} seeds");
        }
    }
}
