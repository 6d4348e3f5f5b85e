//! Everything a real server would draw at random or read off a clock, made from the seed and a counter.

use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// First instant of every sandbox: 2026-11-20T08:00:00Z, in microseconds since 1970.
const START: i64 = 1_795_161_600_000_000;
/// Time that passes with each write.
const STEP: i64 = 1_000_037;
const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

#[derive(Debug, Clone)]
pub(crate) struct Mint {
    seed: u64,
    drawn: u64,
    clock: i64,
}

impl Mint {
    pub(crate) const fn new(seed: u64) -> Self {
        Self {
            seed,
            drawn: 0,
            clock: START,
        }
    }

    fn draw(&mut self) -> [u8; 32] {
        self.drawn += 1;
        let mut hash = Sha256::new();
        hash.update(b"ostiary sandbox");
        hash.update(self.seed.to_be_bytes());
        hash.update(self.drawn.to_be_bytes());
        hash.finalize().into()
    }

    /// A random-looking version 4 UUID.
    pub(crate) fn uuid(&mut self) -> String {
        let mut bytes = [0; 16];
        for (to, from) in bytes.iter_mut().zip(self.draw()) {
            *to = from;
        }
        uuid::Builder::from_random_bytes(bytes)
            .into_uuid()
            .to_string()
    }

    /// A key, code or secret of letters and digits.
    pub(crate) fn secret(&mut self, length: usize) -> String {
        let mut text = String::with_capacity(length);
        while text.len() < length {
            let missing = length - text.len();
            let letters = self.draw();
            text.extend(letters.iter().take(missing).filter_map(|byte| {
                ALPHABET
                    .get(usize::from(*byte) % ALPHABET.len())
                    .map(|letter| char::from(*letter))
            }));
        }
        text
    }

    /// A SHA-256 in hexadecimal, the form of a user's `uid`.
    pub(crate) fn hash(&mut self) -> String {
        hex(&self.draw())
    }

    /// A number from 0 up to, but not including, `limit`; 0 where that is 0.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        let number = self.draw().iter().take(8).fold(0_u64, |sum, byte| {
            sum.wrapping_mul(256).wrapping_add(u64::from(*byte))
        });
        let limit = u64::try_from(limit).unwrap_or(u64::MAX).max(1);
        usize::try_from(number % limit).unwrap_or_default()
    }

    /// The present, without moving on.
    pub(crate) fn peek(&self) -> String {
        stamp(self.clock)
    }

    /// Seconds since 1970, without moving on.
    pub(crate) const fn seconds(&self) -> i64 {
        self.clock / 1_000_000
    }

    /// Moves on a little and tells the time.
    pub(crate) fn tick(&mut self) -> String {
        self.clock += STEP;
        stamp(self.clock)
    }

    /// Moves on by so many seconds.
    pub(crate) const fn advance(&mut self, seconds: i64) {
        self.clock += seconds * 1_000_000;
    }

    /// A time so many seconds before the present.
    pub(crate) fn ago(&self, seconds: i64) -> String {
        stamp(self.clock - seconds * 1_000_000)
    }
}

/// A key that depends on nothing but the text, for built-in objects: drawing it would change every later draw.
pub(crate) fn derived_key(text: &str) -> String {
    let mut key = hex(&Sha256::digest(text.as_bytes()));
    key.truncate(60);
    key
}

/// A UUID that depends on nothing but the text.
pub(crate) fn derived(text: &str) -> String {
    let mut bytes = [0; 16];
    for (to, from) in bytes.iter_mut().zip(Sha256::digest(text.as_bytes())) {
        *to = from;
    }
    uuid::Builder::from_random_bytes(bytes)
        .into_uuid()
        .to_string()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn stamp(microseconds: i64) -> String {
    jiff::Timestamp::from_microsecond(microseconds)
        .map(|time| time.strftime("%Y-%m-%dT%H:%M:%S.%6fZ").to_string())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_seed_same_draws() {
        let (mut a, mut b, mut c) = (Mint::new(7), Mint::new(7), Mint::new(8));
        assert_eq!(a.uuid(), b.uuid());
        assert_ne!(a.uuid(), c.uuid());
        assert_eq!(a.secret(128).len(), 128);
        assert_eq!(a.hash().len(), 64);
        assert_eq!(a.tick(), "2026-11-20T08:00:01.000037Z");
        assert!(uuid::Uuid::parse_str(&b.uuid()).is_ok());
        assert!((0..100).all(|_| a.below(3) < 3));
        assert_eq!((a.below(1), a.below(0)), (0, 0));
    }
}
