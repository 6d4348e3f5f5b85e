//! Change sets: a plan is executed step by step, journaled, and can be undone.
//!
//! Everything here is independent of what is set up. A guided set-up makes a [`Plan`]; the
//! [`executor`] carries it out over any transport, telling a [`Journal`] before and after each
//! step; from the journal's entries alone [`Progress`] knows what was done, so that a change set
//! survives the death of the process.

pub mod executor;
mod journal;
mod object;
mod plan;
mod reference;
mod state;

pub use self::{
    executor::{ApplyError, apply, undo},
    journal::{Entry, Journal, Progress, StepState},
    object::{Created, Object},
    plan::{AccessSummary, Creation, Find, Line, Plan, PlannedRequest, Step},
    reference::{Outputs, ReferenceError, reference, secret_reference},
    state::State,
};
