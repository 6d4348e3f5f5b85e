//! Change sets: a plan is executed step by step, journaled, and can be undone.
//!
//! Everything here is independent of what is set up. A guided set-up makes a [`Plan`]; the
//! [`executor`] carries it out over any transport, telling a [`Journal`] before and after each
//! step; from the journal's entries alone [`Progress`] knows what was done, so that a change set
//! survives the death of the process.

mod diff;
mod effect;
pub mod executor;
mod journal;
mod object;
mod plan;
mod reference;
mod state;

pub(crate) use self::object::by_name;
pub use self::{
    effect::{Act, Effect},
    executor::{ApplyError, apply, undo},
    journal::{Entry, Journal, Progress, StepState},
    object::Object,
    plan::{
        AccessSummary, Alteration, Confirmation, Creation, Find, Line, Plan, PlannedRequest, Step,
        Verb,
    },
    reference::{Outputs, ReferenceError, reference, secret_reference},
    state::State,
};
