//! Open doors: applications that stand open, or whose bindings do not do what they seem to.

use access::{Evaluator, OpenDoor, Remark, Snapshot, open_doors};
use serde::{Deserialize, Serialize};
use ui::Tone;

use super::named::{Words, visible, words};

/// What is the matter with a door, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Everyone gets in.
    Open,
    /// Its bindings hold less than they seem to.
    Loose,
    /// Nobody gets in.
    Shut,
    /// A binding does nothing.
    Idle,
}

impl Kind {
    /// All of them, the worst first.
    pub const ALL: [Self; 4] = [Self::Open, Self::Loose, Self::Shut, Self::Idle];

    /// What the address says.
    pub const fn value(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Loose => "loose",
            Self::Shut => "shut",
            Self::Idle => "idle",
        }
    }

    /// In a few words.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Open => "Open to everyone",
            Self::Loose => "Weaker than it looks",
            Self::Shut => "Nobody gets in",
            Self::Idle => "Binding without effect",
        }
    }

    /// Its meaning.
    pub const fn tone(self) -> Tone {
        match self {
            Self::Open | Self::Loose => Tone::Warning,
            Self::Shut => Tone::Danger,
            Self::Idle => Tone::Neutral,
        }
    }

    const fn of(door: &OpenDoor) -> Self {
        match door.remark {
            _ if door.everyone => Self::Open,
            Remark::NegatedLetsEveryoneIn { .. }
            | Remark::AllActsAsAny { .. }
            | Remark::ExpiredBinding { .. } => Self::Loose,
            Remark::NoEnabledBinding { .. } | Remark::NobodyGetsIn => Self::Shut,
            Remark::EmptyGroup { .. }
            | Remark::InactiveGroup { .. }
            | Remark::InactiveUser { .. } => Self::Idle,
        }
    }
}

/// An application about which there is something to say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Door {
    /// Slug.
    pub slug: String,
    /// Name.
    pub name: String,
    /// The worst that is the matter with it.
    pub kind: Kind,
    /// What is the matter, the worst first.
    pub remarks: Vec<Words>,
    /// People who get in.
    pub people: u32,
    /// People of whom it is not known.
    pub unknown: u32,
}

/// All of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doors {
    /// The worst first, then by how many get in.
    pub doors: Vec<Door>,
    /// Applications in all.
    pub applications: usize,
    /// When that was true, RFC 3339.
    pub taken_at: String,
}

impl Doors {
    /// How many are of this kind.
    pub fn count(&self, kind: Kind) -> u64 {
        let count = self.doors.iter().filter(|door| door.kind == kind).count();
        u64::try_from(count).unwrap_or(u64::MAX)
    }

    /// The ones of the kind that the address names; all where it names none.
    pub fn of_kind(&self, value: &str) -> Vec<&Door> {
        let wanted = Kind::ALL.into_iter().find(|kind| kind.value() == value);
        let fits = |door: &&Door| wanted.is_none_or(|wanted| door.kind == wanted);
        self.doors.iter().filter(fits).collect()
    }
}

/// Open doors, one entry per application.
pub fn doors(snapshot: &Snapshot) -> Doors {
    let matrix = Evaluator::new(snapshot).matrix();
    let found = open_doors(snapshot);
    let mut doors: Vec<Door> = Vec::new();
    for application in &snapshot.applications {
        let of_application = found.iter().filter(|it| it.application == application.pk);
        let mut remarks: Vec<&OpenDoor> = of_application.collect();
        remarks.sort_by_key(|door| Kind::of(door));
        let Some(worst) = remarks.first().copied() else {
            continue;
        };
        let counts = matrix
            .application(application.pk)
            .map(access::MatrixRow::counts);
        let counts = counts.unwrap_or_default();
        doors.push(Door {
            slug: application.slug.clone(),
            name: visible(&application.name, &application.slug),
            kind: Kind::of(worst),
            remarks: remarks
                .iter()
                .map(|it| words(snapshot, &it.sentence))
                .collect(),
            people: counts.allowed,
            unknown: counts.unknown,
        });
    }
    doors.sort_by_cached_key(|door| {
        let most = u32::MAX - door.people;
        (door.kind, most, door.name.to_lowercase(), door.slug.clone())
    });
    Doors {
        doors,
        applications: snapshot.applications.len(),
        taken_at: snapshot.taken_at.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use access::Binding;
    use authentik_api::models::Subject;

    use super::*;
    use crate::state::{named::plain, samples};

    #[test]
    fn doors_name_each_application_once_and_the_worst_first() {
        let mut home = samples::home();
        let empty = Subject::Group(samples::ADMINS);
        home.bindings.push(Binding::new(
            samples::binding(7),
            samples::JELLYFIN,
            empty,
            5,
        ));
        let doors = doors(&home);
        let shape: Vec<_> = doors
            .doors
            .iter()
            .map(|door| (door.slug.as_str(), door.kind, door.people))
            .collect();
        assert_eq!(
            shape,
            [("status", Kind::Open, 2), ("jellyfin", Kind::Idle, 1)]
        );
        assert_eq!(doors.count(Kind::Open), 1);
        assert_eq!(doors.of_kind("idle").len(), 1);
        assert_eq!(doors.of_kind("").len(), 2);
        let status = doors.doors.first().unwrap();
        let said = plain(status.remarks.first().unwrap());
        assert_eq!(said, "“Status” has no binding: everyone gets in.");
    }

    #[test]
    fn closed_applications_are_shut_and_not_open() {
        let mut home = samples::home();
        home.default_app_access = false;
        let doors = doors(&home);
        assert_eq!(doors.count(Kind::Open), 0);
        assert_eq!(doors.of_kind("shut").len(), 1);
    }
}
