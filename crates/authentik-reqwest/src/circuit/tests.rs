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
