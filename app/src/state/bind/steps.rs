//! Where in the guided group binding a person is, at a step that asks or at the change set behind it.

use setup::{access_change::AccessDraft, change::State};
use ui::{StepItem, StepState};

use super::{Step, chosen};
use crate::{
    links,
    state::{access_form::fields, access_task::Task},
};

/// Where in the guided group binding a person is: at a step that asks, or at the change set behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Position {
    /// At a step that asks.
    Asks(Step),
    /// The plan is read.
    Review,
    /// It is carried out.
    Apply,
    /// It was carried out.
    Done,
}

impl Position {
    const ALL: [Self; 6] = [
        Self::Asks(Step::Applications),
        Self::Asks(Step::Groups),
        Self::Asks(Step::People),
        Self::Review,
        Self::Apply,
        Self::Done,
    ];

    const fn label(self) -> &'static str {
        match self {
            Self::Asks(step) => step.label(),
            Self::Review => "Review",
            Self::Apply => "Apply",
            Self::Done => "Done",
        }
    }
}

impl From<Step> for Position {
    fn from(step: Step) -> Self {
        Self::Asks(step)
    }
}

impl From<State> for Position {
    fn from(state: State) -> Self {
        match state {
            State::Planned => Self::Review,
            State::Applied => Self::Done,
            State::Applying
            | State::FailedAndUndone
            | State::Interrupted
            | State::Undoing
            | State::Undone => Self::Apply,
        }
    }
}

/// The steps as the stepper shows them, with links back while nothing is written.
pub(super) fn stepper(current: Position, link: &dyn Fn(Step) -> String) -> Vec<StepItem> {
    let item = |position: Position| StepItem {
        label: position.label().to_owned(),
        href: match position {
            Position::Asks(step) if position < current && current < Position::Apply => {
                Some(link(step))
            }
            _ => None,
        },
        state: match position.cmp(&current) {
            std::cmp::Ordering::Equal => StepState::Current,
            std::cmp::Ordering::Greater => StepState::Todo,
            std::cmp::Ordering::Less => StepState::Done,
        },
    };
    Position::ALL.into_iter().map(item).collect()
}

/// The steps above a change set that came from here; nothing for others.
pub fn stepper_of(draft: &AccessDraft, state: State) -> Option<Vec<StepItem>> {
    if Task::of(draft) != Task::Bind {
        return None;
    }
    let fields = chosen(fields(draft));
    let link = |step: Step| {
        let mut pairs: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        pairs.push(("step", step.word()));
        links::with_query(links::BIND, &pairs)
    };
    Some(stepper(Position::from(state), &link))
}

#[cfg(test)]
mod tests {
    use setup::access_change::GroupBinding;

    use super::*;

    #[test]
    fn the_change_set_leads_back_to_its_steps_until_it_is_applied() {
        let draft = AccessDraft::GroupBinding(GroupBinding {
            applications: vec!["status".into()],
            groups: vec!["kids".into()],
            enabled: false,
            ..GroupBinding::default()
        });
        let review = stepper_of(&draft, State::Planned).unwrap();
        assert_eq!(review[3].state, StepState::Current);
        assert_eq!(
            review[1].href.as_deref(),
            Some(
                "/access/bind?applications.0=status&enabled=off&groups.0=kids&negate=off&step=groups"
            )
        );
        let done = stepper_of(&draft, State::Applied).unwrap();
        assert!(done.iter().all(|step| step.href.is_none()));
        assert_eq!(done[5].state, StepState::Current);
    }
}
