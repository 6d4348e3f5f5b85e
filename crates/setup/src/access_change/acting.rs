use authentik_api::UserPk;
use serde::{Deserialize, Serialize};

/// More people than this lose access only after a confirmation was typed, unless set otherwise.
pub const MAX_UNCONFIRMED_LOSSES: usize = 5;

/// Who is about to change something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acting {
    /// The user whom the console's token belongs to. It has to stay a superuser (trap T8).
    pub console: Option<UserPk>,
    /// The person at the console, where it is a user of authentik.
    pub person: Option<UserPk>,
    /// More people than this lose access only after a confirmation.
    pub max_unconfirmed_losses: usize,
}

impl Default for Acting {
    fn default() -> Self {
        Self {
            console: None,
            person: None,
            max_unconfirmed_losses: MAX_UNCONFIRMED_LOSSES,
        }
    }
}

impl Acting {
    /// The users who must not lock themselves out by accident, with what they are called.
    pub(super) fn users(&self) -> impl Iterator<Item = (UserPk, &'static str)> {
        let console = self
            .console
            .map(|pk| (pk, "the user of the console’s token"));
        let person = self.person.filter(|pk| Some(*pk) != self.console);
        console.into_iter().chain(person.map(|pk| (pk, "you")))
    }
}
