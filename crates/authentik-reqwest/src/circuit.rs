//! Stops asking a server that does not answer, and finds out when it does again.
//!
//! [`Machine`] decides and has neither a clock nor chance; [`Circuit`] lends it both.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// So many calls without an answer, one after the other, and no more are made for a while.
const FAILURES: u32 = 5;
/// The longest that the first pause can be; it doubles with each attempt that fails.
const FIRST_PAUSE: Duration = Duration::from_secs(5);
/// No pause is longer.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

/// Whether calls are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CircuitState {
    /// Calls are made as they come.
    Closed,
    /// The last calls got no answer, so none are made for a while.
    Open {
        /// How long ago the first of the calls without an answer ended.
        silent_for: Duration,
        /// When a call is made again to find out; zero when the next one is.
        retry_in: Duration,
    },
    /// One call is being made to find out; others are refused until it has ended.
    HalfOpen {
        /// How long ago the first of the calls without an answer ended.
        silent_for: Duration,
    },
}

impl CircuitState {
    /// Whether calls are made as they come.
    pub fn is_closed(self) -> bool {
        self == Self::Closed
    }
}

/// What a call said about the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It answers, whatever it says.
    Answer,
    /// No answer came, or a gateway gave one in its place.
    Silence,
    /// Nothing: the call was given up before it ended, or never left.
    Nothing,
}

/// Names a call that was let through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ticket {
    /// One of many, let through when so many had got no answer. Calls that were under way together and got none count
    /// once: one hiccup is one.
    Usual { failures: u32 },
    /// The one that is made to find out.
    Trial(u64),
}

/// Which calls are made.
#[derive(Debug, Default)]
struct Machine {
    phase: Phase,
    /// Calls without an answer since the last one with.
    failures: u32,
    /// When the first of them ended.
    silent_since: Option<Instant>,
    /// Pauses since the last answer.
    pauses: u32,
    /// Calls that were made to find out.
    trials: u64,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Phase {
    #[default]
    Closed,
    Open {
        until: Instant,
    },
    Trying {
        ticket: u64,
    },
}

impl Machine {
    /// Lets a call through, or says how long none will be made.
    fn admit(&mut self, now: Instant) -> Result<Ticket, Duration> {
        match self.phase {
            Phase::Closed => Ok(Ticket::Usual {
                failures: self.failures,
            }),
            Phase::Open { until } if now < until => Err(until.duration_since(now)),
            Phase::Open { .. } => {
                self.trials += 1;
                let ticket = self.trials;
                self.phase = Phase::Trying { ticket };
                Ok(Ticket::Trial(ticket))
            }
            Phase::Trying { .. } => Err(Duration::ZERO),
        }
    }

    /// Notes how a call ended that was let through. `chance`, from 0 to 1, shortens a pause that
    /// begins by up to a half, so that many clients do not come back at once.
    fn ended(&mut self, ticket: Ticket, outcome: Outcome, now: Instant, chance: f64) {
        let found_out = match self.phase {
            Phase::Trying { ticket: current } => ticket == Ticket::Trial(current),
            _ => false,
        };
        match (outcome, self.phase) {
            // Also a call from before the pause: the server is there.
            (Outcome::Answer, _) => {
                *self = Self {
                    trials: self.trials,
                    ..Self::default()
                };
            }
            (Outcome::Silence, Phase::Closed) => {
                let failures = self.failures;
                if ticket != (Ticket::Usual { failures }) {
                    return;
                }
                self.failures += 1;
                self.silent_since.get_or_insert(now);
                if self.failures >= FAILURES {
                    self.rest(now, chance);
                }
            }
            (Outcome::Silence, Phase::Trying { .. }) if found_out => self.rest(now, chance),
            // Nobody found out: the next call may.
            (Outcome::Nothing, Phase::Trying { .. }) if found_out => {
                self.phase = Phase::Open { until: now };
            }
            // Calls from before the pause say nothing new.
            (Outcome::Silence | Outcome::Nothing, _) => {}
        }
    }

    /// Begins a pause.
    fn rest(&mut self, now: Instant, chance: f64) {
        let doubled = FIRST_PAUSE.saturating_mul(1 << self.pauses.min(8));
        let pause = doubled
            .min(LONGEST_PAUSE)
            .mul_f64(1.0 - chance.clamp(0.0, 1.0) / 2.0);
        self.pauses = self.pauses.saturating_add(1);
        self.phase = Phase::Open { until: now + pause };
    }

    /// Ends a pause: the next call is made to find out.
    fn hurry(&mut self, now: Instant) {
        if let Phase::Open { until } = &mut self.phase {
            *until = now.min(*until);
        }
    }

    fn state(&self, now: Instant) -> CircuitState {
        let silent_for = self
            .silent_since
            .map(|since| now.saturating_duration_since(since))
            .unwrap_or_default();
        match self.phase {
            Phase::Closed => CircuitState::Closed,
            Phase::Open { until } => CircuitState::Open {
                silent_for,
                retry_in: until.saturating_duration_since(now),
            },
            Phase::Trying { .. } => CircuitState::HalfOpen { silent_for },
        }
    }
}

/// The circuit breaker of one server. Clones are the same one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Circuit(Arc<Mutex<Machine>>);

impl Circuit {
    fn machine(&self) -> MutexGuard<'_, Machine> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets a call through, or says how long none will be made.
    pub(crate) fn admit(&self) -> Result<Pass, Duration> {
        let ticket = self.machine().admit(Instant::now())?;
        Ok(Pass {
            circuit: self.clone(),
            ticket,
            outcome: Outcome::Nothing,
        })
    }

    /// Ends a pause: the next call is made to find out.
    pub(crate) fn hurry(&self) {
        self.machine().hurry(Instant::now());
    }

    /// Whether calls are made.
    pub(crate) fn state(&self) -> CircuitState {
        self.machine().state(Instant::now())
    }
}

/// A call that was let through. When it is dropped the circuit learns how it ended, also where the
/// caller went away in the middle.
#[derive(Debug)]
pub(crate) struct Pass {
    circuit: Circuit,
    ticket: Ticket,
    outcome: Outcome,
}

impl Pass {
    /// Says how it ended.
    pub(crate) fn end(mut self, outcome: Outcome) {
        self.outcome = outcome;
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        let mut machine = self.circuit.machine();
        let was = machine.phase;
        let chance = rand::random_range(0.0..=1.0);
        machine.ended(self.ticket, self.outcome, Instant::now(), chance);
        let is = machine.phase;
        drop(machine);
        match (was, is) {
            (Phase::Closed, Phase::Open { .. }) => {
                tracing::warn!("authentik does not answer: it is left alone for a while");
            }
            (Phase::Open { .. } | Phase::Trying { .. }, Phase::Closed) => {
                tracing::info!("authentik answers again");
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
