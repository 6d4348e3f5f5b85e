//! Why one person may or may not open one application, and what would turn the answer round.

mod describe;
mod flips;
mod reason;
mod words;

pub use self::{
    flips::{Flip, SideEffects},
    reason::{BindingOutcome, Evidence, Reason, Rule},
};
use crate::Evaluator;
use authentik_api::{ApplicationPk, UserPk};
use serde::{Deserialize, Serialize};

/// Why one person may or may not open one application, and what would turn the answer round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// Why.
    pub reason: Reason,
    /// The smallest changes that turn the answer round, the gentlest first; each was tried. For an
    /// unknown answer: that make it known, one way or the other.
    pub flips: Vec<Flip>,
}

impl Evaluator<'_> {
    /// Why a user may or may not open an application, with the changes that would turn the answer
    /// round. `None` when there is no such user or application.
    pub fn explain(&self, user: UserPk, application: ApplicationPk) -> Option<Explanation> {
        let reason = self.reason(user, application)?;
        Some(Explanation {
            flips: flips::flips(self, &reason),
            reason,
        })
    }
}
