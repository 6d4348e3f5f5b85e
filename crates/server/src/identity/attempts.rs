//! How often somebody may try to sign in.
//!
//! Attempts are counted by the browser, where it is one that somebody has signed in from before, else
//! by the network address. Whoever fails waits longer each time; nobody is ever locked out of an
//! account, so that an attacker cannot keep its owner away. A limit for all unknown browsers together
//! slows down whoever has many addresses; it does not touch known ones. (The idea is OWASP's "device
//! cookies".)

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::random::Digest;

/// So many attempts may fail before one has to wait.
const FREE: u32 = 5;
/// The longest wait.
const LONGEST_MS: i64 = 15 * 60 * 1000;
/// Who has not failed for so long begins anew.
const FORGOTTEN_MS: i64 = 60 * 60 * 1000;
/// So many attempts of unknown browsers may fail in a minute, all together.
const ALL: u32 = 30;
const MINUTE_MS: i64 = 60 * 1000;

/// Whose attempts are counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Party {
    /// A browser that somebody has signed in from before.
    Device(Digest),
    /// An IPv4 address, or the upper half of an IPv6 address: a household has 2⁶⁴ of those.
    Address(IpAddr),
}

impl Party {
    /// The party of an address.
    pub(crate) fn of(address: IpAddr) -> Self {
        Self::Address(match address.to_canonical() {
            IpAddr::V4(address) => address.into(),
            IpAddr::V6(address) => {
                let upper = address.to_bits() >> 64 << 64;
                std::net::Ipv6Addr::from_bits(upper).into()
            }
        })
    }
}

/// Why an attempt may not be made: how many seconds are left to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Wait(pub(crate) u32);

#[derive(Debug, Clone, Copy)]
struct Failures {
    count: u32,
    last_ms: i64,
}

impl Failures {
    fn free_at(self) -> i64 {
        match self.count.checked_sub(FREE) {
            None => i64::MIN,
            Some(over) => {
                let wait = 1000_i64.checked_shl(over.min(20)).unwrap_or(LONGEST_MS);
                self.last_ms + wait.min(LONGEST_MS)
            }
        }
    }
}

/// The attempts that failed lately.
#[derive(Debug, Default)]
pub(crate) struct Attempts(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    parties: HashMap<Party, Failures>,
    /// Failures of unknown browsers since the beginning of a minute.
    all: u32,
    since_ms: i64,
}

impl Attempts {
    /// Counts an attempt, as failed until [`Self::succeeded`]: of many at once not one is free.
    ///
    /// # Errors
    /// When the party, or all unknown ones together, have to wait.
    pub(crate) fn begin(&self, party: Party, now_ms: i64) -> Result<(), Wait> {
        let mut known = self.lock();
        // A clock that was set back must not make anybody wait for it.
        let is_recent = |at: i64| (0..FORGOTTEN_MS).contains(&(now_ms - at));
        known
            .parties
            .retain(|_, failures| is_recent(failures.last_ms));
        if known.since_ms > now_ms {
            known.since_ms = now_ms;
        }
        let free_at = known.parties.get(&party).map_or(i64::MIN, |f| f.free_at());
        if now_ms < free_at {
            return Err(wait(free_at - now_ms));
        }
        if matches!(party, Party::Address(_)) {
            if now_ms - known.since_ms >= MINUTE_MS {
                (known.all, known.since_ms) = (0, now_ms);
            }
            if known.all >= ALL {
                return Err(wait(known.since_ms + MINUTE_MS - now_ms));
            }
            known.all += 1;
        }
        let failures = known.parties.entry(party).or_insert(Failures {
            count: 0,
            last_ms: now_ms,
        });
        failures.count += 1;
        failures.last_ms = now_ms;
        Ok(())
    }

    /// The attempt was right: the party begins anew.
    pub(crate) fn succeeded(&self, party: Party) {
        let mut known = self.lock();
        if known.parties.remove(&party).is_some() && matches!(party, Party::Address(_)) {
            known.all = known.all.saturating_sub(1);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn wait(ms: i64) -> Wait {
    Wait(u32::try_from((ms + 999) / 1000).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn party(text: &str) -> Party {
        Party::of(text.parse().unwrap())
    }

    #[test]
    fn waits_grow_and_end() {
        let attempts = Attempts::default();
        let me = party("192.0.2.7");
        let mut now = 0;
        for _ in 0..FREE {
            assert_eq!(attempts.begin(me, now), Ok(()));
        }
        for seconds in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900] {
            let Err(Wait(left)) = attempts.begin(me, now) else {
                panic!("free too early")
            };
            assert_eq!(left, seconds);
            now += i64::from(seconds) * 1000;
            assert_eq!(attempts.begin(me, now), Ok(()), "{seconds}");
        }
        assert!(attempts.begin(me, now).is_err());
        assert_eq!(attempts.begin(me, now + FORGOTTEN_MS), Ok(()));
    }

    #[test]
    fn success_begins_anew() {
        let attempts = Attempts::default();
        let me = party("192.0.2.7");
        for _ in 0..100 {
            assert_eq!(attempts.begin(me, 0), Ok(()));
            attempts.succeeded(me);
        }
    }

    #[test]
    fn others_wait_for_nobody_but_all_unknown_ones_together_are_slowed_down() {
        let attempts = Attempts::default();
        let device = Party::Device([1; 32]);
        for number in 0..ALL {
            let other = party(&format!("198.51.100.{number}"));
            assert_eq!(attempts.begin(other, 0), Ok(()));
        }
        assert_eq!(attempts.begin(party("203.0.113.1"), 1000), Err(Wait(59)));
        assert_eq!(attempts.begin(device, 1000), Ok(()), "a known browser");
        assert_eq!(attempts.begin(party("203.0.113.1"), MINUTE_MS), Ok(()));
    }

    #[test]
    fn addresses_of_one_household_are_one_party() {
        assert_eq!(party("2001:db8:1:2::1"), party("2001:db8:1:2:ffff::9"));
        assert_ne!(party("2001:db8:1:2::1"), party("2001:db8:1:3::1"));
        assert_eq!(party("::ffff:192.0.2.7"), party("192.0.2.7"));
        assert_ne!(party("192.0.2.7"), party("192.0.2.8"));
    }

    #[test]
    fn clock_that_is_set_back_keeps_nobody_waiting() {
        let attempts = Attempts::default();
        let me = party("192.0.2.7");
        for _ in 0..FREE {
            let _ = attempts.begin(me, 10_000_000);
        }
        assert!(attempts.begin(me, 10_000_000).is_err());
        assert_eq!(attempts.begin(me, 0), Ok(()));
    }

    #[test]
    fn many_at_once_are_not_free() {
        let attempts = Attempts::default();
        let me = party("192.0.2.7");
        let free = (0..100).filter(|_| attempts.begin(me, 0).is_ok()).count();
        assert_eq!(free, FREE as usize);
    }
}
