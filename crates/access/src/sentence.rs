//! Sentences with names in them.

use std::fmt;

use authentik_api::{ApplicationPk, GroupPk, PolicyPk, UserPk};
use serde::{Deserialize, Serialize};

use crate::{Application, Because, Snapshot, User};

/// A part of a sentence. Names stand apart from the text, so that a page can link them, isolate their
/// direction of writing, and never take them for markup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "piece", rename_all = "snake_case")]
pub enum Piece {
    /// Plain words.
    Text {
        /// The words.
        text: String,
    },
    /// A user's name.
    User {
        /// Key.
        pk: UserPk,
        /// Full name, or the login name where there is none.
        name: String,
    },
    /// A group's name.
    Group {
        /// Key.
        pk: GroupPk,
        /// Name.
        name: String,
    },
    /// An application's name.
    Application {
        /// Key.
        pk: ApplicationPk,
        /// Name, or the slug where there is none.
        name: String,
    },
    /// A policy's name.
    Policy {
        /// Key.
        pk: PolicyPk,
        /// Name.
        name: String,
    },
}

impl fmt::Display for Piece {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text { text } => f.write_str(text),
            Self::User { name, .. }
            | Self::Group { name, .. }
            | Self::Application { name, .. }
            | Self::Policy { name, .. } => write!(f, "“{name}”"),
        }
    }
}

/// A sentence in plain English. `Display` gives it as text, names in quotation marks.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sentence {
    /// Its parts, to be put one behind the other.
    pub pieces: Vec<Piece>,
}

impl fmt::Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pieces.iter().try_for_each(|piece| piece.fmt(f))
    }
}

impl Sentence {
    pub(crate) fn text(mut self, text: impl Into<String>) -> Self {
        let text = text.into();
        match self.pieces.last_mut() {
            Some(Piece::Text { text: last }) => last.push_str(&text),
            _ => self.pieces.push(Piece::Text { text }),
        }
        self
    }

    pub(crate) fn user(mut self, snapshot: &Snapshot, pk: UserPk) -> Self {
        let name = snapshot.user(pk).map(User::label).unwrap_or_default();
        let name = or_key(name, &pk);
        self.pieces.push(Piece::User { pk, name });
        self
    }

    pub(crate) fn group(mut self, snapshot: &Snapshot, pk: GroupPk) -> Self {
        let name = snapshot.group(pk).map(|group| group.name.as_str());
        let name = or_key(name.unwrap_or_default(), &pk);
        self.pieces.push(Piece::Group { pk, name });
        self
    }

    pub(crate) fn application(mut self, snapshot: &Snapshot, pk: ApplicationPk) -> Self {
        let name = snapshot.application(pk).map(Application::label);
        let name = or_key(name.unwrap_or_default(), &pk);
        self.pieces.push(Piece::Application { pk, name });
        self
    }

    pub(crate) fn policy(mut self, snapshot: &Snapshot, pk: PolicyPk) -> Self {
        let name = snapshot.policy(pk).map(|policy| policy.name.as_str());
        let name = or_key(name.unwrap_or_default(), &pk);
        self.pieces.push(Piece::Policy { pk, name });
        self
    }

    pub(crate) fn because(self, snapshot: &Snapshot, because: &Because) -> Self {
        match because {
            Because::Policy { policy, kind, .. } => {
                self.text(format!("the {kind} ")).policy(snapshot, *policy)
            }
            other => self.text(other.to_string()),
        }
    }

    pub(crate) fn sentence(mut self, other: Self) -> Self {
        for piece in other.pieces {
            match piece {
                Piece::Text { text } => self = self.text(text),
                name => self.pieces.push(name),
            }
        }
        self
    }

    /// The parts, with commas and a last `and` between them.
    pub(crate) fn list(self, parts: Vec<Self>) -> Self {
        let count = parts.len();
        let parts = parts.into_iter().enumerate();
        parts.fold(self, |sentence, (index, part)| {
            let before = match index {
                0 => "",
                _ if index + 1 == count => " and ",
                _ => ", ",
            };
            sentence.text(before).sentence(part)
        })
    }
}

/// The name, or the key where the name shows nothing.
fn or_key(name: &str, key: &impl fmt::Display) -> String {
    if name.trim().is_empty() {
        key.to_string()
    } else {
        name.to_owned()
    }
}
