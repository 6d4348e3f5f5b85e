//! The guided group binding: applications, then groups and people, then what it does to whom. Nothing is kept on
//! the server: the address of each step holds everything chosen so far.

mod consequence;
mod steps;

use std::collections::BTreeMap;

use access::{Evaluator, Snapshot};
use serde::{Deserialize, Serialize};
use setup::{
    FieldErrors,
    access_change::{AccessDraft, Acting, preview, suggested_name},
};
use ui::StepItem;

use self::steps::{Position, stepper};
pub use self::{
    consequence::{Consequences, Line, Turn},
    steps::stepper_of,
};
use super::{
    access_edit::{TRIED, complete},
    access_form::{draft, is_on, list},
    access_task::Task,
    applications::Entry,
    form::Fields,
    named::{isolated, visible},
    picks::{Pick, picks},
    text::count,
};
use crate::links;

/// A step of the wizard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Step {
    /// Which applications.
    Applications,
    /// Which groups and people are let in.
    Groups,
    /// Who gains, who loses.
    People,
}

impl Step {
    /// All that the wizard itself asks, in order.
    pub const ALL: [Self; 3] = [Self::Applications, Self::Groups, Self::People];

    /// The step as it stands in the address.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Applications => "applications",
            Self::Groups => "groups",
            Self::People => "people",
        }
    }

    /// The step of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.word() == word)
    }

    const fn label(self) -> &'static str {
        match self {
            Self::Applications => "Applications",
            Self::Groups => "Groups",
            Self::People => "People",
        }
    }

    /// The fields that it asks for.
    pub const fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Applications => &["applications"],
            Self::Groups => &[
                "groups",
                "new_groups",
                "users",
                "order",
                "negate",
                "enabled",
            ],
            Self::People => &[],
        }
    }
}

/// What the page of a step shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bind {
    /// The step: the one asked for, or an earlier one where something is missing.
    pub step: Step,
    /// Everything chosen so far.
    pub fields: Fields,
    /// What is wrong with it.
    pub errors: FieldErrors,
    /// Applications to tick.
    pub applications: Vec<Pick>,
    /// Groups to tick.
    pub groups: Vec<Pick>,
    /// The name that a new group for the chosen application gets by custom, unless there is one.
    pub suggestion: Option<String>,
    /// What the binding does.
    pub consequences: Option<Consequences>,
    /// When that was true, RFC 3339.
    pub taken_at: String,
}

/// What is asked of the list of people.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Look {
    /// Words of a name.
    pub q: String,
    /// Only these.
    pub turn: Option<Turn>,
    /// Page, from 1.
    pub page: u32,
}

/// The step `wanted` with `fields`, or the first one that something is wrong with.
pub fn bind(
    snapshot: &Snapshot,
    wanted: Step,
    fields: Fields,
    look: &Look,
    acting: &Acting,
) -> Bind {
    let tried = fields.contains_key(TRIED);
    let fields = chosen(fields);
    let outcome = draft(&complete(Task::Bind, fields.clone()));
    let outcome = outcome.and_then(|draft| {
        let ahead = preview(&draft, snapshot, acting)?;
        Ok((draft, ahead))
    });
    let empty = FieldErrors::default();
    let errors = outcome.as_ref().err().unwrap_or(&empty);
    let step = first_wrong(errors).map_or(wanted, |wrong| wrong.min(wanted));
    // What was not asked yet is not wrong yet.
    let errors = if step < wanted || tried {
        errors.filter(|field| step_of(field) == step)
    } else {
        FieldErrors::default()
    };
    let consequences = match &outcome {
        Ok((draft, ahead)) if step == Step::People => {
            Some(consequence::consequences(snapshot, ahead, draft, look))
        }
        _ => None,
    };
    Bind {
        applications: applications(snapshot, &list(&fields, "applications")),
        groups: groups(snapshot, &list(&fields, "groups")),
        suggestion: suggestion(snapshot, &fields),
        step,
        errors,
        fields,
        consequences,
        taken_at: snapshot.taken_at.to_string(),
    }
}

/// The fields of the draft only.
fn chosen(mut fields: Fields) -> Fields {
    let asked = |name: &str| Step::ALL.iter().any(|step| step.fields().contains(&name));
    fields.retain(|name, value| {
        !value.trim().is_empty() && asked(name.split('.').next().unwrap_or_default())
    });
    fields
}

/// The step that asks for a field.
fn step_of(field: &str) -> Step {
    let field = field.split('.').next().unwrap_or_default();
    let step = Step::ALL
        .into_iter()
        .find(|step| step.fields().contains(&field));
    step.unwrap_or(Step::Groups)
}

fn first_wrong(errors: &FieldErrors) -> Option<Step> {
    errors.0.keys().map(|field| step_of(field)).min()
}

fn applications(snapshot: &Snapshot, chosen: &[String]) -> Vec<Pick> {
    let open = Evaluator::new(snapshot).open_without_binding();
    let mut counting: BTreeMap<_, u32> = BTreeMap::new();
    for binding in &snapshot.bindings {
        if binding.enabled && !binding.has_expired(snapshot.taken_at) {
            *counting.entry(binding.application).or_default() += 1;
        }
    }
    let mut lines: Vec<Pick> = snapshot
        .applications
        .iter()
        .map(|application| {
            let bindings = counting.get(&application.pk).copied().unwrap_or_default();
            let (hint, warning) = match Entry::of(bindings, open) {
                Entry::Open => (String::new(), "Open to everyone"),
                Entry::Closed => ("Nobody gets in".to_owned(), ""),
                Entry::Restricted(bindings) => (
                    count(bindings.into(), "binding decides", "bindings decide"),
                    "",
                ),
            };
            let name = isolated(&visible(&application.name, &application.slug));
            Pick {
                warning: warning.to_owned(),
                ..Pick::new(application.slug.clone(), name, hint)
            }
        })
        .collect();
    lines.sort_by_cached_key(|it| (it.label.to_lowercase(), it.value.clone()));
    picks(lines, chosen)
}

fn groups(snapshot: &Snapshot, chosen: &[String]) -> Vec<Pick> {
    let evaluator = Evaluator::new(snapshot);
    let mut lines: Vec<Pick> = snapshot
        .groups
        .iter()
        .map(|group| {
            let people = evaluator.members(group.pk).map_or(0, Iterator::count);
            let people = u64::try_from(people).unwrap_or(u64::MAX);
            let warning = if evaluator.makes_superusers(group.pk) {
                "Superusers"
            } else {
                ""
            };
            let name = isolated(&visible(&group.name, &group.pk));
            Pick {
                warning: warning.to_owned(),
                ..Pick::new(
                    group.pk.to_string(),
                    name,
                    count(people, "person", "people"),
                )
            }
        })
        .collect();
    lines.sort_by_cached_key(|it| (it.label.to_lowercase(), it.value.clone()));
    picks(lines, chosen)
}

/// The name of a group of its own for the first application.
fn suggestion(snapshot: &Snapshot, fields: &Fields) -> Option<String> {
    let name = suggested_name(list(fields, "applications").first()?);
    let taken = snapshot.groups.iter().any(|group| group.name == name);
    (!taken).then_some(name)
}

impl Bind {
    /// The draft of everything chosen so far.
    ///
    /// # Errors
    /// What cannot be read.
    pub fn draft(&self) -> Result<AccessDraft, FieldErrors> {
        draft(&complete(Task::Bind, self.fields.clone()))
    }

    /// The items of a list.
    pub fn list(&self, name: &str) -> Vec<String> {
        list(&self.fields, name)
    }

    /// Whether a switch is on; `enabled` is, unless it was switched off.
    pub fn is_on(&self, name: &str) -> bool {
        match self.fields.get(name) {
            Some(value) => is_on(value),
            None => name == "enabled",
        }
    }

    /// The fields that other steps than this one ask for.
    pub fn kept(&self) -> Vec<(String, String)> {
        let here = self.step.fields();
        let elsewhere = |name: &str| !here.contains(&name.split('.').next().unwrap_or_default());
        let kept = self.fields.iter().filter(|(name, _)| elsewhere(name));
        kept.map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    }

    /// The address of a step with everything chosen so far.
    pub fn link(&self, step: Step, more: &[(&str, &str)]) -> String {
        let fields = self.fields.iter();
        let mut pairs: Vec<(&str, &str)> = fields.map(|(n, v)| (n.as_str(), v.as_str())).collect();
        pairs.push(("step", step.word()));
        pairs.extend(more);
        links::with_query(links::BIND, &pairs)
    }

    /// The steps as the stepper shows them.
    pub fn stepper(&self) -> Vec<StepItem> {
        let link = |step| self.link(step, &[]);
        stepper(Position::from(self.step), &link)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::samples;

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        let pairs = pairs.iter();
        pairs
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    fn at(step: Step, pairs: &[(&str, &str)]) -> Bind {
        let (home, look) = (samples::home(), Look::default());
        bind(&home, step, fields(pairs), &look, &Acting::default())
    }

    #[test]
    fn a_step_that_lacks_something_is_shown_first() {
        let first = at(Step::Applications, &[]);
        assert_eq!(
            (first.step, first.errors.is_empty()),
            (Step::Applications, true)
        );
        let lacking = at(Step::Groups, &[]);
        assert_eq!(lacking.step, Step::Applications);
        assert_eq!(lacking.errors.of("applications").len(), 1);
        let second = at(Step::Groups, &[("applications.0", "jellyfin")]);
        assert_eq!(
            (second.step, second.errors.is_empty()),
            (Step::Groups, true)
        );
        let nobody = at(Step::People, &[("applications.0", "jellyfin")]);
        assert_eq!(nobody.step, Step::Groups);
        assert_eq!(nobody.errors.of("groups").len(), 1);
    }

    #[test]
    fn every_step_keeps_what_the_others_asked() {
        let pairs = [
            ("applications.1", "status"),
            ("groups.0", "kids"),
            ("negate", "on"),
            ("q", "not a field of the draft"),
        ];
        let last = at(Step::People, &pairs);
        assert_eq!(last.step, Step::People);
        assert_eq!(
            last.link(Step::Groups, &[]),
            "/access/bind?applications.1=status&groups.0=kids&negate=on&step=groups"
        );
        let middle = at(Step::Groups, &pairs);
        assert_eq!(
            middle.kept(),
            [("applications.1".to_owned(), "status".to_owned())]
        );
        assert!(middle.is_on("negate") && middle.is_on("enabled"));
        assert!(
            middle
                .groups
                .iter()
                .any(|it| it.label == "kids" && it.chosen)
        );
    }

    #[test]
    fn applications_say_who_gets_in_so_far() {
        let hints = at(Step::Applications, &[]).applications;
        let of = |slug: &str| {
            let found = hints.iter().find(|it| it.value == slug).unwrap();
            format!("{}{}", found.hint, found.warning)
        };
        assert_eq!(of("jellyfin"), "1 binding decides");
        assert_eq!(of("status"), "Open to everyone");
    }

    #[test]
    fn a_group_of_its_own_is_suggested_unless_there_is_one() {
        let pairs = [("applications.0", "jellyfin")];
        assert_eq!(
            at(Step::Groups, &pairs).suggestion.as_deref(),
            Some("jellyfin-users")
        );
        let mut home = samples::home();
        home.groups[0].name = "jellyfin-users".into();
        let look = Look::default();
        let bind = bind(
            &home,
            Step::Groups,
            fields(&pairs),
            &look,
            &Acting::default(),
        );
        assert_eq!(bind.suggestion, None);
    }
}
