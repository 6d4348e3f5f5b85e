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
mod tests {
    use proptest::prelude::*;

    use super::*;

    const USUAL: Ticket = Ticket::Usual { failures: 0 };

    fn after(start: Instant, seconds: u64) -> Instant {
        start + Duration::from_secs(seconds)
    }

    /// A machine whose pause began at `start`.
    fn open(start: Instant) -> Machine {
        let mut machine = Machine::default();
        for _ in 0..FAILURES {
            let ticket = machine.admit(start).unwrap();
            machine.ended(ticket, Outcome::Silence, start, 0.0);
        }
        machine
    }

    #[test]
    fn calls_without_an_answer_open_it_only_one_after_the_other() {
        let start = Instant::now();
        let mut machine = Machine::default();
        for round in 0..20 {
            let outcome = if round % FAILURES == FAILURES - 1 {
                Outcome::Answer
            } else {
                Outcome::Silence
            };
            let ticket = machine.admit(start).unwrap();
            machine.ended(ticket, outcome, start, 0.0);
        }
        assert!(machine.state(start).is_closed());
        let machine = open(start);
        assert_eq!(
            machine.state(after(start, 2)),
            CircuitState::Open {
                silent_for: Duration::from_secs(2),
                retry_in: Duration::from_secs(3),
            }
        );
    }

    #[test]
    fn calls_that_fail_together_are_one_hiccup() {
        let start = Instant::now();
        let mut machine = Machine::default();
        let together: Vec<_> = (0..20).map(|_| machine.admit(start).unwrap()).collect();
        for ticket in together {
            machine.ended(ticket, Outcome::Silence, start, 0.0);
        }
        assert!(machine.state(start).is_closed());
        assert_eq!(machine.failures, 1);
    }

    #[test]
    fn pause_lets_one_call_through_at_its_end_and_its_answer_closes() {
        let start = Instant::now();
        let mut machine = open(start);
        assert_eq!(machine.admit(after(start, 4)), Err(Duration::from_secs(1)));
        let end = after(start, 5);
        let trial = machine.admit(end).unwrap();
        assert!(matches!(trial, Ticket::Trial(_)));
        assert_eq!(machine.admit(end), Err(Duration::ZERO), "one only");
        machine.ended(trial, Outcome::Answer, end, 0.0);
        assert!(machine.state(end).is_closed());
        assert_eq!(machine.admit(end), Ok(USUAL));
    }

    #[test]
    fn pauses_grow_up_to_a_minute_and_begin_anew_after_an_answer() {
        let start = Instant::now();
        let mut machine = open(start);
        let mut now = start;
        let mut pauses = Vec::new();
        for _ in 0..6 {
            let CircuitState::Open { retry_in, .. } = machine.state(now) else {
                panic!("open");
            };
            pauses.push(retry_in.as_secs());
            now += retry_in;
            let trial = machine.admit(now).unwrap();
            machine.ended(trial, Outcome::Silence, now, 0.0);
        }
        assert_eq!(pauses, [5, 10, 20, 40, 60, 60]);
        machine.hurry(now);
        let trial = machine.admit(now).unwrap();
        machine.ended(trial, Outcome::Answer, now, 0.0);
        for failures in 0..FAILURES {
            machine.ended(Ticket::Usual { failures }, Outcome::Silence, now, 1.0);
        }
        assert_eq!(machine.admit(now), Err(Duration::from_millis(2500)));
    }

    #[test]
    fn call_that_is_given_up_leaves_the_finding_out_to_the_next() {
        let start = Instant::now();
        let mut machine = open(start);
        machine.hurry(start);
        let trial = machine.admit(start).unwrap();
        machine.ended(trial, Outcome::Nothing, start, 0.0);
        assert!(machine.admit(start).is_ok());
    }

    #[test]
    fn late_calls_from_before_the_pause_change_it_only_by_an_answer() {
        let start = Instant::now();
        let mut machine = open(start);
        let before = machine.state(start);
        machine.ended(USUAL, Outcome::Silence, start, 0.0);
        machine.ended(USUAL, Outcome::Nothing, start, 0.0);
        assert_eq!(machine.state(start), before);
        machine.hurry(start);
        let trial = machine.admit(start).unwrap();
        machine.ended(USUAL, Outcome::Silence, start, 0.0);
        assert!(matches!(
            machine.state(start),
            CircuitState::HalfOpen { .. }
        ));
        machine.ended(USUAL, Outcome::Answer, start, 0.0);
        assert!(machine.state(start).is_closed());
        machine.ended(trial, Outcome::Silence, start, 0.0);
        assert!(machine.state(start).is_closed(), "one failure of five");
    }

    #[test]
    fn dropped_pass_tells_the_circuit() {
        let circuit = Circuit::default();
        for _ in 0..FAILURES {
            circuit.admit().unwrap().end(Outcome::Silence);
        }
        assert!(circuit.admit().is_err());
        circuit.hurry();
        let trial = circuit.admit().unwrap();
        assert!(circuit.admit().is_err());
        drop(trial);
        circuit.admit().unwrap().end(Outcome::Answer);
        assert!(circuit.state().is_closed());
    }

    /// Something that happens to a machine.
    #[derive(Debug, Clone)]
    enum Happening {
        Call,
        End(usize, Outcome),
        Wait(u64),
        Hurry,
    }

    fn happening() -> impl Strategy<Value = Happening> {
        let outcome = prop_oneof![
            1 => Just(Outcome::Answer),
            4 => Just(Outcome::Silence),
            1 => Just(Outcome::Nothing),
        ];
        prop_oneof![
            4 => Just(Happening::Call),
            4 => (0usize..8, outcome).prop_map(|(which, outcome)| Happening::End(which, outcome)),
            2 => (0u64..90_000).prop_map(Happening::Wait),
            1 => Just(Happening::Hurry),
        ]
    }

    proptest! {
        /// Whatever happens: one call at most finds out, no pause is longer than a minute, an answer
        /// closes, and once all calls have ended a wait of a minute lets one through.
        #[test]
        fn machine_never_locks_anybody_out_for_good(
            happenings in prop::collection::vec(happening(), 0..200),
            chance in 0.0f64..=1.0,
        ) {
            let mut now = Instant::now();
            let mut machine = Machine::default();
            let mut under_way: Vec<Ticket> = Vec::new();
            for happening in happenings {
                match happening {
                    Happening::Call => match machine.admit(now) {
                        Ok(ticket) => under_way.push(ticket),
                        Err(wait) => prop_assert!(wait <= LONGEST_PAUSE),
                    },
                    Happening::End(which, outcome) if !under_way.is_empty() => {
                        let ticket = under_way.remove(which % under_way.len());
                        machine.ended(ticket, outcome, now, chance);
                        if outcome == Outcome::Answer {
                            prop_assert!(machine.state(now).is_closed());
                        }
                    }
                    Happening::End(..) => {}
                    Happening::Wait(ms) => now += Duration::from_millis(ms),
                    Happening::Hurry => machine.hurry(now),
                }
                if let Phase::Trying { ticket } = machine.phase {
                    let finding_out = under_way.iter().filter(|it| **it == Ticket::Trial(ticket)).count();
                    prop_assert_eq!(finding_out, 1, "somebody does find out");
                }
            }
            for ticket in under_way {
                machine.ended(ticket, Outcome::Nothing, now, chance);
            }
            prop_assert!(machine.admit(now + LONGEST_PAUSE).is_ok());
        }

        /// Fewer calls without an answer than it takes never open it, however they end.
        #[test]
        fn machine_opens_at_the_fifth_silence_in_a_row_and_not_before(
            outcomes in prop::collection::vec(prop_oneof![
                Just(Outcome::Answer), Just(Outcome::Silence), Just(Outcome::Nothing)
            ], 0..60),
        ) {
            let now = Instant::now();
            let mut machine = Machine::default();
            let mut in_a_row = 0;
            for outcome in outcomes {
                let ticket = machine.admit(now);
                let usual = Ticket::Usual { failures: in_a_row };
                prop_assert_eq!(ticket, Ok(usual));
                machine.ended(usual, outcome, now, 0.5);
                in_a_row = match outcome {
                    Outcome::Answer => 0,
                    Outcome::Silence => in_a_row + 1,
                    Outcome::Nothing => in_a_row,
                };
                prop_assert_eq!(machine.state(now).is_closed(), in_a_row < FAILURES);
                if in_a_row == FAILURES {
                    break;
                }
            }
        }
    }
}
