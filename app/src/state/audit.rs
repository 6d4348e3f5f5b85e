//! The audit log as pages and programs see it.

use serde::{Deserialize, Serialize};

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Audited {
    /// The first account was made.
    FirstRun,
    /// Somebody came in, or tried to.
    SignIn,
    /// Somebody left.
    SignOut,
    /// Somebody proved once more who they are, or tried to.
    StepUp,
    /// The passphrase was changed.
    Passphrase,
    /// A session was ended by somebody.
    EndSession,
    /// A key for a program was made.
    MakeKey,
    /// A key was revoked.
    RevokeKey,
    /// The keys of the vault were changed, at the command line.
    Keys,
    /// The connection to authentik was changed.
    Connection,
    /// Signing in with authentik was set up or changed.
    SignInSettings,
    /// A secret was shown.
    Reveal,
    /// A change set was applied.
    Apply,
    /// A change set was undone.
    Undo,
    /// A change set was found broken off.
    Interrupted,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AuditOutcome {
    /// It was begun; another entry says how it ended.
    Begun,
    /// It was done.
    Done,
    /// It was not allowed.
    Refused,
    /// It did not work.
    Failed,
}

impl Audited {
    /// All of them.
    pub const ALL: [Self; 15] = [
        Self::FirstRun,
        Self::SignIn,
        Self::SignOut,
        Self::StepUp,
        Self::Passphrase,
        Self::EndSession,
        Self::MakeKey,
        Self::RevokeKey,
        Self::Keys,
        Self::Connection,
        Self::SignInSettings,
        Self::Reveal,
        Self::Apply,
        Self::Undo,
        Self::Interrupted,
    ];

    /// As it is kept, and as it stands in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FirstRun => "first-run",
            Self::SignIn => "sign-in",
            Self::SignOut => "sign-out",
            Self::StepUp => "step-up",
            Self::Passphrase => "passphrase",
            Self::EndSession => "end-session",
            Self::MakeKey => "make-key",
            Self::RevokeKey => "revoke-key",
            Self::Keys => "keys",
            Self::Connection => "connection",
            Self::SignInSettings => "sign-in-settings",
            Self::Reveal => "reveal",
            Self::Apply => "apply",
            Self::Undo => "undo",
            Self::Interrupted => "interrupted",
        }
    }

    /// For people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::FirstRun => "First account",
            Self::SignIn => "Signing in",
            Self::SignOut => "Signing out",
            Self::StepUp => "Proof of identity",
            Self::Passphrase => "Passphrase changed",
            Self::EndSession => "Session ended",
            Self::MakeKey => "API key made",
            Self::RevokeKey => "API key revoked",
            Self::Keys => "Keys of the vault changed",
            Self::Connection => "Connection changed",
            Self::SignInSettings => "Signing in with authentik changed",
            Self::Reveal => "Secret shown",
            Self::Apply => "Change set applied",
            Self::Undo => "Change set undone",
            Self::Interrupted => "Change set broken off",
        }
    }

    /// The action of this name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == text)
    }
}

impl AuditOutcome {
    /// As it is kept.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Begun => "begun",
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}

/// One entry of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// Its number, from 1 without a gap.
    #[serde(default)]
    pub number: i64,
    /// RFC 3339.
    #[serde(default)]
    pub at: String,
    /// Who: the name of the session, or what a stranger called themselves.
    pub name: String,
    /// Their role; empty for a stranger.
    pub role: String,
    /// Id of their session: no secret.
    pub session: String,
    /// Network address.
    pub address: String,
    /// What.
    pub action: Audited,
    /// To what.
    pub about: String,
    /// What became of it.
    pub outcome: AuditOutcome,
    /// More about that.
    pub detail: String,
    /// Id of the change set, where it is one.
    pub change: String,
    /// SHA-256 of what the change set holds: its plan with what was there before, or what it did.
    pub digest: String,
}

/// Which entries are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditQuery {
    /// One kind of action.
    pub action: Option<Audited>,
    /// A text anywhere in them.
    pub text: String,
    /// Number of the page, from 1.
    pub page: u32,
}

/// A page of the log, the latest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditPage {
    /// The entries.
    pub entries: Vec<AuditEntry>,
    /// How many there are on all pages.
    pub count: u64,
    /// How many a page has.
    pub per_page: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_written() {
        for action in Audited::ALL {
            assert_eq!(Audited::parse(action.as_str()), Some(action));
            let json = serde_json::to_value(action).unwrap();
            assert_eq!(json, action.as_str());
        }
        assert_eq!(Audited::parse("everything"), None);
    }
}
