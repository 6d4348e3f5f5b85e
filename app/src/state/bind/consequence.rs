//! What a binding does to people: who gains, who loses, for whom it stays as it is, and why.

use access::{Evaluator, Snapshot, User, Verdict};
use authentik_api::ApplicationPk;
use serde::{Deserialize, Serialize};
use setup::{
    access_change::{AccessDraft, Preview},
    change::Plan,
};

use super::Look;
use crate::state::{
    access_map::Span,
    named::{Part, Words, application, group, has_words, user, visible, words},
};

/// How many people a page has.
const PAGE: usize = 50;

/// What happens to somebody’s access.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Turn {
    /// Was refused, gets in.
    Gains,
    /// Got in, is refused.
    Loses,
    /// Is not known, before or after.
    Unknown,
    /// Gets in as before.
    StaysIn,
    /// Is refused as before.
    StaysOut,
}

impl Turn {
    /// All, in the order of the page.
    pub const ALL: [Self; 5] = [
        Self::Gains,
        Self::Loses,
        Self::Unknown,
        Self::StaysIn,
        Self::StaysOut,
    ];

    /// As it stands in the address.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Gains => "gains",
            Self::Loses => "loses",
            Self::Unknown => "unknown",
            Self::StaysIn => "in",
            Self::StaysOut => "out",
        }
    }

    /// What it is called.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Gains => "Gains access",
            Self::Loses => "Loses access",
            Self::Unknown => "Cannot be known",
            Self::StaysIn => "Gets in as before",
            Self::StaysOut => "Stays out as before",
        }
    }

    /// The one of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|turn| turn.word() == word)
    }

    const fn of(before: Verdict, after: Verdict) -> Self {
        use Verdict::{Allowed, Denied, Unknown};
        match (before, after) {
            (Denied, Allowed) => Self::Gains,
            (Allowed, Denied) => Self::Loses,
            (Unknown, _) | (_, Unknown) => Self::Unknown,
            (Allowed, Allowed) => Self::StaysIn,
            (Denied, Denied) => Self::StaysOut,
        }
    }
}

/// One person at one application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The person.
    pub person: Part,
    /// The login name.
    pub username: String,
    /// The application.
    pub application: Part,
    /// What happens.
    pub turn: Turn,
    /// Why it will be so.
    pub why: Words,
}

/// A group that is let in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Members {
    /// The group; a text where it is yet to be made.
    pub group: Part,
    /// The first few members, those of groups below included.
    pub people: Vec<Part>,
    /// How many there are.
    pub all: usize,
}

/// What a binding does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Consequences {
    /// The plan.
    pub plan: Plan,
    /// The groups that are let in, with their members.
    pub groups: Vec<Members>,
    /// The people of this page.
    pub lines: Vec<Line>,
    /// Where the page stands.
    pub span: Span,
    /// How many there are of each.
    pub counts: Vec<(Turn, u64)>,
}

/// How many members of a group are named.
const NAMED: usize = 12;

/// What the plan does to everybody at the chosen applications.
pub(super) fn consequences(
    before: &Snapshot,
    ahead: &Preview,
    draft: &AccessDraft,
    look: &Look,
) -> Consequences {
    let applications = named_in(before, draft);
    let (old, new) = (Evaluator::new(before), Evaluator::new(&ahead.then));
    let (was, will) = (old.matrix(), new.matrix());
    let mut cells: Vec<(Turn, &User, ApplicationPk)> = Vec::new();
    for pk in &applications {
        let rows = (was.application(*pk), will.application(*pk));
        let (Some(was), Some(will)) = rows else {
            continue;
        };
        for user in &before.users {
            let verdicts = (was.verdict(user.pk), will.verdict(user.pk));
            if let (Some(before), Some(after)) = verdicts {
                cells.push((Turn::of(before, after), user, *pk));
            }
        }
    }
    let counts = Turn::ALL.map(|turn| {
        let count = cells.iter().filter(|(it, ..)| *it == turn).count();
        (turn, u64::try_from(count).unwrap_or(u64::MAX))
    });
    cells.retain(|(turn, user, _)| {
        look.turn.is_none_or(|wanted| wanted == *turn)
            && has_words(&look.q, &[&user.username, &user.name])
    });
    cells.sort_by_cached_key(|(turn, user, pk)| (*turn, user.label().to_lowercase(), user.pk, *pk));
    let (span, skip) = Span::of(cells.len(), PAGE, look.page);
    let lines = cells.iter().skip(skip).take(PAGE);
    let lines = lines.filter_map(|(turn, it, pk)| {
        let reason = new.reason(it.pk, *pk)?;
        Some(Line {
            person: user(before, it.pk),
            username: it.username.clone(),
            application: application(before, *pk),
            turn: *turn,
            why: words(&ahead.then, &reason.sentence),
        })
    });
    Consequences {
        lines: lines.collect(),
        plan: ahead.plan.clone(),
        groups: members(before, &ahead.then, draft),
        span,
        counts: counts.to_vec(),
    }
}

/// The applications of a draft.
fn named_in(snapshot: &Snapshot, draft: &AccessDraft) -> Vec<ApplicationPk> {
    let AccessDraft::GroupBinding(draft) = draft else {
        return Vec::new();
    };
    let chosen = |it: &&access::Application| {
        let key = it.pk.to_string();
        let mut texts = draft.applications.iter().map(|text| text.trim());
        texts.any(|text| text == it.slug || text == key || text == it.name)
    };
    let applications = snapshot.applications.iter().filter(chosen);
    applications.map(|it| it.pk).collect()
}

fn members(before: &Snapshot, then: &Snapshot, draft: &AccessDraft) -> Vec<Members> {
    let AccessDraft::GroupBinding(draft) = draft else {
        return Vec::new();
    };
    let evaluator = Evaluator::new(then);
    let is = |it: &access::Group, text: &String| {
        let text = text.trim();
        text == it.name || text == it.pk.to_string()
    };
    let texts = || draft.groups.iter().chain(&draft.new_groups);
    let groups = then
        .groups
        .iter()
        .filter(|it| texts().any(|text| is(it, text)));
    groups
        .map(|it| {
            let people: Vec<_> = evaluator.members(it.pk).into_iter().flatten().collect();
            let group = match before.group(it.pk) {
                Some(_) => group(before, it.pk),
                None => Part::Name {
                    name: visible(&it.name, &it.pk),
                    href: None,
                },
            };
            Members {
                group,
                all: people.len(),
                people: people
                    .iter()
                    .take(NAMED)
                    .map(|pk| user(before, *pk))
                    .collect(),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use setup::access_change::{Acting, GroupBinding, preview};

    use super::*;
    use crate::state::{named::plain, samples};

    fn outcome(draft: GroupBinding, look: &Look) -> Consequences {
        let home = samples::home();
        let draft = AccessDraft::GroupBinding(draft);
        let ahead = preview(&draft, &home, &Acting::default()).unwrap();
        consequences(&home, &ahead, &draft, look)
    }

    fn kids_only() -> GroupBinding {
        GroupBinding {
            applications: vec!["status".into()],
            groups: vec!["kids".into()],
            ..GroupBinding::default()
        }
    }

    #[test]
    fn everybody_is_in_one_of_the_lists_with_the_reason() {
        let found = outcome(kids_only(), &Look::default());
        let shape: Vec<_> = found
            .lines
            .iter()
            .map(|it| (it.turn, it.username.as_str(), plain(&it.why)))
            .collect();
        assert_eq!(shape[0].0, Turn::Loses);
        assert_eq!(shape[0].1, "jodie");
        assert!(shape[0].2.contains("not in “kids”"), "{:?}", shape[0]);
        assert!(
            shape
                .iter()
                .any(|(turn, who, _)| (*turn, *who) == (Turn::StaysIn, "sam"))
        );
        // Who may not sign in got in nowhere.
        assert!(
            shape
                .iter()
                .any(|(turn, who, _)| (*turn, *who) == (Turn::StaysOut, "old"))
        );
        let all: u64 = found.counts.iter().map(|(_, count)| count).sum();
        assert_eq!(all, 3);
        assert_eq!((found.groups.len(), found.groups[0].all), (1, 1));
    }

    #[test]
    fn the_list_is_narrowed_down_by_name_and_turn() {
        let by = |q: &str, turn| {
            let look = Look {
                q: q.to_owned(),
                turn,
                page: 1,
            };
            let found = outcome(kids_only(), &look);
            found
                .lines
                .into_iter()
                .map(|it| it.username)
                .collect::<Vec<_>>()
        };
        assert_eq!(by("JO", None), ["jodie"]);
        assert_eq!(by("", Some(Turn::StaysIn)), ["sam"]);
        assert_eq!(by("jo", Some(Turn::StaysIn)), Vec::<String>::new());
    }

    #[test]
    fn a_new_group_has_nobody_in_it() {
        let draft = GroupBinding {
            applications: vec!["jellyfin".into()],
            new_groups: vec!["jellyfin-users".into()],
            ..GroupBinding::default()
        };
        let found = outcome(draft, &Look::default());
        assert_eq!((found.groups.len(), found.groups[0].all), (1, 0));
    }
}
